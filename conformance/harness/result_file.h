// The result of a run as one JSON object: written after a run, read back to compare two of them or to draw many. README.md lists the
// fields.
#ifndef CONFORMANCE_HARNESS_RESULT_FILE_H_
#define CONFORMANCE_HARNESS_RESULT_FILE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/ledger.h"
#include "conformance/harness/reproduce.h"

namespace mp::conformance {

// Everything about a run that its outcomes do not tell.
struct RunRecord {
  HowItRan how;
  std::vector<std::string> start_methods;
  std::vector<std::string> filters;  // as given; none: everything
  std::vector<std::string> tests;    // the exact selection: "queue_put_full.Waits/fork"
  std::string expected_failures;     // the file, "" if there was none
  int repeat = 1;
  int jobs = 1;
  std::string started;  // UTC, "2026-01-31T12:00:00Z"
  double seconds = 0;   // the whole run
};

std::string result_json(const Ledger& ledger, const RunRecord& record);

// What other commands need of a result.
struct Result {
  std::string test;
  std::string clause;
  std::string start_method;
  std::string verdict;
  std::string message;
  std::string profile{}, cause{}, reproduce{}, transcript{};
  std::string kind{}, reason{};  // of the line that expects the failure
  bool is_unexpected = false;
};

struct ResultFile {
  std::string path;
  std::string name;
  std::string version;
  std::vector<Result> results;
  std::string platform{}, started{};
  std::vector<std::string> start_methods{};
};

// Both throw CannotRun: it cannot be read, or is no result file.
ResultFile read_result_file(const std::string& path);
ResultFile parse_result_file(const std::string& path, std::string_view text);

// Both throw CannotRun if the file cannot be written. The second keeps what is in it.
void write_file(const std::string& path, std::string_view text);
void check_writable(const std::string& path);
bool is_same_file(const std::string& one, const std::string& other);  // also by another name, if it exists

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_RESULT_FILE_H_

// The command line: what it may say, and what it said. Its words are stable; see README.md.
#ifndef CONFORMANCE_HARNESS_OPTIONS_H_
#define CONFORMANCE_HARNESS_OPTIONS_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mp::conformance {

struct RunOptions {
  std::string testee;  // a command; "": the reference
  std::vector<std::string> start_methods;
  std::vector<std::string> filters;
  int jobs = 1;
  int repeat = 1;
  std::uint64_t seed = 1;
  std::string expected;
  std::string write_expected;
  std::string json;
  std::string junit;
  std::string html;
  double timeout_scale = 1.0;
  bool keep_going = false;
};

struct ListOptions {
  std::vector<std::string> filters;
  bool tests = false;
};

struct ExplainOptions {
  std::string clause;
};

struct CoverageOptions {};

struct MutantsOptions {
  std::vector<std::string> filters;
  int jobs = 1;
  std::uint64_t seed = 1;
  double timeout_scale = 1.0;
};

struct CompareOptions {
  std::string before;
  std::string after;
};

struct ReportOptions {
  std::vector<std::string> results;
  std::string html;
};

// There is nothing to do but to print this: help on standard output (status 0), or a complaint on standard error (2).
struct OnlyPrint {
  std::string text;
  int status = 0;
};

using Options = std::variant<OnlyPrint, RunOptions, ListOptions, ExplainOptions, CoverageOptions, MutantsOptions,
                             CompareOptions, ReportOptions>;

// The words of a command, with the name of the program in front.
Options parse_options(const std::vector<std::string>& words);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_OPTIONS_H_

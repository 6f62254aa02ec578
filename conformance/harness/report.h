#ifndef CONFORMANCE_HARNESS_REPORT_H_
#define CONFORMANCE_HARNESS_REPORT_H_

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>

#include "conformance/harness/ledger.h"
#include "conformance/harness/result_file.h"

namespace mp::conformance {

// How text looks where it goes to.
struct Paint {
  bool colours = false;
  bool live = false;  // a terminal: one line at the bottom tells how far the run is
  int width = 80;

  // As standard output is: colours and a live line on a terminal only, and no colours if NO_COLOR says so.
  static Paint of_standard_output();

  std::string bold(std::string_view text) const { return in("1", text); }
  std::string good(std::string_view text) const { return in("32", text); }
  std::string bad(std::string_view text) const { return in("31", text); }
  std::string doubtful(std::string_view text) const { return in("33", text); }
  std::string dim(std::string_view text) const { return in("2", text); }

 private:
  std::string in(std::string_view code, std::string_view text) const;
};

// Tells a person how a run goes and how it ended.
//
// Owns:    nothing; writes to the stream it was given.
// Shares:  nothing.
// Threads: one.
// Blocks:  as the stream does.
// Throws:  never.
class Report {
 public:
  Report(std::ostream& out, Paint paint, const RunRecord& record);

  void begin(const Implementation& implementation, std::size_t cases);
  void add(const Entry& entry);
  // `whole`: every test was run.
  void end(const Ledger& ledger, bool whole);

 private:
  using Clock = std::chrono::steady_clock;

  void show_progress(const Entry& entry);
  void clear_live_line();
  void write_failure(const Entry& entry);

  std::ostream& out_;
  const Paint paint_;
  const RunRecord& record_;
  std::size_t cases_ = 0;
  std::size_t done_ = 0;
  std::size_t unexpected_ = 0;
  std::size_t last_line_at_ = 0;  // of a log: how many were done when it was written
  Clock::time_point last_paint_;
  bool live_line_ = false;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_REPORT_H_

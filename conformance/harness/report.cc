#include "conformance/harness/report.h"

#include <algorithm>
#include <compare>
#include <cstdlib>
#include <iomanip>
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <vector>

#include "conformance/harness/plain_text.h"
#include "conformance/harness/this_process.h"

namespace mp::conformance {
namespace {

constexpr auto kVerdicts = {Verdict::kPass, Verdict::kFail, Verdict::kUnresolved, Verdict::kUnsupported,
                            Verdict::kUntested};
constexpr std::size_t kMostTranscript = 60;  // lines; the whole of it is in the result file

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void write_indented(std::ostream& out, std::string_view text, std::string_view margin) {
  for (const std::string& line : lines_of(text)) out << margin << harmless(line) << "\n";
}

std::string first_line(const Outcome& outcome) {
  const std::string line = harmless(outcome.message.substr(0, outcome.message.find('\n')));
  if (outcome.cause.empty()) return line;
  return outcome.cause + (line.empty() ? "" : ": " + line);
}

std::string shortened(std::string text, std::size_t width) {
  if (text.size() > width) text.resize(width > 3 ? width - 3 : 0), text += "...";
  return text;
}

std::string passes_of(const Entry& entry) {
  return std::to_string(entry.passes) + "/" + std::to_string(entry.runs) + " passed";
}

std::string line_of(const Expectation& line) {
  return line.where + " expects " + std::string(to_string(line.verdict)) + " \"" + line.symptom + "\" (" + line.kind +
         (line.address.empty() ? "" : " " + line.address) + ": " + line.reason + ")";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// "[fork, spawn]", in the order in which the testee names them.
std::string joined_in_order(const std::vector<std::string>& order, const std::set<std::string>& words) {
  std::vector<std::string> sorted;
  std::ranges::copy_if(order, std::back_inserter(sorted),
                       [&](const std::string& word) { return words.contains(word); });
  return "[" + joined(sorted) + "]";
}

std::string label_of(const Entry& entry, const Paint& paint) {
  if (entry.standing == Standing::kNoLongerHolds) return paint.bad("PASSED UNEXPECTEDLY");
  if (entry.outcome.verdict == Verdict::kFail) return paint.bad("FAIL");
  if (entry.outcome.verdict == Verdict::kUnresolved) return paint.doubtful("UNRESOLVED");
  return paint.doubtful("UNSUPPORTED");
}

void write_transcript(std::ostream& out, std::string_view transcript, const Paint& paint) {
  const std::vector<std::string> lines = lines_of(transcript);
  if (lines.empty()) return;
  out << "  transcript:\n";
  const std::size_t first = lines.size() > kMostTranscript ? lines.size() - kMostTranscript : 0;
  if (first > 0)
    out << paint.dim("    | ... " + std::to_string(first) + " lines before (all of them with --json)") << "\n";
  for (std::size_t i = first; i < lines.size(); ++i) out << paint.dim("    | " + harmless(lines[i])) << "\n";
}

void write_table(std::ostream& out, const Summary& summary) {
  out << std::left << std::setw(14) << "profile" << std::right;
  for (const Verdict verdict : kVerdicts) out << std::setw(13) << to_string(verdict);
  out << "\n";
  const auto row = [&](std::string_view name, const Tally& tally) {
    out << std::left << std::setw(14) << name << std::right;
    for (const Verdict verdict : kVerdicts) out << std::setw(13) << tally[verdict];
    out << "\n";
  };
  for (const auto& [profile, tally] : summary.by_profile) {
    if (profile != "robust") row(profile, tally);
  }
  if (const auto robust = summary.by_profile.find("robust"); robust != summary.by_profile.end())
    row("robust", robust->second);
  row("all", summary.all);
}

void write_scores(std::ostream& out, const Summary& summary) {
  const auto write = [&](std::string_view name, const Score& score) {
    if (score.judged > 0) out << name << score.kept << " of " << score.judged << " judged clauses kept\n";
  };
  write("By the book:   ", summary.by_the_book);
  write("Beyond it (robust, scored apart): ", summary.robust);
}

// "queue.put.full" and "queue_put_full.Waits": the clause's name is in the test's already.
std::string own_name(std::string_view test) { return std::string(test.substr(test.find('.') + 1)); }

// One line a test and way to go wrong, with the start methods that share it.
struct ListLine {
  std::string clause, test, verdict, what;
  auto operator<=>(const ListLine&) const = default;
};

ListLine list_line_of(const Entry& entry) {
  const Outcome& outcome = entry.outcome;
  std::string what = first_line(outcome);
  const bool of_line = entry.standing == Standing::kNoLongerHolds || entry.standing == Standing::kAnotherWay;
  if (of_line) what += (what.empty() ? "" : "\n      ") + line_of(*entry.line);
  const std::string passes = entry.runs > 1 ? "  " + passes_of(entry) : "";
  return {outcome.clause, own_name(outcome.test) + passes, std::string(to_string(outcome.verdict)), what};
}

void write_list(std::ostream& out, const std::string& title, const Ledger& ledger,
                const std::set<Standing>& standings) {
  std::map<ListLine, std::set<std::string>> methods_of;
  for (const Entry& entry : ledger.entries()) {
    if (standings.contains(entry.standing)) methods_of[list_line_of(entry)].insert(entry.outcome.start_method);
  }
  if (methods_of.empty()) return;
  out << "\n" << title << "\n";
  for (const auto& [line, methods] : methods_of) {
    out << "  " << std::left << std::setw(12) << line.verdict << line.clause << " "
        << joined_in_order(ledger.implementation().start_methods, methods) << "  " << line.test << "\n";
    if (!line.what.empty()) out << "      " << line.what << "\n";
  }
}

// Only a run of everything can tell that a line has nothing to speak of.
void write_idle_lines(std::ostream& out, const Ledger& ledger, const RunRecord& record) {
  const bool is_everything = record.filters.empty() && record.start_methods == ledger.implementation().start_methods;
  const std::vector<const Expectation*> idle = ledger.idle_lines();
  if (!is_everything || idle.empty()) return;
  out << "\nExpectations that speak of no test that ran:\n";
  for (const Expectation* line : idle) out << "  " << line_of(*line) << "\n";
}

void write_expected(std::ostream& out, const Ledger& ledger) {
  std::map<std::string, int> by_kind;
  for (const Entry& entry : ledger.entries()) {
    if (entry.standing == Standing::kExpectedFailure) ++by_kind[entry.line->kind];
  }
  if (by_kind.empty()) return;
  out << "Expected failures:";
  for (const auto& [kind, count] : by_kind) out << "  " << count << " " << kind;
  out << "\n";
}

}  // namespace

Paint Paint::of_standard_output() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool live = is_terminal();
  return {live && (no_color == nullptr || *no_color == '\0'), live, terminal_width()};
}

std::string Paint::in(std::string_view code, std::string_view text) const {
  if (!colours) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

Report::Report(std::ostream& out, Paint paint, const RunRecord& record) : out_(out), paint_(paint), record_(record) {}

void Report::begin(const Implementation& implementation, std::size_t cases) {
  cases_ = cases;
  out_ << paint_.bold(implementation.name + " " + implementation.version) << " on " << implementation.platform << ", "
       << counted(cases, "test") << " under " << joined(record_.start_methods) << ", " << record_.jobs
       << " at a time, seed " << record_.how.seed;
  if (record_.repeat > 1) out_ << ", each " << record_.repeat << " times";
  out_ << "\n" << std::flush;
}

void Report::add(const Entry& entry) {
  ++done_;
  unexpected_ += is_unexpected(entry.standing);
  if (is_unexpected(entry.standing) || entry.standing == Standing::kWarning) {
    clear_live_line();
    write_failure(entry);
  }
  show_progress(entry);
}

void Report::write_failure(const Entry& entry) {
  const Outcome& outcome = entry.outcome;
  out_ << "\n"
       << label_of(entry, paint_) << "  " << paint_.bold(outcome.clause) << " (" << spec::to_string(entry.clause->level)
       << ") [" << outcome.start_method << "]  " << outcome.test << "  " << std::fixed << std::setprecision(2)
       << outcome.seconds << " s" << std::defaultfloat;
  if (entry.runs > 1) out_ << "  " << passes_of(entry);
  out_ << "\n  " << entry.clause->statement << "\n  " << paint_.dim(std::string(entry.clause->source)) << "\n";
  if (entry.standing == Standing::kAnotherWay || entry.standing == Standing::kNoLongerHolds) {
    out_ << "  " << line_of(*entry.line) << "\n";
  }
  if (!outcome.cause.empty()) out_ << "  " << outcome.cause << ":\n";
  write_indented(out_, outcome.message, "    ");
  write_transcript(out_, outcome.transcript, paint_);
  out_ << "  reproduce: " << reproduce_command(record_.how.of_repetition(entry.worst), outcome) << "\n" << std::flush;
}

// A terminal gets one line that is written over and over; a log gets a line now and then.
void Report::show_progress(const Entry& entry) {
  const std::string progress = std::to_string(done_) + " of " + std::to_string(cases_) +
                               (unexpected_ > 0 ? ", " + std::to_string(unexpected_) + " not as expected" : "");
  if (paint_.live) {
    if (Clock::now() - last_paint_ < std::chrono::milliseconds(50) && done_ < cases_) return;
    last_paint_ = Clock::now();
    const std::string line = "[" + progress + "] " + entry.outcome.test + "/" + entry.outcome.start_method;
    out_ << "\r\x1b[K" << shortened(line, static_cast<std::size_t>(std::max(paint_.width - 1, 0))) << std::flush;
    live_line_ = true;
  } else if (done_ == cases_ || done_ - last_line_at_ >= std::max<std::size_t>(cases_ / 20, 1)) {
    last_line_at_ = done_;
    out_ << "  " << progress << "\n" << std::flush;
  }
}

void Report::clear_live_line() {
  if (live_line_) out_ << "\r\x1b[K";
  live_line_ = false;
}

void Report::end(const Ledger& ledger, bool whole) {
  clear_live_line();
  const Summary summary = ledger.summary();
  out_ << "\n";
  write_table(out_, summary);
  out_ << "\n";
  write_scores(out_, summary);
  write_expected(out_, ledger);
  write_list(out_, paint_.doubtful("Only recorded (may):"), ledger, {Standing::kRecorded});
  write_list(out_, paint_.doubtful("Warnings (should):"), ledger, {Standing::kWarning});
  if (whole) write_idle_lines(out_, ledger, record_);
  write_list(out_, paint_.bad("Expectations to revise:"), ledger, {Standing::kAnotherWay, Standing::kNoLongerHolds});
  write_list(out_, paint_.bad("Not as expected:"), ledger, {Standing::kUnexpected});
  const std::string result = !ledger.all_as_expected() ? paint_.bad("Not all is as expected.")
                             : whole                   ? paint_.good("All as expected.")
                                                       : paint_.doubtful("Not all tests were run.");
  out_ << "\n"
       << result << " " << done_ << " of " << counted(cases_, "test") << " in " << std::fixed << std::setprecision(1)
       << record_.seconds << " s\n"
       << std::defaultfloat << std::flush;
}

}  // namespace mp::conformance

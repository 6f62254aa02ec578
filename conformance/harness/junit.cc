#include "conformance/harness/junit.h"

#include <map>
#include <sstream>
#include <string_view>
#include <vector>

#include "conformance/harness/markup.h"

namespace mp::conformance {
namespace {

std::string first_line(const Outcome& outcome) {
  const std::string line = outcome.message.substr(0, outcome.message.find('\n'));
  return outcome.cause.empty() ? line : outcome.cause + ": " + line;
}

bool is_skipped(const Entry& entry) {
  return !is_unexpected(entry.standing) && entry.outcome.verdict != Verdict::kPass;
}

bool is_error(const Entry& entry) {
  return is_unexpected(entry.standing) && entry.outcome.verdict == Verdict::kUnresolved;
}

std::string why_skipped(const Entry& entry) {
  if (entry.line != nullptr && entry.standing == Standing::kExpectedFailure) {
    return "expected failure, " + entry.line->kind + (entry.line->address.empty() ? "" : " " + entry.line->address) +
           ": " + entry.line->reason;
  }
  return std::string(to_string(entry.outcome.verdict)) + ", " + first_line(entry.outcome);
}

void write_case(const Entry& entry, const HowItRan& how, std::ostream& out) {
  const Outcome& outcome = entry.outcome;
  out << "  <testcase classname=\"" << escaped(outcome.clause) << "\" name=\""
      << escaped(outcome.test + "/" + outcome.start_method) << "\" time=\"" << outcome.seconds << "\"";
  if (is_skipped(entry)) {
    out << ">\n    <skipped message=\"" << escaped(why_skipped(entry)) << "\"/>\n  </testcase>\n";
  } else if (is_unexpected(entry.standing)) {
    const std::string_view element = is_error(entry) ? "error" : "failure";
    out << ">\n    <" << element << " type=\"" << escaped(to_string(entry.standing)) << "\" message=\""
        << escaped(first_line(outcome)) << "\">"
        << escaped(std::string(entry.clause->statement) + "\n\n" + outcome.message + "\n\n" + outcome.transcript +
                   "\nReproduce: " + reproduce_command(how.of_repetition(entry.worst), outcome))
        << "</" << element << ">\n  </testcase>\n";
  } else {
    out << "/>\n";
  }
}

void write_suite(std::string_view profile, const std::vector<const Entry*>& entries, const HowItRan& how,
                 std::ostream& out) {
  int failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
  for (const Entry* entry : entries) {
    skipped += is_skipped(*entry);
    errors += is_error(*entry);
    failures += is_unexpected(entry->standing) && !is_error(*entry);
    seconds += entry->outcome.seconds;
  }
  out << " <testsuite name=\"" << escaped(profile) << "\" tests=\"" << entries.size() << "\" failures=\"" << failures
      << "\" errors=\"" << errors << "\" skipped=\"" << skipped << "\" time=\"" << seconds << "\">\n";
  for (const Entry* entry : entries) write_case(*entry, how, out);
  out << " </testsuite>\n";
}

}  // namespace

std::string junit_xml(const Ledger& ledger, const HowItRan& how) {
  std::map<std::string_view, std::vector<const Entry*>> by_profile;
  for (const Entry& entry : ledger.entries()) {
    if (entry.outcome.verdict != Verdict::kUntested) by_profile[entry.clause->profile].push_back(&entry);
  }
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\""
      << escaped(ledger.implementation().name + " " + ledger.implementation().version) << "\">\n";
  for (const auto& [profile, entries] : by_profile) write_suite(profile, entries, how, out);
  out << "</testsuites>\n";
  return out.str();
}

}  // namespace mp::conformance

#include "conformance/harness/result_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/path_text.h"

namespace mp::conformance {
namespace {

using Json = nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::kPass, Verdict::kFail, Verdict::kUnresolved, Verdict::kUnsupported,
                                 Verdict::kUntested};

Json json_of(const Implementation& implementation) {
  return {{"name", implementation.name},         {"version", implementation.version},
          {"platform", implementation.platform}, {"language", implementation.language},
          {"edition", implementation.edition},   {"start_methods", implementation.start_methods},
          {"profiles", implementation.profiles}, {"features", implementation.features}};
}

Json json_of(const RunRecord& record) {
  return {{"testee", record.how.command},
          {"seed", record.how.seed},
          {"timeout_scale", record.how.timeout_scale},
          {"start_methods", record.start_methods},
          {"filters", record.filters},
          {"repeat", record.repeat},
          {"jobs", record.jobs},
          {"expected_failures", record.expected_failures},
          {"started", record.started},
          {"seconds", record.seconds},
          {"selected", record.tests}};
}

Json json_of(const Expectation& line) {
  return {{"where", line.where}, {"class", line.kind}, {"address", line.address}, {"reason", line.reason}};
}

Json json_of(const Entry& entry, const HowItRan& how) {
  const Outcome& outcome = entry.outcome;
  Json result = {{"test", outcome.test},
                 {"clause", outcome.clause},
                 {"level", spec::to_string(entry.clause->level)},
                 {"profile", entry.clause->profile},
                 {"start_method", outcome.start_method},
                 {"verdict", to_string(outcome.verdict)},
                 {"expected", !is_unexpected(entry.standing)},
                 {"standing", to_string(entry.standing)},
                 {"cause", outcome.cause},
                 {"seconds", outcome.seconds},
                 {"message", outcome.message},
                 {"reproduce", entry.runs > 0 ? reproduce_command(how.of_repetition(entry.worst), outcome) : ""},
                 {"runs", entry.runs},
                 {"passes", entry.passes}};
  if (!outcome.transcript.empty()) result["transcript"] = outcome.transcript;
  if (entry.line != nullptr) result["expectation"] = json_of(*entry.line);
  return result;
}

Json json_of(const Tally& tally) {
  Json counts = Json::object();
  for (const Verdict verdict : kVerdicts) {
    counts[std::string(to_string(verdict))] = tally[verdict];
  }
  return counts;
}

Json json_of(const Summary& summary) {
  Json json = json_of(summary.all);
  json["profiles"] = Json::object();
  for (const auto& [profile, tally] : summary.by_profile) json["profiles"][profile] = json_of(tally);
  json["by_the_book"] = {{"judged", summary.by_the_book.judged}, {"kept", summary.by_the_book.kept}};
  json["robust"] = {{"judged", summary.robust.judged}, {"kept", summary.robust.kept}};
  return json;
}

// One, unless the system changed its mind during the run.
std::set<std::string> isolations_of(const Ledger& ledger) {
  std::set<std::string> isolations;
  for (const Entry& entry : ledger.entries()) {
    if (!entry.outcome.isolation.empty()) isolations.insert(entry.outcome.isolation);
  }
  return isolations;
}

Result result_of(const Json& json) {
  const Json expectation = json.value("expectation", Json::object());
  return {.test = json.at("test"),
          .clause = json.at("clause"),
          .start_method = json.at("start_method"),
          .verdict = json.at("verdict"),
          .message = json.value("message", ""),
          .profile = json.value("profile", ""),
          .cause = json.value("cause", ""),
          .reproduce = json.value("reproduce", ""),
          .transcript = json.value("transcript", ""),
          .kind = expectation.value("class", ""),
          .reason = expectation.value("reason", ""),
          .is_unexpected = !json.value("expected", true)};
}

void check_verdict(const std::string& path, const std::string& verdict) {
  if (std::ranges::any_of(kVerdicts, [&](Verdict known) { return to_string(known) == verdict; })) return;
  throw CannotRun(path + " is not a result file: \"" + verdict +
                  "\" is no verdict; give one that \"run --json FILE\" wrote");
}

ResultFile result_file_of(const std::string& path, const Json& whole) {
  const Json& implementation = whole.at("implementation");
  const Json run = whole.value("run", Json::object());
  ResultFile read{.path = path,
                  .name = implementation.at("name"),
                  .version = implementation.at("version"),
                  .results = {},
                  .platform = implementation.value("platform", ""),
                  .started = run.value("started", ""),
                  .start_methods = run.value("start_methods", std::vector<std::string>())};
  for (const Json& result : whole.at("results")) {
    read.results.push_back(result_of(result));
    check_verdict(path, read.results.back().verdict);
  }
  return read;
}

CannotRun not_writable(const std::string& path) {
  return CannotRun("the file " + path +
                   " cannot be written: check that its folder exists and has room, and may be written to");
}

}  // namespace

std::string result_json(const Ledger& ledger, const RunRecord& record) {
  Json run = json_of(record);
  run["isolation"] = isolations_of(ledger);
  Json results = Json::array();
  for (const Entry& entry : ledger.entries()) results.push_back(json_of(entry, record.how));
  const Json whole = {{"implementation", json_of(ledger.implementation())},
                      {"suite", {{"clauses", spec::all_clauses().size()}}},
                      {"run", std::move(run)},
                      {"results", std::move(results)},
                      {"summary", json_of(ledger.summary())}};
  // What a testee says may be any bytes; a result file is UTF-8 all the same.
  return whole.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

ResultFile read_result_file(const std::string& path) {
  std::ifstream file(path_of(path));
  std::error_code ignored;
  const bool is_readable = file && !std::filesystem::is_directory(path_of(path), ignored);
  if (!is_readable || file.peek() == std::ifstream::traits_type::eof()) {
    throw CannotRun("the result file " + path +
                    (is_readable ? " is empty; was its run interrupted?" : " cannot be read") +
                    ": give a file that \"run --json FILE\" wrote");
  }
  return parse_result_file(path, std::string(std::istreambuf_iterator<char>(file), {}));
}

ResultFile parse_result_file(const std::string& path, std::string_view text) {
  try {
    return result_file_of(path, Json::parse(text));
  } catch (const Json::exception& error) {
    throw CannotRun(path + " is not a result file: give one that \"run --json FILE\" wrote (" + error.what() + ")");
  }
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream file(path_of(path), std::ios::binary);
  if (!(file << text) || !file.flush()) throw not_writable(path);
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code ignored;
  return path_of(one).lexically_normal() == path_of(other).lexically_normal() ||
         std::filesystem::equivalent(path_of(one), path_of(other), ignored);
}

void check_writable(const std::string& path) {
  if (!std::ofstream(path_of(path), std::ios::app)) throw not_writable(path);
}

}  // namespace mp::conformance

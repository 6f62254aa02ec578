#include "conformance/harness/job.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mp::conformance {
namespace {

using Json = nlohmann::json;

// Bytes that are not UTF-8 (a testee may say anything) are replaced.
std::string line_of(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Verdict verdict_of(std::string_view word) {
  for (const Verdict verdict : {Verdict::kPass, Verdict::kFail, Verdict::kUnresolved, Verdict::kUnsupported}) {
    if (to_string(verdict) == word) return verdict;
  }
  throw std::runtime_error("no verdict: " + std::string(word));
}

}  // namespace

std::string line_of(const Job& job) {
  return line_of(Json{{"test", job.test},
                      {"clause", job.clause},
                      {"start_method", job.start_method},
                      {"command", job.settings.command},
                      {"seed", job.settings.seed},
                      {"timeout_scale", job.settings.timeout_scale},
                      {"keep_going", job.settings.keep_going}});
}

Job job_of(std::string_view line) {
  const Json json = Json::parse(line);
  Job job{json.at("test"), json.at("clause"), json.at("start_method"), {}};
  job.settings.command = json.at("command").get<std::vector<std::string>>();
  job.settings.seed = json.at("seed");
  job.settings.timeout_scale = json.at("timeout_scale");
  job.settings.keep_going = json.at("keep_going");
  return job;
}

std::string line_of(const Outcome& outcome) {
  return line_of(Json{{"test", outcome.test},
                      {"clause", outcome.clause},
                      {"start_method", outcome.start_method},
                      {"verdict", to_string(outcome.verdict)},
                      {"cause", outcome.cause},
                      {"message", outcome.message},
                      {"transcript", outcome.transcript},
                      {"seconds", outcome.seconds},
                      {"isolation", outcome.isolation}});
}

Outcome outcome_of(std::string_view line) {
  const Json json = Json::parse(line);
  Outcome outcome;
  outcome.test = json.at("test");
  outcome.clause = json.at("clause");
  outcome.start_method = json.at("start_method");
  outcome.verdict = verdict_of(json.at("verdict").get<std::string>());
  outcome.cause = json.at("cause");
  outcome.message = json.at("message");
  outcome.transcript = json.at("transcript");
  outcome.seconds = json.at("seconds");
  outcome.isolation = json.at("isolation");
  return outcome;
}

}  // namespace mp::conformance

#include "conformance/harness/transcript.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "conformance/harness/actor.h"

namespace mp::conformance {
namespace {

constexpr const char* kOutside = "outside";  // is no verb of the protocol

std::string line_of(const Exchange& exchange, Clock::time_point begun) {
  const std::string who = exchange.actor->name() + (exchange.thread.empty() ? "" : "/" + exchange.thread);
  char head[64], took[32] = "";
  std::snprintf(head, sizeof head, "%9.6f  %-8s ", std::chrono::duration<double>(exchange.begun - begun).count(), who.c_str());
  if (exchange.verb == kOutside) return head + ("# " + exchange.call) + "\n";
  if (!exchange.answer) {
    return head + exchange.call + "  # no answer" + (exchange.lost.empty() ? "" : ": " + exchange.lost) + "\n";
  }
  std::snprintf(took, sizeof took, "%.6f s", exchange.answer->seconds);
  if (exchange.verb == "make" && std::holds_alternative<Value>(exchange.answer->result)) {
    return head + text_of(exchange) + " = " + exchange.call + "  # " + took + "\n";
  }
  return head + exchange.call + "  # " + text_of(exchange) + ", " + took + "\n";
}

std::string printed_batch(const Request& batch, const Objects& objects) {
  constexpr std::size_t kShown = 4;
  std::string text = "batch of ";
  for (std::size_t i = 0; i < batch.calls.size(); ++i) {
    if (i == kShown && batch.calls.size() > kShown + 1) {
      text += "; ... " + std::to_string(batch.calls.size() - kShown) + " more";
      break;
    }
    text += (i == 0 ? "" : "; ") + printed_call(batch.calls[i], objects);
  }
  return text + (batch.repeat == 1 ? "" : ", " + std::to_string(batch.repeat) + " times");
}

}  // namespace

std::shared_ptr<Exchange> act_from_outside(Actor& actor, std::string what) {
  auto act = std::make_shared<Exchange>();
  act->actor = &actor;
  act->verb = kOutside;
  act->call = std::move(what);
  act->begun = Clock::now();
  return act;
}

std::string printed_call(const Request& request, const Objects& objects) {
  const std::string on = request.on ? objects.named(*request.on) + "." : "";
  if (request.verb == "get") return on + request.name;
  if (request.verb == "set") return on + request.name + " = " + objects.named(request.value);
  if (request.verb == "drop") return "del " + objects.named(*request.on);
  if (request.verb == "sleep") return "time.sleep(" + printed(Value(request.seconds)) + ")";
  if (request.verb == "bye") return "bye " + request.exit.how + " " + objects.named(request.exit.value);
  if (request.verb == "batch") return printed_batch(request, objects);
  std::string arguments;
  const auto add = [&](const std::string& text) { arguments += (arguments.empty() ? "" : ", ") + text; };
  for (const Value& arg : request.args) add(objects.named(arg));
  for (const auto& [name, value] : request.kwargs.items) add(name + "=" + objects.named(value));
  return on + request.name + "(" + arguments + ")";
}

std::string transcript_of(const std::vector<std::shared_ptr<Exchange>>& exchanges, Clock::time_point begun) {
  constexpr std::size_t kHead = 100, kTail = 300;
  std::string text;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    if (i == kHead && exchanges.size() > kHead + kTail) {
      i = exchanges.size() - kTail;
      text += "... " + std::to_string(i - kHead) + " calls are left out ...\n";
    }
    text += line_of(*exchanges[i], begun);
  }
  return text;
}

}  // namespace mp::conformance

#include "conformance/adapters/cpp/session.h"

#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "conformance/adapters/cpp/kit.h"
#include "conformance/adapters/cpp/own_process.h"

namespace mp::conformance {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is not set: this program is started by `conform run --testee`");
  }
  return value;
}

Answer complaint(std::string text) {
  Answer answer;
  answer.result = Error{{"ProtocolError", "Exception"}, std::move(text), {}};
  answer.at = seconds(Clock::now().time_since_epoch());
  return answer;
}

}  // namespace

Session::Session(const Adapter& adapter) : adapter_(adapter), line_(Line::connect(environment("CONFORM_ADDRESS"))) {
  close_in_copies(line_);
}

Session::~Session() { forget_in_copies(line_); }

void Session::say(Hello hello) {
  hello.token = environment("CONFORM_TOKEN");
  write(encode(hello));
}

Exit Session::run(Handles* returned) {
  for (;;) {
    std::optional<Request> request = read();
    if (!request) continue;
    if (request->verb == "bye") {
      Answer answer;
      answer.id = request->id;
      answer.at = seconds(Clock::now().time_since_epoch());
      write(encode(answer));
      if (const Handle* object = request->exit.value.as<Handle>(); object != nullptr && returned != nullptr) {
        request->exit.value = returned->keep(handles_.find(*object));
      }
      line_.close();
      if (request->exit.how != "quit" && request->exit.how != "signal") handles_.clear();
      return request->exit;
    }
    if (request->thread.empty()) {
      write(encode(answer(*request)));
    } else {
      hand_over(std::move(*request));
    }
  }
}

// Nothing: what came was no request, and has been answered.
std::optional<Request> Session::read() {
  const std::optional<std::string> line = line_.read();
  if (!line) std::_Exit(1);
  try {
    return parse_request(*line);
  } catch (const Malformed& malformed) {
    Answer answer = complaint(malformed.what());
    answer.id = id_of(*line);
    write(answer.id != 0 ? encode(answer) : "{\"id\":null," + encode(answer).substr(1));
    return std::nullopt;
  }
}

void Session::write(const std::string& text) {
  if (!line_.write(text)) std::_Exit(1);
}

void Session::hand_over(Request request) {
  std::unique_ptr<Lane>& lane = lanes_[request.thread];
  if (lane == nullptr) {
    lane = std::make_unique<Lane>();
    std::thread([self = shared_from_this(), lane = lane.get()] { self->serve_lane(*lane); }).detach();
  }
  {
    const std::lock_guard lock(lane->mutex);
    lane->requests.push_back(std::move(request));
  }
  lane->filled.notify_one();
}

void Session::serve_lane(Lane& lane) {
  for (;;) {
    std::unique_lock lock(lane.mutex);
    lane.filled.wait(lock, [&] { return !lane.requests.empty(); });
    const Request request = std::move(lane.requests.front());
    lane.requests.pop_front();
    lock.unlock();
    // After bye the line is closed, and this answer is nobody's business; the process is about to end as bye said.
    line_.write(encode(answer(request)));
  }
}

Answer Session::answer(const Request& request) {
  Answer answer;
  answer.id = request.id;
  const Clock::time_point begin = Clock::now();
  answer.result = result(request);
  answer.seconds = seconds(Clock::now() - begin);
  answer.at = seconds(begin.time_since_epoch());
  return answer;
}

std::variant<Value, Error, Unsupported, Batch> Session::result(const Request& request) {
  try {
    if (request.verb == "batch") return batch(request);
    return perform(request);
  } catch (const NotOffered& missing) {
    return Unsupported{missing.what};
  } catch (const Raised& raised) {
    return raised.error;
  } catch (const std::exception& error) {
    return adapter_.implementer().error(error);
  } catch (...) {
    return Error{{"Exception"}, "an error that is no std::exception", {}};
  }
}

Value Session::perform(const Request& request) {
  const auto on = [&] { return request.on ? *request.on : (protocol_error(request.verb + " needs the field on"), Handle()); };
  for (const auto& [verb, field] : {std::pair("make", "class"), {"call", "method"}, {"get", "name"}, {"set", "name"}}) {
    if (request.verb == verb && request.name.empty()) protocol_error(request.verb + " needs the field " + field);
  }
  if (request.verb == "make") return adapter_.make_object(request.name, request.args, request.kwargs, handles_);
  if (request.verb == "call" && request.on) {
    return adapter_.call_method(*request.on, request.name, request.args, request.kwargs, handles_);
  }
  if (request.verb == "call") return adapter_.call_function(request.name, request.args, request.kwargs, handles_);
  if (request.verb == "get") return adapter_.access(on(), request.name, nullptr, handles_);
  if (request.verb == "set") return adapter_.access(on(), request.name, &request.value, handles_);
  if (request.verb == "drop") {
    handles_.drop(on());
  } else if (request.verb == "sleep") {
    std::this_thread::sleep_for(std::chrono::duration<double>(request.seconds));
  } else {
    protocol_error("unknown verb " + request.verb);
  }
  return None;
}

Batch Session::batch(const Request& request) {
  Batch batch;
  for (const Request& call : request.calls) {
    if (call.verb == "batch" || call.verb == "bye" || !call.thread.empty()) {
      protocol_error("a batch holds neither batch nor bye nor threads");
    }
  }
  for (std::int64_t round = 0; round < request.repeat; ++round) {
    for (const Request& call : request.calls) batch.answers.push_back(answer(call));
  }
  return batch;
}

}  // namespace mp::conformance

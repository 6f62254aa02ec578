#include "conformance/harness/testee.h"

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <cctype>
#include <random>
#include <set>

#include "conformance/protocol/line.h"

namespace mp::conformance {

namespace asio = boost::asio;
using asio::ip::tcp;

// A line of the testee, before and after its hello.
struct Connection {
  explicit Connection(tcp::socket socket) : socket(std::move(socket)) {}
  tcp::socket socket;
  std::array<char, 1 << 16> buffer;
  LineSplitter splitter;
  Actor* actor = nullptr;  // none: it has not said hello
  std::string outgoing, being_sent;
};

struct Testee::Lines {
  asio::io_context io{1};
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::vector<std::shared_ptr<Connection>> connections;

  // Requests are queued, so that a testee which does not read cannot stop the runner.
  void write(const std::shared_ptr<Connection>& connection, const std::string& line) {
    connection->outgoing += line + "\n";
    if (connection->being_sent.empty()) flush(connection);
  }

 private:
  void flush(const std::shared_ptr<Connection>& connection) {
    connection->being_sent = std::exchange(connection->outgoing, "");
    asio::async_write(connection->socket, asio::buffer(connection->being_sent), [this, connection](auto error, std::size_t) {
      connection->being_sent.clear();
      if (!error && !connection->outgoing.empty()) flush(connection);  // an error is seen by the reader, too
    });
  }
};

namespace {

std::string random_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 16; ++i) token += "0123456789abcdef"[random() % 16];
  return token;
}

std::string seconds_text(Clock::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f s", std::chrono::duration<double>(time).count());
  return text;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Replaces every handle in a value, to any depth.
void replace_handles(Value& value, const std::function<Value(Handle)>& replace);
void replace_handles(Values& items, const std::function<Value(Handle)>& replace) {
  for (Value& item : items) replace_handles(item, replace);
}
void replace_handles(Value& value, const std::function<Value(Handle)>& replace) {
  if (const auto* handle = value.as<Handle>()) {
    value = replace(*handle);
  } else if (auto* list = value.as<List>()) {
    replace_handles(list->items, replace);
  } else if (auto* tuple = value.as<Tuple>()) {
    replace_handles(tuple->items, replace);
  } else if (auto* set = value.as<Set>()) {
    replace_handles(set->items, replace);
  } else if (auto* dict = value.as<Dict>()) {
    for (auto& [key, item] : dict->items) replace_handles(key, replace), replace_handles(item, replace);
  }
}

const Values* items_of(const Value& value) {
  if (const auto* list = value.as<List>()) return &list->items;
  if (const auto* tuple = value.as<Tuple>()) return &tuple->items;
  return nullptr;
}

}  // namespace

Testee::Limits Testee::limits() {
  Limits limits;
  limits.answer *= settings().timeout_scale;
  limits.test *= settings().timeout_scale;
  return limits;
}

Testee::Testee(const Settings& settings, const std::string& start_method)
    : lines_(std::make_unique<Lines>()), token_(random_token()), patience_(begun_ + in_clock(limits().test)) {
  actors_.push_back(std::make_unique<Actor>(*this, "main", Ref()));
  accept();
  const auto port = lines_->acceptor.local_endpoint().port();
  launcher_.start(settings.command, {{"CONFORM_ADDRESS", "127.0.0.1:" + std::to_string(port)},
                                     {"CONFORM_TOKEN", token_},
                                     {"CONFORM_START_METHOD", start_method},
                                     {"CONFORM_SEED", std::to_string(settings.seed)}});
}

Testee::~Testee() = default;

bool Testee::has_feature(const std::string& feature) const {
  return std::ranges::find(implementation_.features, feature) != implementation_.features.end();
}

// ---- lines

void Testee::accept() {
  lines_->acceptor.async_accept([this](auto error, tcp::socket socket) {
    if (!error) {
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      lines_->connections.push_back(std::make_shared<Connection>(std::move(socket)));
      read(lines_->connections.back());
    }
    accept();
  });
}

void Testee::read(const std::shared_ptr<Connection>& connection) {
  connection->socket.async_read_some(asio::buffer(connection->buffer), [this, connection](auto error, std::size_t count) {
    if (error) return lose(connection);
    try {
      connection->splitter.feed({connection->buffer.data(), count});
      while (const auto line = connection->splitter.next()) take_line(connection, *line);
    } catch (const LineTooLong&) {
      return note_breach("flood", "a line of text longer than 64 MiB from " + (connection->actor ? connection->actor->name_ : "a new line"));
    }
    read(connection);
  });
}

void Testee::take_line(const std::shared_ptr<Connection>& connection, const std::string& line) {
  try {
    if (connection->actor != nullptr) {
      take_answer(*connection->actor, line);
    } else {
      take_hello(connection, line);
    }
  } catch (const Malformed& error) {
    note_breach("garbage", std::string(connection->actor ? connection->actor->name_ : "a new line") + " wrote " +
                          printed(Value(line)) + ": " + error.what());
  }
}

void Testee::take_hello(const std::shared_ptr<Connection>& connection, const std::string& line) {
  const Hello hello = parse_hello(line);
  boost::system::error_code ignored;
  const auto refuse = [&](const std::string& why) {
    connection->socket.close(ignored);
    note_breach("liar", "the hello of process " + std::to_string(hello.pid) + " (" + hello.role + ") " + why);
  };
  if (hello.token != token_) return refuse("has the wrong token");
  if (hello.protocol != kProtocolVersion) return refuse("is of protocol " + std::to_string(hello.protocol) + ", not of 1");
  const std::string name = hello.role == "main" ? "main" : hello.actor;
  const auto found = std::ranges::find_if(actors_, [&](const auto& actor) { return actor->name_ == name; });
  if (found == actors_.end()) return refuse("is of an actor that was never made: '" + name + "'");
  Actor& actor = **found;
  if (actor.connection_) return refuse("is the second of '" + name + "'");
  if (hello.role == "child" && name == "main") return refuse("is of a child that calls itself main");
  actor.connection_ = connection;
  actor.pid_ = hello.pid;
  actor.host_pid_ = hello.host_pid != 0 ? hello.host_pid : hello.pid;
  connection->actor = &actor;
  if (hello.role == "main") {
    implementation_ = hello.implementation;
  } else {
    adopt_args(actor, hello);
  }
  if (ended_) begin_bye(actor, {});  // started by the test, but not awaited
}

void Testee::take_answer(Actor& actor, const std::string& line) {
  Answer answer = parse_answer(line);
  const auto found = actor.open_.find(answer.id);
  if (found == actor.open_.end()) {
    const bool was_asked = answer.id > 0 && answer.id < actor.next_id_;
    return was_asked ? note_breach("double reply", actor.name_ + " answered request " + std::to_string(answer.id) + " twice")
                     : note_breach("liar", actor.name_ + " answered request " + std::to_string(answer.id) + ", which was never sent");
  }
  const std::shared_ptr<Exchange> exchange = found->second;
  actor.open_.erase(found);
  if (exchange->verb == "batch" && exchange->steps == 0) answer.result = Batch();
  auto* batch = std::get_if<Batch>(&answer.result);
  const bool is_value = std::holds_alternative<Value>(answer.result);
  if (exchange->verb == "batch" ? is_value || (batch && batch->answers.size() != exchange->steps) : batch != nullptr) {
    throw Malformed("a batch has one answer for each step, everything else has no list of answers");
  }
  if (auto* value = std::get_if<Value>(&answer.result)) *value = from_actor(actor, std::move(*value), exchange->call);
  if (batch != nullptr) {
    for (Answer& one : batch->answers) {
      if (auto* value = std::get_if<Value>(&one.result)) *value = from_actor(actor, std::move(*value), "object");
    }
  }
  if (!exchange->lost.empty()) return;  // given up before
  exchange->answer = std::move(answer);
  exchange->ended = Clock::now();
}

void Testee::lose(const std::shared_ptr<Connection>& connection) {
  boost::system::error_code ignored;
  connection->socket.close(ignored);
  if (connection->actor == nullptr) return;
  Actor& actor = *connection->actor;
  actor.is_closed_ = true;
  const char* ending = actor.is_leaving_ ? "killed" : "crash";
  for (auto& [id, exchange] : actor.open_) {
    if (exchange->lost.empty()) exchange->lost = connection->splitter.unfinished() > 0 ? "cut reply" : ending;
    exchange->ended = Clock::now();
  }
  actor.open_.clear();
}

void Testee::note_breach(const std::string& cause, const std::string& message) {
  if (!breach_) breach_ = Unresolved(cause, "the testee breaks the protocol: " + message);
}

bool Testee::wait(const std::function<bool()>& done, Clock::time_point until) {
  until = std::min(until, patience_);
  for (;;) {
    if (breach_) throw *breach_;
    if (done()) return true;
    if (Clock::now() >= until) return false;
    lines_->io.run_one_until(until);
  }
}

void Testee::pass(std::chrono::duration<double> time) {
  wait([] { return false; }, Clock::now() + in_clock(time));
}

// ---- processes

void Testee::await_main() {
  const auto limit = Clock::now() + in_clock(limits().answer);
  const auto is_here = [this] { return main().connection_ != nullptr; };
  while (!wait(is_here, Clock::now() + std::chrono::milliseconds(50))) {
    if (launcher_.has_ended(launcher_.main_pid()) && !wait(is_here, Clock::now() + std::chrono::milliseconds(50))) {
      throw Unresolved("crash", "the main process of the testee ended before its hello");
    }
    if (Clock::now() >= limit) throw Unresolved("mute", "the main process of the testee did not say hello");
  }
}

Actor& Testee::make_process(Values args, const ProcessOptions& options, const Name& place) {
  const std::string name = "a" + std::to_string(actors_.size());
  Actor& parent = options.parent != nullptr ? *options.parent : main();
  const bool is_class = options.class_name != "Process";
  Values words = args;
  words.insert(words.begin(), Value(name));
  Name class_name = place;
  class_name.text = options.class_name;
  Step step = options.context ? Step::call(*options.context, class_name) : Step::make(class_name);
  if (is_class) {
    step.request.args = words;
  } else {
    auto& kwargs = step.request.kwargs.items;
    kwargs = {{"target", Function{"serve"}}, {"args", Tuple::of(words)}};
    if (!options.name.empty()) kwargs.emplace_back("name", options.name);
    if (options.daemon) kwargs.emplace_back("daemon", *options.daemon);
    if (!options.kwargs.items.empty()) {
      Dict dict;
      for (const auto& [key, value] : options.kwargs.items) dict.items.emplace_back(key, value);
      kwargs.emplace_back("kwargs", std::move(dict));
    }
  }
  const Ref process = parent.ask(std::move(step));
  if (is_class && !options.name.empty()) parent.set(process, "name", options.name);
  if (is_class && options.daemon) parent.set(process, "daemon", *options.daemon);
  actors_.push_back(std::make_unique<Actor>(*this, name, process));
  sent_args_[actors_.back().get()] = std::move(args);
  return *actors_.back();
}

Actor& Testee::expect_actor() {
  actors_.push_back(std::make_unique<Actor>(*this, "a" + std::to_string(actors_.size()), Ref()));
  return *actors_.back();
}

bool Testee::await_hello(Actor& actor) {
  return wait_for_limit([&] { return actor.connection_ != nullptr; });
}

void Testee::kill(Actor& actor, int signal) {
  check();
  if (actor.pid_ <= 0) throw Unresolved("mute", "process '" + actor.name_ + "' was to be killed, but has not said hello");
  force();
  actor.is_leaving_ = true;
  if (!launcher_.kill(actor.host_pid_, signal)) {
    throw Unresolved("crash", "process '" + actor.name_ + "' was to be killed, but has already gone");
  }
}

// The system stops the threads of a process one after the other.
void Testee::pause(Actor& actor) {
  check();
  const auto stands = [](const Launcher::Thread& thread) { return thread.state == 'T'; };
  const auto limit = Clock::now() + in_clock(limits().answer);
  bool is_there = launcher_.pause(actor.host_pid_);
  while (is_there && Clock::now() < limit) {
    const auto threads = launcher_.look(actor.host_pid_);
    if (!threads.empty() && std::ranges::all_of(threads, stands)) return;
    is_there = !threads.empty();
    pass(std::chrono::milliseconds(1));
  }
  throw Unresolved(is_there ? "not reached" : "crash", "process '" + actor.name_ + "' was to stand still, but " +
                                                           (is_there ? "goes on" : "has already gone"));
}

void Testee::resume(Actor& actor) {
  check();
  if (!launcher_.resume(actor.host_pid_)) {
    throw Unresolved("crash", "process '" + actor.name_ + "' was to go on, but has already gone");
  }
}

bool Testee::is_asleep(Actor& actor) {
  return std::ranges::none_of(launcher_.look(actor.host_pid_), [](const auto& thread) { return thread.state == 'R'; });
}

// ---- steps

Pending Testee::begin(Actor& actor, const std::string& thread, Step step) {
  check();
  if (!actor.connection_) throw Unresolved("mute", step.place + ": process '" + actor.name_ + "' has not said hello");
  auto exchange = std::make_shared<Exchange>();
  exchange->testee = this;
  exchange->actor = &actor;
  exchange->thread = thread;
  exchange->verb = step.request.verb;
  exchange->steps = step.request.calls.size() * static_cast<std::size_t>(step.request.repeat);
  exchange->call = printed_call(step.request);
  exchange->place = step.place;
  exchange->begun = Clock::now();
  exchanges_.push_back(exchange);
  if (actor.is_closed_) {
    exchange->lost = actor.is_leaving_ ? "killed" : "crash";
    exchange->ended = exchange->begun;
    return Pending(exchange);
  }
  step.request.thread = thread;
  step.request.id = actor.next_id_++;
  actor.open_[step.request.id] = exchange;
  send(actor, step.request);
  return Pending(exchange);
}

void Testee::send(Actor& actor, const Request& request) {
  Request sent = request;
  const auto replace = [&](Request& one) {
    if (one.on) one.on = *to_actor(actor, *one.on).as<Handle>();
    for (Value& value : one.args) value = to_actor(actor, std::move(value));
    for (auto& [name, value] : one.kwargs.items) value = to_actor(actor, std::move(value));
    one.value = to_actor(actor, std::move(one.value));
    one.exit.value = to_actor(actor, std::move(one.exit.value));
  };
  replace(sent);
  for (Request& call : sent.calls) replace(call);
  lines_->write(actor.connection_, encode(sent));
  if (sent.verb != "drop") return;
  actor.ref_of_handle_.erase(sent.on->number);
  actor.handle_of_ref_.erase(request.on->number);
}

void Testee::await(Exchange& exchange) {
  if (wait_for_limit([&] { return exchange.is_closed(); })) return;
  exchange.details = forensics();
  exchange.lost = "hang";
  exchange.ended = Clock::now();
}

// ---- objects

Value Testee::to_actor(const Actor& actor, Value value) const {
  replace_handles(value, [&](Handle ref) -> Value {
    const auto found = actor.handle_of_ref_.find(ref.number);
    if (found != actor.handle_of_ref_.end()) return Handle{found->second};
    throw Unresolved("not given", "process '" + actor.name_ + "' does not have " + named(ref));
  });
  return value;
}

Value Testee::from_actor(Actor& actor, Value value, const std::string& hint) {
  replace_handles(value, [&](Handle handle) -> Value { return know(actor, handle.number, hint); });
  return value;
}

// The hint is the call that gave the object: "Queue(1)", "manager1.list()"; it becomes "queue1", "list1".
Ref Testee::know(Actor& actor, std::uint64_t handle, const std::string& hint) {
  if (const auto found = actor.ref_of_handle_.find(handle); found != actor.ref_of_handle_.end()) return Ref(found->second);
  std::string kind = hint.substr(0, hint.find('('));
  kind = lower_case(kind.substr(kind.rfind('.') + 1));
  if (kind == "pipe") kind = "connection";
  const Ref ref(names_.size() + 1);
  names_[ref.id()] = kind + std::to_string(++counts_[kind]);
  actor.ref_of_handle_[handle] = ref.id();
  actor.handle_of_ref_[ref.id()] = handle;
  return ref;
}

void Testee::adopt_args(Actor& actor, const Hello& hello) {
  const Values& sent = sent_args_[&actor];
  for (std::size_t i = 0; i < std::min(sent.size(), hello.args.size()); ++i) adopt(actor, sent[i], hello.args[i]);
  for (const Value& arg : hello.args) actor.args_.push_back(from_actor(actor, arg, "object"));
  for (const auto& [name, value] : hello.kwargs.items) actor.kwargs_.items.emplace_back(name, from_actor(actor, value, name));
}

// Where an object was sent, an object should have arrived; where one did not, the test sees it in args().
void Testee::adopt(Actor& actor, const Value& sent, const Value& arrived) {
  const auto *ref = sent.as<Handle>(), *handle = arrived.as<Handle>();
  if (ref != nullptr && handle != nullptr) {
    actor.handle_of_ref_[ref->number] = handle->number;
    actor.ref_of_handle_[handle->number] = ref->number;
  }
  const Values *many_sent = items_of(sent), *many_arrived = items_of(arrived);
  if (many_sent == nullptr || many_arrived == nullptr) return;
  for (std::size_t i = 0; i < std::min(many_sent->size(), many_arrived->size()); ++i) {
    adopt(actor, (*many_sent)[i], (*many_arrived)[i]);
  }
}

std::string Testee::named(const Value& value) const {
  Value shown = value;
  replace_handles(shown, [&](Handle ref) -> Value {
    const auto found = names_.find(ref.number);
    return found == names_.end() ? Value(ref) : Value(Function{found->second});
  });
  return printed(shown);
}

// ---- judgement

void Testee::note_surprise(const Exchange& exchange) noexcept {
  if (surprise_) return;
  try {
    surprise_ = Unresolved(cause_of(exchange), exchange.place + ": the arrangement went wrong: " + exchange.call + ": " + text_of(exchange));
  } catch (const std::exception&) {  // out of memory: the next surprise is as good
  }
}

void Testee::note_cause(const std::string& cause) {
  if (cause_.empty()) cause_ = cause;
}

void Testee::note_failure(const Exchange& exchange) {
  note_cause(cause_of(exchange));
  if (exchange.lost.empty() || broken_) return;
  broken_ = Broken(exchange.lost, exchange.place + ": " + exchange.call + ": " + text_of(exchange));
}

void Testee::check() const {
  if (breach_) throw *breach_;
  if (broken_) throw *broken_;
  if (surprise_) throw *surprise_;
}

// ---- the end

bool Testee::is_blocked(const Actor& actor) const {
  return std::ranges::any_of(actor.open_, [](const auto& open) { return open.second->thread.empty(); });
}

// A process that waits in a call cannot read its line.
void Testee::begin_bye(Actor& actor, Exit exit) {
  actor.was_told_bye_ = true;
  if (is_blocked(actor)) {
    force();
    actor.is_leaving_ = true;
    launcher_.kill(actor.host_pid_, 9);
    return;
  }
  Step step = Step::sleep(0);
  step.request.verb = "bye";
  step.request.exit = std::move(exit);
  step.place = "the end of the test";
  begin(actor, "", std::move(step));
  actor.is_leaving_ = true;
}

std::optional<Testee::Trouble> Testee::say_bye(Actor& actor, Exit exit) {
  if (!actor.connection_ || actor.is_closed_) return std::nullopt;
  if (!actor.was_told_bye_) begin_bye(actor, std::move(exit));
  if (wait_for_limit([&] { return actor.is_closed_; })) return std::nullopt;
  return Trouble{"hang", "process '" + actor.name_ + "' did not leave after bye\n" + forensics()};
}

std::optional<Testee::Trouble> Testee::say_bye() {
  for (std::size_t i = actors_.size(); i-- > 0;) {
    if (auto trouble = say_bye(*actors_[i], {})) return trouble;
  }
  return std::nullopt;
}

void Testee::bye(Actor& actor, Exit exit) {
  check();
  if (exit.how == "signal" || exit.how == "quit") force();
  if (const auto trouble = say_bye(actor, std::move(exit))) throw Unresolved(trouble->cause, trouble->message);
}

// What a process leaves after its bye is the implementation's doing: it had its chance to clean up. After a kill, it is not judged here.
std::optional<Testee::Trouble> Testee::end() {
  check();
  if (ended_ || forced_) return std::nullopt;
  ended_ = true;
  patience_ = Clock::now() + in_clock(limits().test);
  const bool was_main_here = !main().is_closed_;
  if (auto trouble = say_bye()) return trouble;
  if (forced_) return std::nullopt;
  const Launcher::Ending ending = await_end();
  if (!ending.status) return Trouble{"hang", "the main process did not end after its bye\n" + forensics()};
  if (was_main_here && *ending.status != 0) {
    return Trouble{"crash", "the main process ended with status " + std::to_string(*ending.status) + " after its bye"};
  }
  if (!ending.leftovers.processes.empty()) {
    return Trouble{"orphans", "processes are left behind after the main process ended:" + ending.leftovers.text()};
  }
  if (!ending.leftovers.empty()) return Trouble{"leftovers", "left behind after everything ended:" + ending.leftovers.text()};
  return std::nullopt;
}

Leftovers Testee::end_and_look() {
  check();
  ended_ = true;
  if (const auto trouble = say_bye()) throw Unresolved(trouble->cause, trouble->message);
  return await_end().leftovers;
}

// Looks again and again, and in between at the lines: a child that was started late says hello even now, and is told to leave.
Launcher::Ending Testee::await_end() {
  const auto limit = Clock::now() + in_clock(limits().answer);
  for (;;) {
    Launcher::Ending ending = launcher_.finish(0.01);
    if ((ending.status && ending.leftovers.processes.empty()) || Clock::now() >= limit) return ending;
    pass(std::chrono::milliseconds(1));
  }
}

// ---- for people

std::string Testee::printed_call(const Request& request) const {
  const std::string on = request.on ? named(*request.on) + "." : "";
  if (request.verb == "get") return on + request.name;
  if (request.verb == "set") return on + request.name + " = " + named(request.value);
  if (request.verb == "drop") return "del " + named(*request.on);
  if (request.verb == "sleep") return "time.sleep(" + printed(Value(request.seconds)) + ")";
  if (request.verb == "bye") return "bye " + request.exit.how + " " + named(request.exit.value);
  if (request.verb == "batch") {
    return "batch of " + std::to_string(request.calls.size()) + " steps, " + std::to_string(request.repeat) + " times";
  }
  std::string arguments;
  const auto add = [&](const std::string& text) { arguments += (arguments.empty() ? "" : ", ") + text; };
  for (const Value& arg : request.args) add(named(arg));
  for (const auto& [name, value] : request.kwargs.items) add(name + "=" + named(value));
  return on + request.name + "(" + arguments + ")";
}

std::string Testee::transcript_line(const Exchange& exchange) const {
  const std::string who = exchange.actor->name_ + (exchange.thread.empty() ? "" : "/" + exchange.thread);
  char head[64], took[32] = "";
  std::snprintf(head, sizeof head, "%9.6f  %-8s ", std::chrono::duration<double>(exchange.begun - begun_).count(), who.c_str());
  if (!exchange.answer) {
    return head + exchange.call + "  # no answer" + (exchange.lost.empty() ? "" : ": " + exchange.lost) + "\n";
  }
  std::snprintf(took, sizeof took, "%.6f s", exchange.answer->seconds);
  if (exchange.verb == "make" && std::holds_alternative<Value>(exchange.answer->result)) {
    return head + text_of(exchange) + " = " + exchange.call + "  # " + took + "\n";
  }
  return head + exchange.call + "  # " + text_of(exchange) + ", " + took + "\n";
}

std::string Testee::transcript() {
  constexpr std::size_t kHead = 100, kTail = 300;
  std::string text = "isolation: " + launcher_.isolation() + "\n";
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    if (i == kHead && exchanges_.size() > kHead + kTail) {
      i = exchanges_.size() - kTail;
      text += "... " + std::to_string(i - kHead) + " calls are left out ...\n";
    }
    text += transcript_line(*exchanges_[i]);
  }
  return text;
}

std::string Testee::describe(const Actor& actor) {
  std::string text = "    " + actor.name_ + " (pid " + std::to_string(actor.pid_) + "): ";
  if (!actor.connection_) return text + "has not said hello\n";
  std::string calls;
  for (const auto& [id, exchange] : actor.open_) {
    calls += (calls.empty() ? "" : ", ") + exchange->call + " open for " + seconds_text(Clock::now() - exchange->begun);
  }
  text += calls.empty() ? "no open call" : calls;
  if (actor.is_closed_) text += ", its line is closed";
  std::set<std::string> seen;
  for (const auto& thread : launcher_.look(actor.host_pid_)) {
    seen.insert(std::string(1, thread.state) + (thread.where.empty() ? "" : " in " + thread.where));
  }
  if (seen.empty()) text += "; gone";
  for (const std::string& state : seen) text += "; " + state;
  return text + "\n";
}

std::string Testee::forensics() {
  std::string text = "when the runner gave up:\n";
  for (const auto& actor : actors_) text += describe(*actor);
  text.pop_back();
  return text;
}

}  // namespace mp::conformance

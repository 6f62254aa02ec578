#include "conformance/harness/testee.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>

#include "conformance/harness/lines.h"
#include "conformance/harness/seen_thread.h"
#include "conformance/harness/this_process.h"
#include "conformance/harness/transcript.h"

namespace mp::conformance {

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

std::string speaker(const Connection& connection) {
  return connection.actor != nullptr ? connection.actor->name() : "a new line";
}

}  // namespace

Testee::Limits Testee::limits() {
  Limits limits;
  limits.answer *= settings().timeout_scale;
  limits.test *= settings().timeout_scale;
  return limits;
}

Testee::Testee(const Settings& settings, const std::string& start_method)
    : token_(random_token()), patience_(begun_ + in_clock(limits().test)) {
  lines_ = std::make_unique<Lines>(Lines::Events{
      .line = [this](const auto& connection, const std::string& line) { take_line(connection, line); },
      .flood =
          [this](Connection& from) { note_breach("flood", "a line of text longer than 64 MiB from " + speaker(from)); },
      .end = [this](Connection& connection) { lose(connection); }});
  actors_.push_back(std::make_unique<Actor>(*this, "main", Ref()));
  launcher_.start(settings.command, {{"CONFORM_ADDRESS", "127.0.0.1:" + std::to_string(lines_->port())},
                                     {"CONFORM_TOKEN", token_},
                                     {"CONFORM_START_METHOD", start_method},
                                     {"CONFORM_SEED", std::to_string(settings.seed)}});
}

Testee::~Testee() = default;

bool Testee::has_feature(const std::string& feature) const {
  return std::ranges::find(implementation_.features, feature) != implementation_.features.end();
}

void Testee::need(const std::string& feature, const std::string& place) const {
  if (!has_feature(feature)) throw NotClaimed(place + ": the testee does not claim the feature " + feature);
}

// ---- lines

void Testee::take_line(const std::shared_ptr<Connection>& connection, const std::string& line) {
  try {
    if (connection->actor != nullptr) {
      take_answer(*connection->actor, line);
    } else {
      take_hello(connection, line);
    }
  } catch (const Malformed& error) {
    note_breach("garbage", speaker(*connection) + " wrote " + printed(Value(line)) + ": " + error.what());
  }
}

void Testee::take_hello(const std::shared_ptr<Connection>& connection, const std::string& line) {
  const Hello hello = parse_hello(line);
  const auto refuse = [&](const std::string& why) {
    Lines::close(*connection);
    note_breach("liar", "the hello of process " + std::to_string(hello.pid) + " (" + hello.role + ") " + why);
  };
  if (hello.token != token_) return refuse("has the wrong token");
  if (hello.protocol != kProtocolVersion)
    return refuse("is of protocol " + std::to_string(hello.protocol) + ", not of 1");
  const std::string name = hello.role == "main" ? "main" : hello.actor;
  const auto found = std::ranges::find_if(actors_, [&](const auto& actor) { return actor->name_ == name; });
  if (found == actors_.end()) return refuse("is of an actor that was never made: '" + name + "'");
  Actor& actor = **found;
  if (actor.connection_) return refuse("is the second of '" + name + "'");
  if (hello.role == "child" && name == "main") return refuse("is of a child that calls itself main");
  actor.connection_ = connection;
  actor.pid_ = hello.pid;
  actor.host_pid_ = hello.host_pid != 0 && sees_the_system_below() ? hello.host_pid : hello.pid;
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
    return was_asked
               ? note_breach("double reply", actor.name_ + " answered request " + std::to_string(answer.id) + " twice")
               : note_breach("liar",
                             actor.name_ + " answered request " + std::to_string(answer.id) + ", which was never sent");
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

void Testee::lose(Connection& connection) {
  if (connection.actor == nullptr) return;
  Actor& actor = *connection.actor;
  actor.is_closed_ = true;
  const char* ending = actor.is_leaving_ ? "killed" : "crash";
  for (auto& [id, exchange] : actor.open_) {
    if (exchange->lost.empty()) exchange->lost = connection.splitter.unfinished() > 0 ? "cut reply" : ending;
    exchange->ended = Clock::now();
  }
  actor.open_.clear();
}

void Testee::note_breach(const std::string& cause, const std::string& message) {
  if (!breach_) breach_ = Unresolved(cause, "the testee breaks the protocol: " + message);
}

bool Testee::wait(const std::function<bool()>& done, Clock::time_point until) {
  const auto end = std::min(until, patience_);
  for (;;) {
    if (breach_) throw *breach_;
    if (done()) return true;
    if (Clock::now() >= end) break;
    lines_->run_one_until(end);
  }
  // No wait of its own took too long, so that nobody is to blame for it.
  if (patience_ < until)
    throw Unresolved(
        "out of time",
        "all steps of the test together took longer than they may: give a slow machine a larger --timeout-scale");
  return false;
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
  if (actor.pid_ <= 0)
    throw Unresolved("mute", "process '" + actor.name_ + "' was to be killed, but has not said hello");
  force();
  actor.is_leaving_ = true;
  exchanges_.push_back(act_from_outside(actor, "killed from outside, signal " + std::to_string(signal)));
  if (!launcher_.kill(actor.host_pid_, signal)) {
    throw Unresolved("crash", "process '" + actor.name_ + "' was to be killed, but has already gone");
  }
}

// The system stops the threads of a process one after the other.
void Testee::pause(Actor& actor) {
  check();
  const auto stands = [](const SeenThread& thread) { return thread.state == 'T'; };
  const auto limit = Clock::now() + in_clock(limits().answer);
  exchanges_.push_back(act_from_outside(actor, "stopped from outside"));
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
  exchanges_.push_back(act_from_outside(actor, "goes on"));
  if (!launcher_.resume(actor.host_pid_)) {
    throw Unresolved("crash", "process '" + actor.name_ + "' was to go on, but has already gone");
  }
}

// The threads are looked at one after the other, and may hand on the work between them, each asleep when it is its turn. When none has
// run from the first look to the second, all were asleep in between.
bool Testee::is_asleep(Actor& actor) {
  const auto runs = [](const SeenThread& thread) { return thread.state == 'R'; };
  const auto threads = launcher_.look(actor.host_pid_);
  return std::ranges::none_of(threads, runs) && launcher_.look(actor.host_pid_) == threads;
}

// ---- steps

Pending Testee::begin(Actor& actor, const std::string& thread, Step step) {
  check();
  if (!thread.empty()) need(kThreads, step.place);
  if (!actor.connection_) throw Unresolved("mute", step.place + ": process '" + actor.name_ + "' has not said hello");
  auto exchange = std::make_shared<Exchange>();
  exchange->testee = this;
  exchange->actor = &actor;
  exchange->thread = thread;
  exchange->verb = step.request.verb;
  exchange->steps = step.request.calls.size() * static_cast<std::size_t>(step.request.repeat);
  exchange->call = printed_call(step.request, objects_);
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
  const auto to_actor = [&](Value& value) {
    value = objects_.to_process(actor.handles_, actor.name_, std::move(value));
  };
  const auto replace = [&](Request& one) {
    if (one.on) {
      Value on = *one.on;
      to_actor(on);
      one.on = *on.as<Handle>();
    }
    for (Value& value : one.args) to_actor(value);
    for (auto& [name, value] : one.kwargs.items) to_actor(value);
    to_actor(one.value);
    to_actor(one.exit.value);
  };
  replace(sent);
  for (Request& call : sent.calls) replace(call);
  lines_->write(actor.connection_, encode(sent));
  if (sent.verb == "drop") actor.handles_.drop(Ref(request.on->number));
}

void Testee::await(Exchange& exchange) {
  if (wait_for_limit([&] { return exchange.is_closed(); })) return;
  exchange.details = forensics();
  exchange.lost = "hang";
  exchange.ended = Clock::now();
}

// ---- objects

Value Testee::from_actor(Actor& actor, Value value, const std::string& hint) {
  return objects_.from_process(actor.handles_, std::move(value), hint);
}

void Testee::adopt_args(Actor& actor, const Hello& hello) {
  const Values& sent = sent_args_[&actor];
  for (std::size_t i = 0; i < std::min(sent.size(), hello.args.size()); ++i) {
    Objects::adopt(actor.handles_, sent[i], hello.args[i]);
  }
  for (const Value& arg : hello.args) actor.args_.push_back(from_actor(actor, arg, "object"));
  for (const auto& [name, value] : hello.kwargs.items)
    actor.kwargs_.items.emplace_back(name, from_actor(actor, value, name));
}

// ---- judgement

void Testee::note_surprise(const Exchange& exchange) noexcept {
  if (surprise_) return;
  try {
    surprise_ = Unresolved(cause_of(exchange), exchange.place + ": the arrangement went wrong: " + exchange.call +
                                                   ": " + text_of(exchange));
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
  if (!ending.leftovers.empty())
    return Trouble{"leftovers", "left behind after everything ended:" + ending.leftovers.text()};
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

std::string Testee::transcript() {
  return "isolation: " + launcher_.isolation() + "\n" + transcript_of(exchanges_, begun_);
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

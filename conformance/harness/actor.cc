#include "conformance/harness/actor.h"

#include <iterator>

#include "conformance/harness/testee.h"

namespace mp::conformance {

std::string place_of(const Name& name) {
  const std::string file = name.file;
  return file.substr(file.rfind('/') + 1) + ":" + std::to_string(name.line);
}

Step::Step(const char* verb, const Name& name, Ref on) {
  request.verb = verb;
  request.name = name.text;
  if (on.id() != 0) request.on = Handle{on.id()};
  place = place_of(name);
}

void Step::add(const Kwargs& kwargs) {
  request.kwargs.items.insert(request.kwargs.items.end(), kwargs.items.begin(), kwargs.items.end());
}

Step Step::set(Ref on, Name attribute, Value value) {
  Step step("set", attribute, on);
  step.request.value = std::move(value);
  return step;
}

Step Step::sleep(double seconds, Name place) {
  Step step("sleep", place, Ref());
  step.request.seconds = seconds;
  return step;
}

Pending Caller::begin(Step step) { return testee_->begin(*actor_, thread_, std::move(step)); }

Pending Caller::begin_batch(std::vector<Step> steps, std::int64_t repeat, Name place) {
  Step batch = Step::sleep(0, place);
  batch.request.verb = "batch";
  batch.request.repeat = repeat;
  for (Step& step : steps) batch.request.calls.push_back(std::move(step.request));
  return begin(std::move(batch));
}

std::vector<Reply> Caller::batch(std::vector<Step> steps, std::int64_t repeat, Name place) {
  return replies_of(begin_batch(std::move(steps), repeat, place));
}

// Each answer of a batch becomes an exchange of its own; a batch that did not come back becomes one reply that says so.
std::vector<Reply> replies_of(const Pending& batch) {
  const Reply whole = batch.reply();
  const Exchange& exchange = whole.exchange();
  const Batch* answered = exchange.answer ? std::get_if<Batch>(&exchange.answer->result) : nullptr;
  if (answered == nullptr) return {whole};
  (void)whole.returned();  // its answers are looked at, one by one
  Exchange unanswered = exchange;
  unanswered.answer.reset();  // not the whole batch for each of its steps
  std::vector<Reply> replies;
  for (const Answer& answer : answered->answers) {
    auto one = std::make_shared<Exchange>(unanswered);
    one->call = "step " + std::to_string(replies.size() + 1) + " of " + exchange.call;
    one->answer = answer;
    if (const auto* unsupported = std::get_if<Unsupported>(&answer.result)) {
      throw NotOffered(one->call + ": " + unsupported->what);
    }
    replies.push_back(Reply(std::move(one)));
  }
  return replies;
}

Actor::Actor(Testee& testee, std::string name, Ref process)
    : Caller(testee, *this, ""), name_(std::move(name)), process_(process) {}

void Actor::kill(int signal) { testee_->kill(*this, signal); }
void Actor::pause() { testee_->pause(*this); }
void Actor::resume() { testee_->resume(*this); }
bool Actor::has_ended() { return host_pid_ != 0 && testee_->has_ended(host_pid_); }
void Actor::bye(Exit exit) { testee_->bye(*this, std::move(exit)); }

}  // namespace mp::conformance

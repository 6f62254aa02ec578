#ifndef CONFORMANCE_HARNESS_SCENE_H_
#define CONFORMANCE_HARNESS_SCENE_H_

#include <cstdint>
#include <string>

#include "conformance/harness/testee.h"

namespace mp::conformance {

// What the body of a test sees: the processes of one testee, fresh for each test.
//
// Owns:    nothing; the testee belongs to whoever runs the test.
// Shares:  nothing.
// Threads: one.
// Blocks:  as long as the testee does, within the runner's limits.
// Throws:  Unresolved and its kin, which the runner turns into a verdict. A body catches nothing.
class Scene {
 public:
  virtual ~Scene() = default;
  virtual void body() = 0;

  void enter(Testee& testee, const std::string& start_method) {
    testee_ = &testee;
    start_method_ = start_method;
  }

 protected:
  Actor& main() { return testee_->main(); }
  // Arrangement: a process of the implementation that serves steps of its own. It is given the arguments, and its Actor knows the
  // objects among them by the same Refs.
  Actor& start_process(Values args = {}, ProcessOptions options = {}, Name place = "");
  // The Process object alone. Starting it is up to the test: main().call(actor.process(), "start"), EXPECT_STARTED(actor).
  Actor& make_process(Values args = {}, ProcessOptions options = {}, Name place = "");
  // Somebody who is not started as a process: whatever performs `serve` under its name, a task of a pool, its initializer or a callback.
  Actor& expect_actor() { return testee_->expect_actor(); }

  const std::string& start_method() const { return start_method_; }
  std::uint64_t seed() const { return settings().seed; }
  const Implementation& implementation() const { return testee_->implementation(); }
  // The test is about a feature that not every testee claims (section 10 of the protocol): those without are not judged.
  void need(Name feature) const { testee_->need(feature.text, place_of(feature)); }
  // What is left behind at the end is not the implementation's fault. (Killing a process from outside says so by itself.)
  void allow_leftovers() { testee_->force(); }
  // Says bye to all that are there, waits until everything has ended, and tells what is left.
  Leftovers finish() { return testee_->end_and_look(); }

 private:
  Testee* testee_ = nullptr;
  std::string start_method_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_SCENE_H_

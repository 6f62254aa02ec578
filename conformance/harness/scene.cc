#include "conformance/harness/scene.h"

#include <utility>

namespace mp::conformance {

Actor& Scene::make_process(Values args, ProcessOptions options, Name place) {
  return testee_->make_process(std::move(args), options, place);
}

Actor& Scene::start_process(Values args, ProcessOptions options, Name place) {
  Actor& parent = options.parent != nullptr ? *options.parent : main();
  Actor& actor = testee_->make_process(std::move(args), options, place);
  Name start = place;
  start.text = "start";
  static_cast<void>(Value(parent.call(actor.process(), start)));
  if (testee_->await_hello(actor)) return actor;
  throw Unresolved("mute", "process '" + actor.name() + "' was started, but did not say hello\n" + testee_->forensics());
}

}  // namespace mp::conformance

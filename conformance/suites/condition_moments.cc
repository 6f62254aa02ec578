#include "conformance/suites/condition_moments.h"

#include <utility>

namespace mp::conformance {

Pending begin_wait(Caller caller, Ref condition, Value timeout) {
  caller.call(condition, "acquire");
  return caller.begin_batch({Step::call(condition, "wait", std::move(timeout)), Step::call(condition, "release")});
}

Reply waited(const Pending& begun) { return replies_of(begun).front(); }

Pending begin_wait_for(Caller caller, Ref condition, Ref predicate, Value timeout) {
  caller.call(condition, "acquire");
  return caller.begin_batch(
      {Step::call(condition, "wait_for", predicate, std::move(timeout)), Step::call(condition, "release")});
}

void notify(Caller caller, Ref condition, Value n) {
  caller.call(condition, "acquire");
  caller.call(condition, "notify", std::move(n));
  caller.call(condition, "release");
}

void notify_all(Caller caller, Ref condition) {
  caller.call(condition, "acquire");
  caller.call(condition, "notify_all");
  caller.call(condition, "release");
}

}  // namespace mp::conformance

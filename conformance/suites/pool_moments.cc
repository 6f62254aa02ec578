#include "conformance/suites/pool_moments.h"

#include <utility>

namespace mp::conformance {

void await_started(Actor& actor) {
  if (actor.testee().await_hello(actor)) return;
  throw Unresolved("mute", "'" + actor.name() + "' was to be performed, but did not say hello\n" + actor.testee().forensics());
}

Work submit_work(Actor& creator, Ref pool, Kwargs more) {
  Actor& actor = creator.testee().expect_actor();
  const Ref result = creator.call(pool, "apply_async", kServe, Tuple{actor.name()}, more);
  return {actor, result};
}

Work start_work(Actor& creator, Ref pool, Kwargs more) {
  const Work work = submit_work(creator, pool, std::move(more));
  await_started(work.actor);
  return work;
}

Actors expect_actors(Actor& creator, int count) {
  Actors actors;
  for (int i = 0; i < count; ++i) actors.emplace_back(creator.testee().expect_actor());
  return actors;
}

Value names_of(const Actors& actors) {
  Values names;
  for (Actor& actor : actors) names.push_back(actor.name());
  return List::of(std::move(names));
}

void expect_one_after_the_other(Actor& creator, Ref pool, const Actors& tasks) {
  Actor &first = tasks[0], &second = tasks[1];
  await_started(first);
  ASSERT_EQ(creator.call(pool, "apply", kSquare, Tuple{3}), 9);
  first.bye();
  ASSERT_STARTED(second);
  EXPECT_EQ(second.pid(), first.pid());
  second.bye();
}

void await_completed(Caller& caller, Ref result) { static_cast<void>(Value(caller.call(result, "wait"))); }

Value numbers(int end) {
  Values items;
  for (int i = 0; i < end; ++i) items.push_back(i);
  return List::of(std::move(items));
}

Value squares(int end) {
  Values items;
  for (int i = 0; i < end; ++i) items.push_back(i * i);
  return List::of(std::move(items));
}

void put_away(Caller& caller, Ref pool) {
  caller.call(pool, "close");
  caller.call(pool, "join");
}

void stop(Caller& caller, Ref pool) {
  caller.call(pool, "terminate");
  caller.call(pool, "join");
}

Exit raising(const std::string& error, const std::string& text) { return {.how = "raise", .value = error, .text = text}; }

}  // namespace mp::conformance

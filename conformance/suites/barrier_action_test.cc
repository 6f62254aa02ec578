// The action. A recorder knows what it was called with in one process only, so the parties are threads of that process.
#include <algorithm>
#include <string>
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/barrier.h"

namespace mp::conformance {
namespace {

constexpr const char* kBroken = "BrokenBarrierError";

Value wrong() { return Error{{"ValueError", "Exception"}, "wrong", {}}; }

// What three threads get who come to a barrier whose action fails.
std::vector<Reply> meet(Actor& actor, Ref barrier) {
  std::vector<Pending> waiters;
  for (const char* name : {"one", "two", "three"}) waiters.push_back(actor.thread(name).begin(barrier, "wait"));
  std::vector<Reply> replies;
  for (const Pending& waiter : waiters) replies.push_back(waiter.reply());
  return replies;
}

std::ptrdiff_t count_of(const std::string& error, const std::vector<Reply>& replies) {
  return std::ranges::count_if(
      replies, [&](const Reply& reply) { return reply.error() != nullptr && reply.error()->is(error); });
}

}  // namespace

CLAUSE_TEST(barrier_action_once_a_round, WithoutArguments) {
  Ref action = main().make("recorder");
  Ref barrier = main().make("Barrier", 2, action);
  Pending rounds = main().thread("one").begin_batch({Step::call(barrier, "wait")}, 3);
  main().thread("two").batch({Step::call(barrier, "wait")}, 3);
  for (const Reply& reply : replies_of(rounds)) ASSERT_RETURNED(reply);
  EXPECT_EQ(main().call(action, "calls"), (List{Tuple{}, Tuple{}, Tuple{}}));
}

CLAUSE_TEST(barrier_action_before_release, IsOverWhenAnybodyReturns) {
  Ref action = main().make("recorder");
  Ref barrier = main().make("Barrier", 2, action);
  const std::vector<Step> wait_and_look = {Step::call(barrier, "wait"), Step::call(action, "calls")};
  const std::vector<Pending> parties = {main().thread("one").begin_batch(wait_and_look),
                                        main().thread("two").begin_batch(wait_and_look)};
  for (const Pending& party : parties) {
    const std::vector<Reply> replies = replies_of(party);
    ASSERT_RETURNED(replies[0]);
    EXPECT_EQ(replies[1], (List{Tuple{}}));
  }
}

CLAUSE_TEST(barrier_action_not_before_all, IsNotCalledForTheFirst) {
  Ref action = main().make("recorder");
  Ref barrier = main().make("Barrier", 2, action);
  await_blocked(main().thread("one").begin(barrier, "wait"));
  EXPECT_EQ(main().call(action, "calls"), List{});
}

CLAUSE_TEST(barrier_action_error_breaks, TheBarrier) {
  Ref barrier = main().make("Barrier", 3, main().make("recorder", wrong()));
  EXPECT_GE(count_of("Exception", meet(main(), barrier)), 1);
  EXPECT_EQ(main().get(barrier, "broken"), true);
}

CLAUSE_TEST(barrier_action_error_others, GetBrokenBarrierError) {
  Ref barrier = main().make("Barrier", 3, main().make("recorder", wrong()));
  const std::vector<Reply> replies = meet(main(), barrier);
  for (const Reply& reply : replies) ASSERT_RAISES(reply, "Exception");
  EXPECT_GE(count_of(kBroken, replies), 2);
}

CLAUSE_TEST(barrier_action_error_own, IsThatOfTheAction) {
  Ref barrier = main().make("Barrier", 3, main().make("recorder", wrong()));
  const std::vector<Reply> replies = meet(main(), barrier);
  for (const Reply& reply : replies) ASSERT_RAISES(reply, "Exception");
  EXPECT_EQ(count_of("ValueError", replies), 1);
}

CLAUSE_TEST(barrier_action_with_processes, LetsAllGo) {
  Ref barrier = main().make("Barrier", 2, Function{"nothing"});
  Actor& child = start_process({barrier});
  Pending waiter = main().begin(barrier, "wait");
  await_blocked(waiter);
  EXPECT_RETURNED(child.call(barrier, "wait"));
  EXPECT_RETURNED(waiter);
}

// The function needs an argument that it does not get, and so shows that it was called.
CLAUSE_TEST(barrier_action_with_processes, IsCalledThere) {
  Ref barrier = main().make("Barrier", 2, Function{"square"});
  Actor& child = start_process({barrier});
  Pending waiter = main().begin(barrier, "wait");
  await_blocked(waiter);
  EXPECT_RAISES(child.call(barrier, "wait"), "Exception");
  EXPECT_RAISES(waiter, kBroken);
}

}  // namespace mp::conformance

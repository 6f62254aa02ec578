// Rounds, and what can be asked of a barrier.
#include <cstdint>
#include <set>
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/barrier.h"

namespace mp::conformance {

CLAUSE_TEST(barrier_wait_blocks, UntilAllHaveCome) {
  Ref barrier = main().make("Barrier", 3);
  Pending one = start_process({barrier}).begin(barrier, "wait");
  EXPECT_BLOCKED(one);
  Pending other = start_process({barrier}).begin(barrier, "wait");
  EXPECT_BLOCKED(other);
  EXPECT_BLOCKED(one);
}

CLAUSE_TEST(barrier_wait_releases_all, WhenTheLastOneComes) {
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Pending> waiters = {start_process({barrier}).begin(barrier, "wait"),
                                        start_process({barrier}).begin(barrier, "wait")};
  await_blocked(waiters);
  EXPECT_RETURNED(main().call(barrier, "wait"));
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_wait_releases_all, ThreadsOfOneProcess) {
  Ref barrier = main().make("Barrier", 2);
  Pending waiter = main().thread("one").begin(barrier, "wait");
  await_blocked(waiter);
  EXPECT_RETURNED(main().thread("other").call(barrier, "wait"));
  EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_wait_one_party, ReturnsAtOnce) {
  Ref barrier = main().make("Barrier", 1);
  EXPECT_EQ(main().call(barrier, "wait"), 0);
  EXPECT_EQ(main().call(barrier, "wait"), 0);
}

namespace {

// So many rounds of all at the same time; the replies of each caller.
std::vector<std::vector<Reply>> play_rounds(std::vector<Caller> callers, Ref barrier, std::int64_t rounds) {
  std::vector<Pending> batches;
  for (Caller& caller : callers) batches.push_back(caller.begin_batch({Step::call(barrier, "wait")}, rounds));
  std::vector<std::vector<Reply>> replies;
  for (const Pending& batch : batches) {
    replies.push_back(replies_of(batch));
    for (const Reply& reply : replies.back()) see(reply);
  }
  return replies;
}

}  // namespace

CLAUSE_TEST(barrier_wait_index_range, IsFromZeroToOneLessThanTheParties) {
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Caller> callers = {main(), start_process({barrier}), start_process({barrier})};
  for (const std::vector<Reply>& replies : play_rounds(callers, barrier, 5)) {
    for (const Reply& reply : replies) {
      EXPECT_GE(reply, Value(0));
      EXPECT_LE(reply, Value(2));
    }
  }
}

CLAUSE_TEST(barrier_wait_index_unique, InEachRound) {
  constexpr std::size_t kRounds = 20;
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Caller> callers = {main(), start_process({barrier}), start_process({barrier})};
  const std::vector<std::vector<Reply>> replies = play_rounds(callers, barrier, kRounds);
  for (std::size_t round = 0; round < kRounds; ++round) {
    std::set<std::int64_t> indices;
    for (const std::vector<Reply>& of_one : replies) indices.insert(see(of_one[round]).integer());
    ASSERT_EQ(indices.size(), callers.size()) << "in round " << round;
  }
}

CLAUSE_TEST(barrier_wait_again, ForAHundredRounds) {
  Ref barrier = main().make("Barrier", 2);
  play_rounds({main(), start_process({barrier})}, barrier, 100);
}

// Who came is known from before his call, who left from after it; both are told by one clock for all processes.
CLAUSE_TEST(barrier_wait_nobody_early, NobodyLeavesBeforeTheLastHasCome) {
  constexpr std::size_t kRounds = 100;
  Ref barrier = main().make("Barrier", 3);
  const std::vector<Caller> callers = {main(), start_process({barrier}), start_process({barrier})};
  const std::vector<std::vector<Reply>> replies = play_rounds(callers, barrier, kRounds);
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (const std::vector<Reply>& of_one : replies) {
      for (const std::vector<Reply>& of_other : replies) {
        ASSERT_GE(of_one[round].at() + of_one[round].seconds(), of_other[round].at())
            << "somebody left round " << round << " before another one had come to it";
      }
    }
  }
}

CLAUSE_TEST(barrier_wait_no_more_than_parties, OneMoreWaitsForItsOwnRound) {
  Ref barrier = main().make("Barrier", 2);
  Actor& child = start_process({barrier});
  std::vector<Pending> waiters;
  for (const char* name : {"one", "two", "three"}) waiters.push_back(child.thread(name).begin(barrier, "wait"));
  for (int i = 0; i < 2; ++i) {
    const std::size_t first = await_any(waiters);
    EXPECT_RETURNED(waiters[first]);
    waiters.erase(waiters.begin() + static_cast<std::ptrdiff_t>(first));
  }
  EXPECT_BLOCKED(waiters.front());
  EXPECT_RETURNED(main().call(barrier, "wait"));
  EXPECT_RETURNED(waiters.front());
}

CLAUSE_TEST(barrier_parties, IsTheNumberGiven) {
  Ref barrier = main().make("Barrier", 3);
  Actor& child = start_process({barrier});
  EXPECT_EQ(main().get(barrier, "parties"), 3);
  EXPECT_EQ(child.get(barrier, "parties"), 3);
}

CLAUSE_TEST(barrier_n_waiting, CountsThoseWhoWait) {
  Ref barrier = main().make("Barrier", 3);
  EXPECT_EQ(main().get(barrier, "n_waiting"), 0);
  await_blocked(start_process({barrier}).begin(barrier, "wait"));
  EXPECT_EQ(main().get(barrier, "n_waiting"), 1);
  await_blocked(start_process({barrier}).begin(barrier, "wait"));
  EXPECT_EQ(main().get(barrier, "n_waiting"), 2);
}

CLAUSE_TEST(barrier_n_waiting_after_round, IsZero) {
  Ref barrier = main().make("Barrier", 2);
  play_rounds({main(), start_process({barrier})}, barrier, 3);
  EXPECT_EQ(main().get(barrier, "n_waiting"), 0);
}

CLAUSE_TEST(barrier_n_waiting_after_break, IsZero) {
  Ref barrier = main().make("Barrier", 3);
  Pending waiter = start_process({barrier}).begin(barrier, "wait");
  await_blocked(waiter);
  main().call(barrier, "abort");
  expect_refused(waiter.reply());
  EXPECT_EQ(main().get(barrier, "n_waiting"), 0);
}

CLAUSE_TEST(barrier_share_grandchild, AllThreeMeetThere) {
  Ref barrier = main().make("Barrier", 3);
  Actor& child = start_process({barrier});
  Actor& grandchild = start_process({barrier}, {.parent = &child});
  const std::vector<Pending> waiters = {child.begin(barrier, "wait"), grandchild.begin(barrier, "wait")};
  EXPECT_RETURNED(main().call(barrier, "wait"));
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waiter);
}

CLAUSE_TEST(barrier_share_as_argument_only, SendingItIsRefused) {
  Ref barrier = main().make("Barrier", 2);
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", barrier), "Exception");
}

CLAUSE_TEST(barrier_share_outlives_maker_reference, ChildrenGoOnMeetingThere) {
  Ref barrier = main().make("Barrier", 2);
  Actor& one = start_process({barrier});
  Actor& other = start_process({barrier});
  main().drop(barrier);
  Pending waiter = one.begin(barrier, "wait");
  EXPECT_RETURNED(other.call(barrier, "wait"));
  EXPECT_RETURNED(waiter);
}

}  // namespace mp::conformance

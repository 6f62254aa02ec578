#include "reference/barrier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <new>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/semaphore.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

// Numbers that a test and its children share.
struct Numbers {
  std::atomic<int> atomic;
  std::atomic<int> round;
  std::atomic<int> broken;
};

constexpr int kBroken = -1;

int wait_at(Barrier& barrier, Wait timeout = Wait::forever()) {
  try {
    return barrier.wait(timeout);
  } catch (const BrokenBarrierError&) {
    return kBroken;
  }
}

void await_waiting(const Barrier& barrier, int number) {
  while (barrier.n_waiting() != number) std::this_thread::yield();
}

class BarrierTest : public testing::Test {
 protected:
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};
using BarrierForkTest = BarrierTest;

TEST_F(BarrierTest, OfOnePartyIsPassedAtOnce) {
  Barrier barrier(1);
  EXPECT_EQ(barrier.parties(), 1);
  EXPECT_EQ(barrier.wait(), 0);
  EXPECT_EQ(barrier.wait(Wait::none()), 0);
  EXPECT_EQ(barrier.n_waiting(), 0);
  EXPECT_FALSE(barrier.broken());
}

TEST_F(BarrierTest, OfNoPartyIsRefused) {
  EXPECT_THROW(Barrier(0), ValueError);
  EXPECT_THROW(Barrier(-3), ValueError);
}

TEST_F(BarrierTest, LetsAllGoWhenAllHaveComeEachWithANumber) {
  Barrier barrier(3);
  std::vector<int> indices(3);
  std::thread first([&] { indices[0] = barrier.wait(); });
  std::thread second([&] { indices[1] = barrier.wait(); });
  await_waiting(barrier, 2);
  indices[2] = barrier.wait();
  first.join();
  second.join();
  EXPECT_EQ(barrier.n_waiting(), 0);
  std::sort(indices.begin(), indices.end());
  EXPECT_EQ(indices, (std::vector<int>{0, 1, 2}));
}

// Whoever is in round n, nobody has got beyond round n + 1.
TEST_F(BarrierForkTest, RoundsOfProcessesAndThreadsDoNotMix) {
  constexpr int kParties = 4;
  constexpr int kRounds = 500;
  Barrier barrier(kParties);
  const auto work = [&] {
    for (int round = 0; round < kRounds; ++round) {
      ++numbers_.atomic;
      const int index = barrier.wait();
      if (index < 0 || index >= kParties) return 1;
      const int arrivals = numbers_.atomic;
      if (arrivals < kParties * (round + 1) || arrivals > kParties * (round + 2)) return 2;
    }
    return 0;
  };
  std::vector<Child> children;
  for (int i = 0; i < kParties - 2; ++i) children.push_back(Child::fork(work));
  std::thread thread([&] { EXPECT_EQ(work(), 0); });
  EXPECT_EQ(work(), 0);
  thread.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
}

// More threads than parties: each round takes who is there, also those who came during the action of the last one.
TEST_F(BarrierTest, ManyMayComeToABarrierOfFew) {
  Barrier barrier(2, [this] { ++numbers_.atomic; });
  std::atomic<int> indices[2] = {0, 0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (;;) {
        const int index = wait_at(barrier);
        if (index == kBroken) return;
        if (++indices[index] == 300) barrier.abort();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(indices[0], indices[1]);
  EXPECT_GE(indices[0], 300);
  EXPECT_GE(numbers_.atomic, indices[0]);
  EXPECT_LE(numbers_.atomic, indices[0] + 1);  // the abort may have come during the action
}

TEST_F(BarrierForkTest, ActionIsDoneOnceARoundBeforeAnybodyGoesOn) {
  Barrier barrier(2, [this] { ++numbers_.round; });
  const auto work = [&] {
    for (int round = 1; round <= 100; ++round) {
      barrier.wait();
      if (numbers_.round < round) return 1;
      barrier.wait();
    }
    return 0;
  };
  Child child = Child::fork(work);
  EXPECT_EQ(work(), 0);
  EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_EQ(numbers_.round, 200);
}

TEST_F(BarrierTest, AnErrorInTheActionBreaksIt) {
  Barrier barrier(2, [] { throw KeyError("no"); });
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 1);
  EXPECT_THROW(barrier.wait(), KeyError);
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST_F(BarrierTest, ResetAndAbortDuringTheActionBreakTheRound) {
  for (const bool resets : {true, false}) {
    Semaphore begun(0), go_on(0);
    Barrier barrier(2, [&] {
      begun.release();
      go_on.acquire();
    });
    int first = 0, second = 0;
    std::thread one([&] { first = wait_at(barrier); });
    std::thread other([&] { second = wait_at(barrier); });
    begun.acquire();
    EXPECT_EQ(barrier.n_waiting(), 2);
    resets ? barrier.reset() : barrier.abort();
    EXPECT_EQ(barrier.n_waiting(), 0);
    go_on.release();
    one.join();
    other.join();
    EXPECT_EQ(first, kBroken);
    EXPECT_EQ(second, kBroken);
    EXPECT_EQ(barrier.broken(), !resets);
  }
}

// As CPython's: who comes during the action is not yet in a round, and his time begins with that.
TEST_F(BarrierTest, TimeoutOfOneTooManyBeginsAfterTheAction) {
  Semaphore begun(0), go_on(0);
  Barrier barrier(2, [&] {
    begun.release();
    go_on.acquire();
  });
  int first = 0, second = 0, third = 0;
  std::thread one([&] { first = wait_at(barrier); });
  std::thread other([&] { second = wait_at(barrier); });
  begun.acquire();
  std::atomic<bool> has_come = false;
  Deadline::Clock::time_point end;
  std::thread too_many([&] {
    has_come = true;
    third = wait_at(barrier, 30ms);
    end = Deadline::Clock::now();
  });
  while (!has_come) std::this_thread::yield();
  const auto begin = Deadline::Clock::now();
  while (Deadline::Clock::now() - begin < 200ms) std::this_thread::yield();
  EXPECT_FALSE(barrier.broken());
  const auto released = Deadline::Clock::now();
  go_on.release();
  one.join();
  other.join();
  too_many.join();
  EXPECT_NE(first, kBroken);
  EXPECT_NE(second, kBroken);
  EXPECT_EQ(third, kBroken);
  EXPECT_GE(end - released, 30ms);
  EXPECT_TRUE(barrier.broken());
}

TEST_F(BarrierTest, TimeoutBreaksItForAll) {
  Barrier barrier(3);
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 1);
  const auto begin = Deadline::Clock::now();
  EXPECT_THROW(barrier.wait(250ms), BrokenBarrierError);
  EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0);
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST_F(BarrierTest, TimeoutOfTheBarrierIsForWaitsWithoutOne) {
  Barrier brief(2, 20ms);
  EXPECT_THROW(brief.wait(), BrokenBarrierError);
  EXPECT_TRUE(brief.broken());
  Barrier with_action(
      2, [] {}, 20ms);
  EXPECT_THROW(with_action.wait(), BrokenBarrierError);
  Barrier longer(2, 20ms);
  std::thread thread([&] { EXPECT_EQ(longer.wait(1h), 0); });
  await_waiting(longer, 1);
  const auto begin = Deadline::Clock::now();
  while (Deadline::Clock::now() - begin < 60ms) ASSERT_FALSE(longer.broken());
  EXPECT_EQ(longer.wait(1h), 1);
  thread.join();
  Barrier none(2);
  EXPECT_THROW(none.wait(Wait::none()), BrokenBarrierError);
  none.reset();
  EXPECT_THROW(none.wait(-1s), BrokenBarrierError);
}

TEST_F(BarrierTest, AbortBreaksItUntilReset) {
  Barrier barrier(2);
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 1);
  barrier.abort();
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  std::thread again([&] { EXPECT_NE(wait_at(barrier), kBroken); });
  EXPECT_NE(wait_at(barrier), kBroken);
  again.join();
}

TEST_F(BarrierTest, ResetSendsAwayWhoWaitsAndMakesItEmpty) {
  Barrier barrier(2);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 1);
  barrier.reset();
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0);
}

TEST_F(BarrierTest, CopiesAndDecodedOnesAreTheSameBarrier) {
  Barrier barrier(2, 5h);
  Barrier decoded = decode<Barrier>(encode_message(barrier));
  EXPECT_EQ(decoded.parties(), 2);
  std::thread thread([&] { EXPECT_EQ(decoded.wait(), 0); });
  await_waiting(barrier, 1);
  EXPECT_EQ(barrier.wait(), 1);
  thread.join();
  decoded.abort();
  EXPECT_TRUE(barrier.broken());
}

TEST_F(BarrierTest, AnActionThatKeepsVariablesDoesNotTravel) {
  int variable = 0;
  Barrier barrier(2, [&variable] { ++variable; });
  EXPECT_THROW(encode_message(barrier), PickleError);
}

TEST_F(BarrierTest, WorksInChildrenOfEveryStartMethodWithItsAction) {
  for (const std::string& method : get_all_start_methods()) {
    Barrier barrier(2, [] { throw KeyError("called"); });
    Process process(
        {.start_method = mp::start_method(method)},
        [](Barrier barrier) {
          try {
            await_waiting(barrier, 1);
            barrier.wait();
          } catch (const KeyError&) {
            exit(7);
          }
        },
        barrier);
    process.start();
    EXPECT_EQ(wait_at(barrier), kBroken);
    process.join();
    EXPECT_EQ(process.exitcode(), 7);
  }
}

using BarrierOfTheDeadForkTest = BarrierTest;

TEST_F(BarrierOfTheDeadForkTest, BreaksForThoseWhoSleep) {
  Barrier barrier(3);
  Child dead = Child::fork([&] { return wait_at(barrier); });
  await_waiting(barrier, 1);
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 2);
  dead.kill();
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0);
}

TEST_F(BarrierOfTheDeadForkTest, BreaksForWhoComesLast) {
  Barrier barrier(2);
  Child dead = Child::fork([&] { return wait_at(barrier); });
  await_waiting(barrier, 1);
  dead.kill();
  EXPECT_EQ(dead.wait(Deadline::never()), -9);
  const auto begin = Deadline::Clock::now();
  while (Deadline::Clock::now() - begin < 1ms) std::this_thread::yield();  // from then on he is looked after
  EXPECT_EQ(wait_at(barrier), kBroken);
  EXPECT_TRUE(barrier.broken());
}

TEST_F(BarrierOfTheDeadForkTest, BreaksWhenOneDiesInTheAction) {
  Barrier barrier(2, [this] {
    ++numbers_.atomic;
    for (;;) std::this_thread::sleep_for(1h);
  });
  int other = 0;
  std::thread thread([&] { other = wait_at(barrier); });
  await_waiting(barrier, 1);
  Child dead = Child::fork([&] { return wait_at(barrier); });
  while (numbers_.atomic == 0) std::this_thread::yield();
  dead.kill();
  thread.join();
  EXPECT_EQ(other, kBroken);
  EXPECT_TRUE(barrier.broken());
}

// Killed at any point, the dead leave a barrier that the others come away from, and that works after a reset.
TEST_F(BarrierOfTheDeadForkTest, OutlivesEveryDeath) {
  Barrier barrier(2);
  const auto work = [&] {
    for (;;) {
      if (wait_at(barrier) == kBroken) return 0;
      ++numbers_.round;
    }
  };
  for (int i = 0; i < 40; ++i) {
    numbers_.round = 0;
    Child survivor = Child::fork(work);
    Child victim = Child::fork(work);
    while (numbers_.round < i) std::this_thread::yield();
    victim.kill();
    EXPECT_EQ(victim.wait(Deadline::never()), -9);
    barrier.abort();  // he may have died between two waits, where nobody can know of him
    EXPECT_EQ(survivor.wait(Deadline::never()), 0);
    barrier.reset();
    EXPECT_EQ(barrier.n_waiting(), 0);
  }
  std::thread other([&] { EXPECT_NE(wait_at(barrier), kBroken); });
  EXPECT_NE(wait_at(barrier), kBroken);
  other.join();
}

}  // namespace
}  // namespace mp

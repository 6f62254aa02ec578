#include "reference/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

// Numbers that a test and its children share.
struct Numbers {
  std::atomic<int> inside;
  std::atomic<int> most_inside;
  std::atomic<int> passed;
};

class SemaphoreTest : public testing::Test {
 protected:
  platform::Region region_ = platform::Region::create(sizeof(Numbers));
  Numbers& numbers_ = *new (region_.data()) Numbers{};
};
using SemaphoreForkTest = SemaphoreTest;

TEST_F(SemaphoreTest, BeginsWithOne) {
  Semaphore semaphore;
  EXPECT_EQ(semaphore.get_value(), 1u);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_TRUE(semaphore.locked());
}

TEST_F(SemaphoreTest, CountsDownAndUpBeyondItsBeginning) {
  Semaphore semaphore(2);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_EQ(semaphore.get_value(), 0u);
  EXPECT_FALSE(semaphore.acquire(false));
  for (int i = 0; i < 3; ++i) semaphore.release();
  EXPECT_EQ(semaphore.get_value(), 3u);
  EXPECT_FALSE(semaphore.locked());
  semaphore.release(4);
  EXPECT_EQ(semaphore.get_value(), 7u);
}

TEST_F(SemaphoreTest, MayBeginWithNone) {
  Semaphore semaphore(0);
  EXPECT_FALSE(semaphore.acquire(false));
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire(false));
}

TEST_F(SemaphoreTest, RefusesWhatItCannotCount) {
  EXPECT_THROW(Semaphore(-1), ValueError);
  EXPECT_THROW(Semaphore(Semaphore::kMost + 1), ValueError);
  EXPECT_THROW(BoundedSemaphore(-1), ValueError);
  Semaphore semaphore(Semaphore::kMost);
  EXPECT_THROW(semaphore.release(), ValueError);
  EXPECT_THROW(semaphore.release(0), ValueError);
  EXPECT_THROW(semaphore.release(-1), ValueError);
  EXPECT_THROW(semaphore.release(std::int64_t{1} << 32), ValueError);
  EXPECT_EQ(semaphore.get_value(), Semaphore::kMost);
}

TEST_F(SemaphoreTest, TimeoutIsALowerBound) {
  Semaphore semaphore(0);
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(semaphore.acquire(true, 250ms));
  EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
  EXPECT_FALSE(semaphore.acquire(true, 0s));
  EXPECT_FALSE(semaphore.acquire(true, -1s));
  EXPECT_FALSE(semaphore.acquire(false, Wait::forever()));
}

TEST_F(SemaphoreTest, FitsTheGuardsOfTheStandardLibrary) {
  Semaphore semaphore(2);
  try {
    const std::lock_guard guard(semaphore);
    EXPECT_EQ(semaphore.get_value(), 1u);
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(semaphore.get_value(), 2u);
}

TEST_F(SemaphoreTest, CopiesAndDecodedOnesAreTheSameSemaphore) {
  Semaphore semaphore(1);
  Semaphore copy = semaphore;
  Semaphore decoded = decode<Semaphore>(encode_message(semaphore));
  decoded.acquire();
  EXPECT_FALSE(semaphore.acquire(false));
  copy.release(2);
  EXPECT_EQ(decoded.get_value(), 2u);
}

TEST_F(SemaphoreForkTest, AnyProcessMayRelease) {
  Semaphore semaphore(0);
  Child child = Child::fork([&] {
    semaphore.release();
    return 0;
  });
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_EQ(child.wait(Deadline::never()), 0);
}

TEST_F(SemaphoreForkTest, LetsInNoMoreThanItsCount) {
  constexpr int kUnits = 3;
  Semaphore semaphore(kUnits);
  const auto work = [&] {
    for (int i = 0; i < 2'000; ++i) {
      const std::lock_guard guard(semaphore);
      const int inside = ++numbers_.inside;
      int most = numbers_.most_inside;
      while (inside > most && !numbers_.most_inside.compare_exchange_weak(most, inside)) {
      }
      std::this_thread::yield();
      --numbers_.inside;
    }
    return 0;
  };
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) children.push_back(Child::fork(work));
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  for (Child& child : children) EXPECT_EQ(child.wait(Deadline::never()), 0);
  EXPECT_LE(numbers_.most_inside, kUnits);
  EXPECT_EQ(semaphore.get_value(), std::uint32_t{kUnits});
}

TEST_F(SemaphoreTest, WorksInChildrenOfEveryStartMethod) {
  for (const std::string& method : get_all_start_methods()) {
    Semaphore there(0), back(0);
    Process process(
        {.start_method = mp::start_method(method)},
        [](Semaphore there, Semaphore back) {
          there.acquire();
          back.release(2);
        },
        there, back);
    process.start();
    there.release();
    EXPECT_TRUE(back.acquire());
    EXPECT_TRUE(back.acquire());
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
  }
}

// Each release finds its way to a live waiter, whoever else was killed while he waited.
TEST_F(SemaphoreForkTest, OutlivesEveryDeathOfItsWaiters) {
  Semaphore semaphore(0);
  const auto take = [&] {
    for (;;) {
      semaphore.acquire();
      ++numbers_.passed;
    }
    return 0;
  };
  Child survivor = Child::fork(take);
  for (int i = 0; i < 40; ++i) {
    Child victim = Child::fork(take);
    const int before = numbers_.passed;
    while (numbers_.passed < before + i) semaphore.release();
    victim.kill();
    victim.wait(Deadline::never());
  }
  while (semaphore.get_value() != 0) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) {
    const int before = numbers_.passed;
    semaphore.release();
    while (numbers_.passed == before) std::this_thread::yield();
  }
  survivor.kill();
  survivor.wait(Deadline::never());
}

using BoundedSemaphoreTest = SemaphoreTest;
using BoundedSemaphoreForkTest = BoundedSemaphoreTest;

TEST_F(BoundedSemaphoreTest, RefusesAReleaseTooMany) {
  BoundedSemaphore semaphore(2);
  EXPECT_THROW(semaphore.release(), ValueError);
  semaphore.acquire();
  EXPECT_THROW(semaphore.release(2), ValueError);
  EXPECT_EQ(semaphore.get_value(), 1u);
  semaphore.release();
  EXPECT_THROW(semaphore.release(), ValueError);
  EXPECT_EQ(semaphore.get_value(), 2u);
}

TEST_F(BoundedSemaphoreForkTest, BoundsTheReleasesOfAllProcessesAndCopies) {
  BoundedSemaphore semaphore;
  semaphore.acquire();
  Child child = Child::fork([&] {
    semaphore.release();
    try {
      semaphore.release();
    } catch (const ValueError&) {
      return 5;
    }
    return 1;
  });
  EXPECT_EQ(child.wait(Deadline::never()), 5);
  BoundedSemaphore decoded = decode<BoundedSemaphore>(encode_message(semaphore));
  EXPECT_THROW(decoded.release(), ValueError);
  EXPECT_TRUE(decoded.acquire(false));
  EXPECT_FALSE(semaphore.acquire(false));
}

}  // namespace
}  // namespace mp

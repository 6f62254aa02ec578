// Forked children, and children of another process, on systems that have them.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "platform/child.h"
#include "platform/wait.h"

namespace mp::platform {
namespace {

using Outcome = Channel::Outcome;
using std::chrono::milliseconds;

struct Ends {
  Ends() { std::tie(here, there) = Channel::pair(); }
  Channel here, there;
};

// Stays until the far end of its channel is closed, then ends with `code`.
struct Waiter {
  explicit Waiter(int code) {
    Ends ends;
    channel = std::move(ends.here);
    child = Child::fork([&] {
      channel.close();
      ends.there.receive(Deadline::never());
      return code;
    });
  }

  Channel channel;
  Child child;
};

TEST(ChildForkTest, EveryExitCodeArrives) {
  for (int code = 0; code < 256; ++code) {
    EXPECT_EQ(Child::fork([&] { return code; }).wait(Deadline::never()), code);
  }
}

TEST(ChildForkTest, AnErrorIsExitCodeOne) {
  EXPECT_EQ(Child::fork([]() -> int { throw std::runtime_error("on purpose"); }).wait(Deadline::never()), 1);
  EXPECT_EQ(Child::fork([]() -> int { throw 5; }).wait(Deadline::never()), 1);
}

TEST(ChildForkTest, WorksOnACopyOfTheMemory) {
  int number = 1;
  const Child child = Child::fork([&] { return number += 6; });
  EXPECT_EQ(child.wait(Deadline::never()), 7);
  EXPECT_EQ(number, 1);
}

TEST(ChildForkTest, KnowsItsOwnPid) {
  Ends ends;
  const Child child = Child::fork([&] {
    const std::int64_t pid = this_pid();
    ends.there.send(std::as_bytes(std::span(&pid, 1)), {}, Deadline::never());
    return 0;
  });
  const auto received = ends.here.receive(Deadline::never());
  EXPECT_EQ(*reinterpret_cast<const std::int64_t*>(received.message.bytes.data()), child.pid());
}

TEST(ChildForkTest, DoesNotRunTheExitHandlersOfItsParent) {
  static Channel* road = nullptr;
  Ends ends;
  road = &ends.there;
  const auto handler = [] {
    if (road != nullptr) road->send({}, {}, Deadline::never());
  };
  EXPECT_EQ(std::atexit(handler), 0);
  EXPECT_EQ(Child::fork([] { return 0; }).wait(Deadline::never()), 0);
  EXPECT_EQ(ends.here.receive(Deadline::passed()).outcome, Outcome::kLate);
  road = nullptr;
}

TEST(ChildForkTest, AForkedChildHasChildrenOfItsOwn) {
  Waiter sibling(0);
  sibling.child = Child();  // left behind while it runs: not the grandchild's business
  const Child child = Child::fork([] { return *Child::fork([] { return 5; }).wait(Deadline::never()) + 1; });
  EXPECT_EQ(child.wait(Deadline::never()), 6);
}

// What another thread of the parent had locked stays locked in the copy.
TEST(ChildForkTest, AForkedChildDestroysItsCopiesWhateverOtherThreadsDid) {
  Waiter waiter(0);
  std::atomic<bool> done = false;
  std::thread asker([&] {
    while (!done) waiter.child.exit_code();
  });
  for (int round = 0; round < 100; ++round) {
    const Child copier = Child::fork([&] {
      waiter.child = Child();
      return 0;
    });
    EXPECT_EQ(copier.wait(Deadline::never()), 0);
  }
  done = true;
  asker.join();
}

TEST(ChildForkTest, MayBeStartedByManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int round = 0; round < 20; ++round) {
        const int code = i * 20 + round;
        const Child child = Child::fork([code] { return code; });
        if (round % 2 == 0) continue;  // left behind, for another thread to reap
        EXPECT_EQ(child.wait(Deadline::never()), code);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

class RemoteChildTest : public testing::Test {
 protected:
  RemoteChildTest() {
    Channel far;
    std::tie(status_, far) = Channel::pair();
    remote_ = Child::remote(waiter_.child.pid(), waiter_.child.handle(), std::move(far));
  }

  // What a fork server does when its child has ended.
  void report() { Child::report(status_, *waiter_.child.wait(Deadline::never())); }

  Waiter waiter_{7};
  Channel status_;
  Child remote_;
};

TEST_F(RemoteChildTest, RunsUntilItEndsAndItsStarterReports) {
  EXPECT_EQ(remote_.pid(), waiter_.child.pid());
  EXPECT_EQ(remote_.exit_code(), std::nullopt);
  EXPECT_EQ(remote_.wait(Deadline::after(milliseconds(5))), std::nullopt);
  std::thread starter([&] { report(); });
  waiter_.channel.close();
  const NativeHandle sentinel = remote_.sentinel();
  EXPECT_EQ(wait_any(std::span(&sentinel, 1), Deadline::never()).size(), 1u);
  EXPECT_EQ(remote_.exit_code(), 7);
  EXPECT_EQ(remote_.wait(Deadline::never()), 7);
  starter.join();
}

TEST_F(RemoteChildTest, IsEndedByASignal) {
  remote_.terminate();
  report();
  EXPECT_EQ(remote_.wait(Deadline::never()), -15);
  remote_.kill();
  EXPECT_EQ(remote_.exit_code(), -15);
}

TEST_F(RemoteChildTest, IsWaitedForUntilTheDeadlineAlsoWhenOnlyTheReportIsMissing) {
  waiter_.channel.close();
  const NativeHandle sentinel = remote_.sentinel();
  wait_any(std::span(&sentinel, 1), Deadline::never());
  EXPECT_EQ(remote_.wait(Deadline::passed()), std::nullopt);
  EXPECT_EQ(remote_.wait(Deadline::after(milliseconds(5))), std::nullopt);
  remote_.kill();
  std::thread asker([&] { EXPECT_EQ(remote_.exit_code(), 7); });
  EXPECT_EQ(remote_.wait(Deadline::passed()), std::nullopt);
  report();
  EXPECT_EQ(remote_.wait(Deadline::never()), 7);
  asker.join();
}

TEST_F(RemoteChildTest, OutlivesItsStarterAndThenHasAnUnknownCode) {
  status_.close();
  EXPECT_EQ(remote_.exit_code(), std::nullopt);
  EXPECT_EQ(remote_.wait(Deadline::passed()), std::nullopt);
  waiter_.channel.close();
  EXPECT_EQ(remote_.wait(Deadline::never()), 255);
}

TEST_F(RemoteChildTest, TellsAllThreadsTheSame) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { EXPECT_EQ(remote_.wait(Deadline::never()), 7); });
  waiter_.channel.close();
  report();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(RemoteChildTest, NobodyNeedsToListenToAReport) {
  remote_ = Child();
  waiter_.channel.close();
  report();
  EXPECT_EQ(waiter_.child.exit_code(), 7);
}

}  // namespace
}  // namespace mp::platform

#include "platform/wait.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "platform/channel.h"
#include "platform/error.h"

namespace mp::platform {
namespace {

using Indices = std::vector<std::size_t>;
using std::chrono::milliseconds;

class WaitTest : public testing::Test {
 protected:
  explicit WaitTest(std::size_t count = 3) {
    for (std::size_t i = 0; i < count; ++i) {
      auto [near, far] = Channel::pair();
      handles_.push_back(near.native());
      near_.push_back(std::move(near));
      far_.push_back(std::move(far));
    }
  }

  void make_ready(std::size_t i) { ASSERT_EQ(far_[i].send({}, {}, Deadline::never()), Channel::Outcome::kDone); }

  std::vector<Channel> near_, far_;
  std::vector<NativeHandle> handles_;
};

TEST_F(WaitTest, GivesNothingAtTheDeadlineAndNotBefore) {
  EXPECT_EQ(wait_any(handles_, Deadline::passed()), Indices());
  const Deadline deadline = Deadline::after(milliseconds(20));
  EXPECT_EQ(wait_any(handles_, deadline), Indices());
  EXPECT_TRUE(deadline.has_passed());
}

TEST_F(WaitTest, OfNoHandlesIsAWaitForTheDeadline) {
  const Deadline deadline = Deadline::after(milliseconds(5));
  EXPECT_EQ(wait_any({}, deadline), Indices());
  EXPECT_TRUE(deadline.has_passed());
}

TEST_F(WaitTest, GivesAllThatAreReadyInOrder) {
  make_ready(2);
  make_ready(0);
  EXPECT_EQ(wait_any(handles_, Deadline::never()), (Indices{0, 2}));
  EXPECT_EQ(wait_any(handles_, Deadline::passed()), (Indices{0, 2}));
}

TEST_F(WaitTest, CountsAnEndedChannelAsReady) {
  far_[1].close();
  EXPECT_EQ(wait_any(handles_, Deadline::never()), Indices{1});
}

TEST_F(WaitTest, WakesForWhatHappensLater) {
  std::thread other([&] { make_ready(1); });
  EXPECT_EQ(wait_any(handles_, Deadline::never()), Indices{1});
  other.join();
}

TEST_F(WaitTest, RefusesWhatIsNoOpenHandle) {
  handles_.push_back(kNoHandle);
  EXPECT_THROW(wait_any(handles_, Deadline::passed()), OsError);
  handles_.back() = 1'000'000;  // beyond the limit of open handles
  EXPECT_THROW(wait_any(handles_, Deadline::passed()), OsError);
}

class WaitForManyTest : public WaitTest {
 protected:
  WaitForManyTest() : WaitTest(400) {}
};

TEST_F(WaitForManyTest, HasNoLimitOfItsOwn) {
  make_ready(399);
  EXPECT_EQ(wait_any(handles_, Deadline::never()), Indices{399});
}

}  // namespace
}  // namespace mp::platform

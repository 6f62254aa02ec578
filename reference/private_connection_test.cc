// Connections of which forked children keep no copy. The children are those of platform/, so each test does by hand what the hook does.
#include "reference/private_connection.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <utility>

#include "platform/child.h"
#include "reference/error.h"

namespace mp::proxy_internal {
namespace {

using process_internal::PrivateHandle;

PrivateConnection open(const Connection& end) {
  return PrivateConnection::open([&] { return end; });
}

// Runs the body in a child, which then lives until it is told to end.
class ForkedChild {
 public:
  explicit ForkedChild(const std::function<void()>& body = [] {}) {
    auto [ours, theirs] = Pipe();
    line_ = std::move(ours);
    PrivateHandle::before_fork();
    child_ = platform::Child::fork([&, end = std::move(theirs)] {
      PrivateHandle::in_child();
      body();
      end.send("ready");
      end.recv();
      return 0;
    });
    PrivateHandle::in_parent();
    EXPECT_EQ(line_.recv(), Object("ready"));
  }
  ~ForkedChild() {
    line_.send("end");
    EXPECT_EQ(child_.wait(platform::Deadline::never()), 0);
  }

 private:
  Connection line_;
  platform::Child child_;
};

TEST(PrivateConnectionTest, IsNotedAndClosed) {
  auto [ours, theirs] = Pipe();
  PrivateConnection kept = open(ours);
  EXPECT_TRUE(kept.is_own());
  kept.get().send(1);
  EXPECT_EQ(theirs.recv(), Object(1));
  PrivateConnection moved = std::move(kept);
  EXPECT_TRUE(moved.is_own());
  moved.close();
  EXPECT_TRUE(moved.closed());
  EXPECT_FALSE(moved.is_own());
  EXPECT_THROW(theirs.recv(), EOFError);
}

TEST(PrivateConnectionTest, EndsThoughAForkedChildLives) {
  auto [ours, theirs] = Pipe();
  PrivateConnection kept = open(ours);
  const ForkedChild child;
  kept.close();
  EXPECT_THROW(theirs.recv(), EOFError);
}

// What it closed there is the number of something else by now.
TEST(PrivateConnectionTest, ClosesNothingOfAForkedChild) {
  auto [ours, theirs] = Pipe();
  PrivateConnection kept = open(ours);
  const ForkedChild child([&] {
    auto [one, other] = Pipe();
    if (one.fileno() != kept.get().fileno() && other.fileno() != kept.get().fileno()) std::abort();
    if (kept.is_own()) std::abort();
    kept.close();
    one.send("still there");
    if (other.recv() != Object("still there")) std::abort();
  });
}

TEST(PrivateConnectionTest, IsOpenedOnceMoreWhenAChildWasForkedMeanwhile) {
  int opened = 0;
  const auto kept = PrivateConnection::open([&] {
    if (++opened == 1) {
      PrivateHandle::before_fork();
      PrivateHandle::in_parent();
    }
    return Pipe().first;
  });
  EXPECT_EQ(opened, 2);
}

}  // namespace
}  // namespace mp::proxy_internal

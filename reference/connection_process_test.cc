// Connections between real processes, by every start method, and what is left when one of them dies.
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "reference/connection.h"
#include "reference/error.h"
#include "reference/process.h"
#include "reference/start_method.h"
#include "reference/wait_many.h"

namespace mp {
namespace {

using namespace std::string_literals;

constexpr std::size_t kMoreThanTheRoadHolds = 32 << 20;

class ConnectionProcessTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { set_start_method(GetParam(), true); }

  // A child that runs `function` with the far end, of which nothing else has a copy.
  void start(void (*function)(Connection)) {
    auto [here, there] = Pipe();
    child_.emplace(function, there);
    child_->start();
    there.close();
    here_ = here;
  }
  void TearDown() override {
    if (!child_) return;
    child_->kill();
    child_->join();
  }

  Connection here_;
  std::optional<Process> child_;
};

INSTANTIATE_TEST_SUITE_P(By, ConnectionProcessTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

void send_list(Connection connection) {
  connection.send(list(42, nullptr, "hello"));
  connection.close();
}

TEST_P(ConnectionProcessTest, TheExampleOfTheDocumentation) {
  start(send_list);
  EXPECT_EQ(here_.recv(), list(42, nullptr, "hello"));
  EXPECT_THROW(here_.recv(), EOFError);
}

void echo(Connection connection) {
  for (;;) connection.send(connection.recv());
}

TEST_P(ConnectionProcessTest, HoldsAConversation) {
  start(echo);
  for (int i = 0; i < 100; ++i) {
    here_.send(i);
    ASSERT_EQ(here_.recv<int>(), i);
  }
}

TEST_P(ConnectionProcessTest, TheDeathOfTheOnlyHolderIsTheEnd) {
  start(echo);
  here_.send("alive");
  EXPECT_EQ(here_.recv(), "alive");
  child_->kill();
  EXPECT_THROW(here_.recv(), EOFError);
}

void send_large(Connection connection) { connection.send_bytes(std::string(kMoreThanTheRoadHolds, 'x')); }

// The child cannot be done with its message before it is read: whenever something of it is here, it is in the middle.
TEST_P(ConnectionProcessTest, AMessageCutByDeathIsAnError) {
  start(send_large);
  EXPECT_TRUE(here_.poll(Wait::forever()));
  child_->kill();
  child_->join();
  EXPECT_THROW(here_.recv_bytes(), OSError);
  EXPECT_THROW(here_.recv_bytes(), OSError);
}

void say_ready_and_never_read(Connection connection) {
  connection.send("ready");
  wait(std::vector<Connection>{});
}

// The send cannot end while nobody reads, so the death always meets it.
TEST_P(ConnectionProcessTest, ASendToADeadReaderIsAnError) {
  start(say_ready_and_never_read);
  EXPECT_EQ(here_.recv(), "ready");
  std::thread sender(
      [this] { EXPECT_THROW(here_.send_bytes(std::string(kMoreThanTheRoadHolds, 'x')), BrokenPipeError); });
  child_->kill();
  sender.join();
}

void use_what_comes(Connection connection) {
  const Connection other = connection.recv<Connection>();
  other.send(other.recv<int>() + 1);
}

TEST_P(ConnectionProcessTest, AConnectionGoesToAProcessThatRunsAlready) {
  start(use_what_comes);
  auto [a, b] = Pipe();
  here_.send(b);
  b.close();
  a.send(1);
  EXPECT_EQ(a.recv(), 2);
  EXPECT_THROW(a.recv(), EOFError);
}

TEST_P(ConnectionProcessTest, WaitTellsWhichEnded) {
  start(echo);
  EXPECT_TRUE(wait({here_, child_->sentinel()}, Wait::none()).empty());
  here_.send(1);
  EXPECT_EQ(wait({child_->sentinel(), here_}), (std::vector<Waitable>{here_}));
  EXPECT_EQ(here_.recv(), 1);
  child_->kill();
  EXPECT_EQ(wait(std::vector{child_->sentinel()}), std::vector{child_->sentinel()});
  EXPECT_EQ(wait({child_->sentinel(), here_}), (std::vector<Waitable>{child_->sentinel(), here_}));
}

TEST_P(ConnectionProcessTest, AnEndThatIsOnlyDroppedIsClosed) {
  Connection here;
  std::optional<Process> child;
  {
    auto pair = Pipe();
    here = pair.first;
    child.emplace(send_list, std::move(pair.second));
    child->start();
  }
  EXPECT_EQ(here.recv(), list(42, nullptr, "hello"));
  EXPECT_THROW(here.recv(), EOFError);
  child->join();
}

}  // namespace
}  // namespace mp

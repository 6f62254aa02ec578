#include "reference/wait_many.h"

#include <chrono>
#include <thread>

#include "gtest/gtest.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;

TEST(WaitMany, GivesAllThatAreReadyInTheGivenOrder) {
  auto [a, other_a] = Pipe();
  auto [b, other_b] = Pipe();
  auto [c, other_c] = Pipe();
  EXPECT_TRUE(wait(std::vector{a, b, c}, 0s).empty());
  other_c.send(1);
  other_a.send(1);
  EXPECT_EQ(wait(std::vector{c, b, a}), (std::vector{c, a}));
  EXPECT_EQ(wait(std::vector{a, b, c}), (std::vector{a, c}));
  a.recv();
  EXPECT_EQ(wait({a, b, c}), (std::vector<Waitable>{c}));
}

TEST(WaitMany, TheEndOfTheRoadIsReady) {
  auto [a, b] = Pipe();
  b.close();
  EXPECT_EQ(wait(std::vector{a}).size(), 1u);
}

TEST(WaitMany, TakesConnectionsAndNumbersTogether) {
  auto [a, other_a] = Pipe();
  auto [b, other_b] = Pipe();
  other_b.send(1);
  EXPECT_EQ(wait({a, b.fileno()}), (std::vector<Waitable>{b}));
}

TEST(WaitMany, WaitsUntilItsTimeout) {
  auto [a, b] = Pipe();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(wait(std::vector{a}, 20ms).empty());
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
  EXPECT_TRUE(wait(std::vector{a}, -1s).empty());
  EXPECT_TRUE(wait(std::vector<Connection>{}, 1ms).empty());
}

TEST(WaitMany, EndsWhenSomethingComes) {
  auto [a, b] = Pipe();
  std::thread sender([end = b] {
    std::this_thread::sleep_for(1ms);
    end.send(1);
  });
  EXPECT_EQ(wait(std::vector{a}), std::vector{a});
  sender.join();
}

TEST(WaitMany, TheExampleOfTheDocumentation) {
  std::vector<Connection> readers;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    auto [reader, writer] = Pipe(false);
    readers.push_back(reader);
    writers.emplace_back([i, end = std::move(writer)] {
      for (int n = 0; n < 10; ++n) end.send(std::pair(n, i));
    });
  }
  int messages = 0;
  while (!readers.empty()) {
    for (const Connection& reader : wait(readers)) {
      try {
        reader.recv();
        ++messages;
      } catch (const EOFError&) {
        std::erase(readers, reader);
      }
    }
  }
  EXPECT_EQ(messages, 40);
  for (std::thread& writer : writers) writer.join();
}

TEST(WaitMany, RefusesWhatIsClosed) {
  auto [a, b] = Pipe();
  a.close();
  EXPECT_THROW(wait(std::vector{a}), OSError);
  EXPECT_THROW(wait({-1}), OSError);
}

}  // namespace
}  // namespace mp

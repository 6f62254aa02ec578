#include "reference/ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include "platform/child.h"

namespace mp {
namespace {

bool put(Ring& ring, const std::string& text, bool grow = true) {
  std::byte* const room = ring.reserve(text.size(), grow);
  if (room == nullptr) return false;
  std::memcpy(room, text.data(), text.size());
  ring.commit(text.size());
  return true;
}

std::optional<std::string> get(Ring& ring) {
  const auto bytes = ring.front();
  if (!bytes) return std::nullopt;
  const std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  ring.pop();
  return text;
}

// A message that tells its number and its size apart from every other.
std::string message(unsigned number, std::size_t size) {
  std::string text(size, static_cast<char>('a' + number % 26));
  for (std::size_t i = 0; i < size; i += 997) text[i] = static_cast<char>(number + i);
  return text;
}

// Nothing where the system does not tell. (Under Wine this file is there, and speaks of Wine's server.)
std::optional<std::size_t> resident_kibibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("Pid:", 0) == 0 && std::stoll(line.substr(4)) != platform::this_pid()) return std::nullopt;
    if (line.rfind("RssShmem:", 0) == 0) return std::stoul(line.substr(9));
  }
  return std::nullopt;
}

TEST(Ring, KeepsOrderAndContent) {
  Ring ring = Ring::create();
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(get(ring), std::nullopt);
  EXPECT_TRUE(put(ring, "one"));
  EXPECT_TRUE(put(ring, ""));
  EXPECT_TRUE(put(ring, "three"));
  EXPECT_EQ(ring.size(), 3u);
  EXPECT_EQ(get(ring), "one");
  EXPECT_EQ(get(ring), "");
  EXPECT_EQ(get(ring), "three");
  EXPECT_TRUE(ring.empty());
}

TEST(Ring, ReservedButNotCommittedIsNotThere) {
  Ring ring = Ring::create();
  std::memset(ring.reserve(100, true), 1, 100);
  EXPECT_TRUE(ring.empty());
  EXPECT_TRUE(put(ring, "x"));
  EXPECT_EQ(get(ring), "x");
  EXPECT_TRUE(ring.empty());
}

TEST(Ring, FrontWithoutPopLeavesTheMessage) {
  Ring ring = Ring::create();
  put(ring, "x");
  EXPECT_TRUE(ring.front());
  EXPECT_EQ(ring.size(), 1u);
  EXPECT_EQ(get(ring), "x");
}

TEST(Ring, GrowsOnlyWhenAllowed) {
  Ring ring = Ring::create();
  unsigned puts = 0;
  while (put(ring, message(puts, 10'000), false)) ++puts;
  EXPECT_GT(puts, 50u);
  for (unsigned i = 0; i < 500; ++i) EXPECT_TRUE(put(ring, message(puts++, 10'000), true));
  EXPECT_EQ(ring.size(), puts);
  for (unsigned i = 0; i < puts; ++i) ASSERT_EQ(get(ring), message(i, 10'000));
  EXPECT_TRUE(ring.empty());
}

TEST(Ring, TakesMessagesLargerThanItsFirstSegment) {
  Ring ring = Ring::create();
  for (std::size_t size : {std::size_t{5} << 20, std::size_t{1}, (std::size_t{1} << 20) - 8, std::size_t{1} << 20,
                           std::size_t{100} << 20}) {
    EXPECT_TRUE(put(ring, message(7, size)));
    EXPECT_EQ(get(ring), message(7, size));
  }
  EXPECT_EQ(ring.reserve(ring.largest_message() + 1, true), nullptr);
  EXPECT_NE(ring.reserve(ring.largest_message(), true), nullptr);
}

TEST(Ring, GivesTheMemoryOfABurstBack) {
  Ring ring = Ring::create();
  constexpr unsigned kMessages = 200;
  const auto before = resident_kibibytes();
  for (unsigned i = 0; i < kMessages; ++i) put(ring, message(i, 1 << 20));
  const auto full = resident_kibibytes();
  for (unsigned i = 0; i < kMessages; ++i) ASSERT_EQ(get(ring), message(i, 1 << 20));
  put(ring, "small");
  EXPECT_EQ(get(ring), "small");
  if (before) {
    EXPECT_GT(*full, *before + kMessages * 1024);
    EXPECT_LT(*resident_kibibytes(), *before + 17 * 1024);
  }
}

TEST(Ring, AdoptedIsTheSame) {
  Ring ring = Ring::create();
  Ring other = Ring::adopt(ring.handle());
  put(ring, "x");
  EXPECT_EQ(get(other), "x");
  EXPECT_TRUE(ring.empty());
}

// Random steps, and a std::deque that says what has to come out: at all sizes, through growth, return and wrapping.
TEST(Ring, DoesWhatADequeDoes) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    Ring ring = Ring::create();
    std::deque<std::pair<unsigned, std::size_t>> model;
    for (unsigned step = 0; step < 3'000; ++step) {
      const unsigned appetite = step / 500 % 2 == 0 ? 6 : 4;  // of 10: by turns mostly puts and mostly gets
      if (random() % 10 < appetite) {
        const std::size_t size = random() % (std::size_t{1} << random() % (random() % 20 == 0 ? 23 : 15));
        ASSERT_TRUE(put(ring, message(step, size)));
        model.emplace_back(step, size);
      } else if (model.empty()) {
        ASSERT_EQ(get(ring), std::nullopt);
      } else {
        ASSERT_EQ(get(ring), message(model.front().first, model.front().second)) << "seed " << seed << " step " << step;
        model.pop_front();
      }
      ASSERT_EQ(ring.size(), model.size());
      ASSERT_EQ(ring.empty(), model.empty());
    }
  }
}

// One writer and one reader at full speed, without anything between them.
TEST(Ring, OneWriterAndOneReaderNeedNoLock) {
  Ring ring = Ring::create();
  constexpr unsigned kMessages = 200'000;
  const auto size_of = [](unsigned number) {
    return number % 1000 == 0 ? std::size_t{100'000} : std::size_t{number % 64};
  };
  std::thread writer([&] {
    for (unsigned i = 0; i < kMessages; ++i) put(ring, message(i, size_of(i)));
  });
  for (unsigned i = 0; i < kMessages;) {
    const auto text = get(ring);
    if (!text) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(*text, message(i, size_of(i)));
    ++i;
  }
  writer.join();
  EXPECT_TRUE(ring.empty());
}

}  // namespace
}  // namespace mp

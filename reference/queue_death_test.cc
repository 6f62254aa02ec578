// Producers and consumers of a queue are killed at any instruction, under each start method: nothing comes twice, nothing out of order, nothing
// torn, and whoever is left gets on. What is missing is what the killed had in their hands.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reference/process.h"
#include "reference/process_line.h"
#include "reference/queue.h"
#include "reference/shared_array.h"
#include "reference/start_method.h"

namespace mp {
namespace {

constexpr int kProducers = 2;
constexpr int kConsumers = 2;
constexpr int kMostItems = 20'000'000;

using Item = std::vector<std::int32_t>;  // its producer, its number, then as many copies of the number as its size says

enum class Sizes { kSmall, kGrowing, kAll };

std::size_t size_of(Sizes sizes, int number) {
  switch (sizes) {
    case Sizes::kSmall: return 0;
    case Sizes::kGrowing: return number % 50 == 0 ? 300'000 : number % 100;
    case Sizes::kAll: return number % 100 == 0 ? 500'000 : number % 1'000;
  }
  return 0;
}

Item whole(Sizes sizes, int producer, int number) {
  Item item(2 + size_of(sizes, number), number);
  item[0] = producer;
  return item;
}

// A note of every item, where all can see it.
class Notes {
 public:
  // The number of the next item; below it each was put, or its producer died with it.
  std::atomic_ref<std::int32_t> next(int producer) const { return std::atomic_ref(counts_[producer]); }
  std::atomic_ref<std::int32_t> got() const { return std::atomic_ref(counts_[kProducers]); }
  std::atomic_ref<std::int32_t> stop() const { return std::atomic_ref(counts_[kProducers + 1]); }
  // Whether the process that has this place by now is through its first item.
  std::atomic_ref<std::int32_t> producer_works(int producer) const {
    return std::atomic_ref(counts_[kProducers + 2 + producer]);
  }
  std::atomic_ref<std::int32_t> consumer_works(int consumer) const {
    return std::atomic_ref(counts_[2 * kProducers + 2 + consumer]);
  }
  std::atomic_ref<std::uint8_t> seen(int producer, int number) const {
    return std::atomic_ref(seen_.data()[std::size_t(producer) * kMostItems + number]);
  }

  Notes() = default;
  explicit Notes(Undecoded tag) : counts_(tag), seen_(tag) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(counts_, seen_);
  }

 private:
  RawArray<std::int32_t> counts_ = RawArray<std::int32_t>(2 * kProducers + 2 + kConsumers);
  RawArray<std::uint8_t> seen_ = RawArray<std::uint8_t>(std::int64_t{kProducers} * kMostItems);
};

void produce(Queue<Item> queue, Notes notes, int producer, Sizes sizes, int most_items) {
  for (;;) {
    const int number = notes.next(producer).fetch_add(1);
    if (number >= most_items || notes.stop()) return;
    queue.put(whole(sizes, producer, number));
    notes.producer_works(producer) = 1;
  }
}

// Until an item without content comes.
void consume(Queue<Item> queue, Notes notes, int consumer, Sizes sizes) {
  int last[kProducers] = {-1, -1};
  for (;;) {
    const Item item = queue.get();
    if (item.empty()) return;
    const int producer = item.at(0);
    const int number = item.at(1);
    if (item != whole(sizes, producer, number)) throw std::logic_error("an item is not whole");
    if (number <= std::exchange(last[producer], number)) throw std::logic_error("an item comes too late");
    if (notes.seen(producer, number).fetch_add(1) != 0) throw std::logic_error("an item comes twice");
    notes.got().fetch_add(1);
    notes.consumer_works(consumer) = 1;
  }
}

// Two who put and two who get.
class QueueDeathTest : public ByEachMethod {
 protected:
  void begin(Queue<Item> queue, Sizes sizes, int most_items = kMostItems) {
    queue_ = std::move(queue);
    sizes_ = sizes;
    most_items_ = most_items;
    for (int i = 0; i < kProducers; ++i) producers_.push_back(new_producer(i));
    for (int i = 0; i < kConsumers; ++i) consumers_.push_back(new_consumer(i));
  }

  // How many items are missing when all has come to rest.
  int finish() {
    for (Process& producer : producers_) expect_end(producer);
    for (int i = 0; i < kConsumers; ++i) queue_->put({});
    for (Process& consumer : consumers_) expect_end(consumer);
    EXPECT_TRUE(queue_->empty());
    int missing = 0;
    for (int producer = 0; producer < kProducers; ++producer) {
      const int put = std::min<int>(notes_.next(producer) - 1, most_items_);
      for (int i = 0; i < put; ++i) missing += notes_.seen(producer, i) == 0;
    }
    return missing;
  }

  // A fork is cheap enough for a thousand deaths in all three tests, as many of producers as of consumers.
  void storm(int deaths_by_fork) {
    const int deaths = forks() ? deaths_by_fork : deaths_by_fork / 10;
    for (int i = 0; i < deaths && !HasFatalFailure(); ++i) kill_one(i % 2 == 0, static_cast<int>(random_() % 2));
    notes_.stop() = 1;
    EXPECT_LE(finish(), deaths);
  }

 private:
  Process new_producer(int number) {
    notes_.producer_works(number) = 0;
    Process process(produce, *queue_, notes_, number, sizes_, most_items_);
    process.start();
    return process;
  }
  Process new_consumer(int number) {
    notes_.consumer_works(number) = 0;
    Process process(consume, *queue_, notes_, number, sizes_);
    process.start();
    return process;
  }

  static void expect_end(Process& process) {
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
  }

  // In the middle of its work, wherever that is after so many more items. Another takes its place.
  void kill_one(bool producer, int victim) {
    while (!(producer ? notes_.producer_works(victim) : notes_.consumer_works(victim))) std::this_thread::yield();
    const int enough = notes_.got() + static_cast<int>(random_() % 200);
    while (notes_.got() < enough) std::this_thread::yield();  // whoever is left gets on
    Process& process = producer ? producers_[victim] : consumers_[victim];
    process.kill();
    process.join();
    ASSERT_EQ(process.exitcode(), killed()) << "not killed, but ended by itself";
    process = producer ? new_producer(victim) : new_consumer(victim);
  }

  Notes notes_;
  std::optional<Queue<Item>> queue_;
  Sizes sizes_ = Sizes::kSmall;
  int most_items_ = kMostItems;
  std::mt19937 random_{std::random_device{}()};
  std::vector<Process> producers_;
  std::vector<Process> consumers_;
};

INSTANTIATE_TEST_SUITE_P(By, QueueDeathTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

TEST_P(QueueDeathTest, EachItemComesOnceAndInTheOrderOfItsProducer) {
  begin(Queue<Item>(), Sizes::kSmall, 50'000);
  EXPECT_EQ(finish(), 0);
}

TEST_P(QueueDeathTest, SoDoItemsOfAllSizesThroughABoundedQueue) {
  begin(Queue<Item>(5), Sizes::kAll, 5'000);
  EXPECT_EQ(finish(), 0);
}

TEST_P(QueueDeathTest, SmallItemsOutliveManyDeaths) {
  begin(Queue<Item>(1'000), Sizes::kSmall);
  storm(450);
}

TEST_P(QueueDeathTest, ItemsInAQueueThatIsAlwaysFullOutliveManyDeaths) {
  begin(Queue<Item>(3), Sizes::kSmall);
  storm(400);
}

TEST_P(QueueDeathTest, ItemsThatMakeTheQueueGrowOutliveManyDeaths) {
  begin(Queue<Item>(), Sizes::kGrowing);
  storm(150);
}

// Who is killed while he waits takes nobody's item with him.
TEST_P(QueueDeathTest, OthersGoOnWhenWaitersAreKilled) {
  Queue<int> items, results;
  RawValue<std::int32_t> about_to_wait(0);
  const auto pass_on = [](Queue<int> from, Queue<int> to, RawValue<std::int32_t> about_to_wait) {
    std::atomic_ref(*about_to_wait).fetch_add(1);
    to.put(from.get());
  };
  const int rounds = forks() ? 20 : 4;
  for (int round = 1; round <= rounds; ++round) {
    std::vector<Process> processes;
    for (int i = 0; i < 3; ++i) processes.emplace_back(pass_on, items, results, about_to_wait).start();
    while (std::atomic_ref(*about_to_wait) < 3 * round) std::this_thread::yield();
    for (int i = 0; i < 2; ++i) {
      processes[i].kill();
      processes[i].join();
      EXPECT_EQ(processes[i].exitcode(), killed());
    }
    items.put(round);
    EXPECT_EQ(results.get(), round);
    processes[2].join();
    EXPECT_EQ(processes[2].exitcode(), 0);
  }
}

}  // namespace
}  // namespace mp

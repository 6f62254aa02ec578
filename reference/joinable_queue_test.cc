#include "reference/joinable_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "platform/child.h"
#include "platform/region.h"
#include "reference/context.h"
#include "reference/error.h"
#include "reference/event.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using platform::Child;
using platform::Deadline;

void expect_end(Child& child) { EXPECT_EQ(child.wait(Deadline::never()), 0); }

// A value where all processes of a test can see it.
template <class T>
class Shared {
 public:
  T& operator*() const { return *reinterpret_cast<T*>(region_.data()); }
  T* operator->() const { return &**this; }

 private:
  platform::Region region_ = platform::Region::create(sizeof(T));  // zeros
};

TEST(JoinableQueue, IsAQueue) {
  JoinableQueue<std::string> queue(2);
  queue.put("one");
  queue.put_nowait("two");
  EXPECT_TRUE(queue.full());
  EXPECT_THROW(queue.put_nowait("three"), Full);
  EXPECT_THROW(queue.put("three", true, 1ms), Full);
  EXPECT_EQ(queue.get(), "one");
  EXPECT_EQ(queue.get_nowait(), "two");
  EXPECT_THROW(queue.get(true, 1ms), Empty);
  EXPECT_TRUE(queue.empty());
  queue.close();
  queue.join_thread();
  EXPECT_THROW(queue.put("four"), ValueError);
}

TEST(JoinableQueue, CountsWhatIsPutAndWhatIsDoneAndNotWhatIsGot) {
  JoinableQueue<int> queue(2);
  EXPECT_EQ(queue.unfinished_tasks(), 0u);
  queue.put(1);
  queue.put(2);
  EXPECT_THROW(queue.put_nowait(3), Full);
  EXPECT_EQ(queue.unfinished_tasks(), 2u);
  queue.get();
  queue.get();
  EXPECT_EQ(queue.unfinished_tasks(), 2u);
  queue.task_done();
  EXPECT_EQ(queue.unfinished_tasks(), 1u);
  queue.task_done();
  EXPECT_EQ(queue.unfinished_tasks(), 0u);
}

// One thread puts an item and reports it, in turns, so that there are never two.
TEST(JoinableQueue, CountsWhatIsUnfinishedAtOneMoment) {
  JoinableQueue<int> queue;
  std::atomic<bool> done = false;
  std::atomic<std::uint32_t> most = 0;
  const auto look = [&] {
    while (!done) {
      const std::uint32_t seen = queue.unfinished_tasks();
      if (seen > most) most = seen;
    }
  };
  std::thread first(look), second(look);
  for (int i = 0; i < 200'000; ++i) {
    queue.put(i);
    queue.get();
    queue.task_done();
  }
  done = true;
  first.join();
  second.join();
  EXPECT_LE(most, 1u);
}

TEST(JoinableQueue, OneReportTooManyIsRefusedAndChangesNothing) {
  JoinableQueue<int> queue;
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.put(1);
  queue.task_done();
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.put(2);
  EXPECT_EQ(queue.unfinished_tasks(), 1u);
  EXPECT_FALSE(queue.join(0s));
}

TEST(JoinableQueue, JoinWaitsOnlyWhileSomethingIsUnfinished) {
  JoinableQueue<int> queue;
  EXPECT_TRUE(queue.join());
  EXPECT_TRUE(queue.join(-1s));
  queue.put(1);
  queue.get();
  EXPECT_FALSE(queue.join(0s));
  const auto begin = Deadline::Clock::now();
  EXPECT_FALSE(queue.join(250ms));
  EXPECT_GE(Deadline::Clock::now() - begin, 250ms);
  queue.task_done();
  EXPECT_TRUE(queue.join());
}

TEST(JoinableQueue, CanBeReportedAndJoinedWhenItIsClosed) {
  JoinableQueue<int> queue;
  queue.put(1);
  queue.close();
  EXPECT_FALSE(queue.join(0s));
  queue.task_done();
  EXPECT_TRUE(queue.join());
}

TEST(JoinableQueue, CopiesAreTheSameAlsoAsAQueue) {
  JoinableQueue<int> queue;
  JoinableQueue<int> decoded = decode<JoinableQueue<int>>(encode_message(queue));
  Queue<int> plain = queue;
  plain.put(1);
  EXPECT_EQ(decoded.unfinished_tasks(), 1u);
  EXPECT_EQ(decoded.get(), 1);
  decoded.task_done();
  EXPECT_TRUE(queue.join());
  EXPECT_THROW(queue.task_done(), ValueError);
}

void square_all(JoinableQueue<int> tasks, Queue<int> results) {
  while (const int task = tasks.get()) {
    results.put(task * task);
    tasks.task_done();
  }
}

TEST(JoinableQueue, GoesAsAnArgumentUnderEveryStartMethod) {
  for (const std::string& method : get_all_start_methods()) {
    const Context context = get_context(method);
    auto tasks = context.JoinableQueue<int>();
    auto results = context.JoinableQueue<int>();  // arrives as a Queue
    Process worker = context.Process(square_all, tasks, results);
    worker.start();
    for (int task = 1; task <= 100; ++task) tasks.put(task);
    EXPECT_TRUE(tasks.join());
    EXPECT_EQ(results.unfinished_tasks(), 100u);
    for (int task = 1; task <= 100; ++task) EXPECT_EQ(results.get_nowait(), task * task);
    tasks.put(0);
    worker.join();
    EXPECT_EQ(worker.exitcode(), 0);
  }
}

TEST(JoinableQueueFork, TheLastReportLetsAllGoWhoJoin) {
  JoinableQueue<int> queue;
  const Shared<std::atomic<int>> waiting, back;
  const auto join = [&] {
    ++*waiting;
    if (queue.join()) ++*back;
    return 0;
  };
  queue.put(1);
  queue.put(2);
  std::vector<Child> children;
  for (int i = 0; i < 3; ++i) children.push_back(Child::fork(join));
  std::thread thread(join);
  while (*waiting < 4) std::this_thread::yield();
  queue.task_done();
  EXPECT_FALSE(queue.join(20ms));
  EXPECT_EQ(*back, 0);
  queue.task_done();
  thread.join();
  for (Child& child : children) expect_end(child);
  EXPECT_EQ(*back, 4);
}

// How long after `end` a `wait` comes back in another thread, which is asleep by then: `pause` gives it the time.
Deadline::Clock::duration wake_up(const std::function<void()>& wait, const std::function<void()>& pause,
                                  const std::function<void()>& end) {
  std::atomic<bool> is_waiting = false;
  Deadline::Clock::time_point back;
  std::thread waiter([&] {
    is_waiting = true;
    wait();
    back = Deadline::Clock::now();
  });
  while (!is_waiting) std::this_thread::yield();
  pause();
  const auto ended = Deadline::Clock::now();
  end();
  waiter.join();
  return back - ended;
}

// Woken, and not by a look of their own some time later: about as quick as an event, measured in turns with it.
TEST(JoinableQueue, TheLastReportWakesThoseWhoSleep) {
  JoinableQueue<int> queue;
  Event event, never;
  const auto pause = [&] { never.wait(2ms); };
  std::array<Deadline::Clock::duration, 15> of_join, of_event;
  for (std::size_t i = 0; i < of_join.size(); ++i) {
    queue.put(1);
    of_join[i] = wake_up([&] { queue.join(); }, pause, [&] { queue.task_done(); });
    event.clear();
    of_event[i] = wake_up([&] { event.wait(); }, pause, [&] { event.set(); });
  }
  std::ranges::sort(of_join);
  std::ranges::sort(of_event);
  EXPECT_LT(of_join[7], 10 * of_event[7] + 20ms);
}

// The count is zero only for a moment each time, mostly over when somebody who was woken gets to look. One joins in a
// process, three in threads; pulses go on until all of them have come back as often as they should.
TEST(JoinableQueueFork, AJoinSeesThatNothingWasUnfinishedForAMoment) {
  constexpr int kJoins = 200;
  JoinableQueue<int> queue;
  const Shared<std::atomic<int>> joins;
  const auto join = [&] {
    for (int i = 0; i < kJoins; ++i, ++*joins) {
      if (!queue.join()) return 1;
    }
    return 0;
  };
  queue.put(0);
  Child child = Child::fork(join);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(join);
  while (*joins < 4 * kJoins) {
    queue.get();
    queue.task_done();
    queue.put(0);
    std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  expect_end(child);
  EXPECT_EQ(queue.unfinished_tasks(), 1u);
}

// Whoever puts an item and joins finds it done, whatever others put, report and join at the same time. Some items take
// longer than others, so that they are not done in the order in which they were put.
constexpr int kJoiners = 3;
constexpr int kItems = 3'000;
using Done = std::array<std::array<std::atomic<bool>, kItems>, kJoiners>;

TEST(JoinableQueueFork, WhoJoinsFindsDoneWhatHePut) {
  JoinableQueue<std::array<int, 2>> queue;  // whose, and which
  const Shared<Done> done;
  const auto work = [&] {
    for (;;) {
      const auto [whose, which] = queue.get();
      if (whose < 0) return 0;
      for (int i = 0; i < (whose * 7 + which * 5) % 20; ++i) std::this_thread::yield();
      (*done)[whose][which] = true;
      queue.task_done();
    }
  };
  const auto put_and_join = [&](int whose) {
    for (int which = 0; which < kItems; ++which) {
      queue.put({whose, which});
      if (!queue.join() || !(*done)[whose][which]) return 1;
    }
    return 0;
  };
  Child workers[] = {Child::fork(work), Child::fork(work)};
  std::vector<Child> joiners;
  for (int i = 0; i < kJoiners; ++i) joiners.push_back(Child::fork([&, i] { return put_and_join(i); }));
  for (Child& joiner : joiners) expect_end(joiner);
  EXPECT_EQ(queue.unfinished_tasks(), 0u);
  for (int i = 0; i < 2; ++i) queue.put({-1, 0});
  for (Child& worker : workers) expect_end(worker);
}

// Somebody who dies while he waits takes nobody's wake-up with him.
TEST(JoinableQueueFork, OthersComeBackWhenWaitersAreKilled) {
  JoinableQueue<int> queue;
  const Shared<std::atomic<int>> waiting;
  const auto join = [&] {
    ++*waiting;
    return queue.join() ? 0 : 1;
  };
  for (int round = 1; round <= 20; ++round) {
    queue.put(round);
    Child victims[] = {Child::fork(join), Child::fork(join)};
    Child survivor = Child::fork(join);
    while (*waiting < 3 * round) std::this_thread::yield();
    for (Child& victim : victims) {
      victim.kill();
      EXPECT_EQ(victim.wait(Deadline::never()), -9);
    }
    queue.task_done();
    expect_end(survivor);
  }
}

// Producers, consumers and joiners, killed at any instruction of theirs. A round ends when the count has come to rest:
// then what is unfinished is what killed consumers had in their hands. The test reports it in their place, and all who
// join come back.
class JoinableQueueForkStorm : public testing::Test {
 protected:
  struct Notes {
    std::atomic<int> got;
    std::atomic<bool> stop;
  };
  enum Role { kProducer, kConsumer, kJoiner, kRoles };
  static constexpr int kOfEach = 2;

  int produce() {
    while (!notes_->stop) {
      if (queue_.qsize() > 100) {
        std::this_thread::yield();
        continue;
      }
      queue_.put(1);
    }
    return 0;
  }
  // Ends with 0 at an item that says so, with 1 when its report is refused.
  int consume() {
    try {
      for (;;) {
        const int item = queue_.get();
        ++notes_->got;
        queue_.task_done();
        if (item == 0) return 0;
      }
    } catch (const ValueError&) {
      return 1;
    }
  }
  int join() { return queue_.join() ? 0 : 1; }

  Child begin(int role) {
    return Child::fork([this, role] { return role == kProducer ? produce() : role == kConsumer ? consume() : join(); });
  }

  // Joiners come back whenever the count is zero; everybody else only when he is killed.
  void kill_one(std::vector<Child>& crew, int& dead_consumers) {
    const std::size_t victim = random_() % crew.size();
    const int role = static_cast<int>(victim) / kOfEach;
    crew[victim].kill();
    const int status = crew[victim].wait(Deadline::never()).value();
    ASSERT_TRUE(status == -9 || (role == kJoiner && status == 0)) << "role " << role << " ended with " << status;
    dead_consumers += role == kConsumer;
    crew[victim] = begin(role);
  }

  void round(int deaths) {
    notes_->stop = false;
    std::vector<Child> crew;
    for (int i = 0; i < kRoles * kOfEach; ++i) crew.push_back(begin(i / kOfEach));
    int dead_consumers = 0;
    for (int i = 0; i < deaths; ++i) {
      const int goal = notes_->got + static_cast<int>(random_() % 100);
      while (notes_->got < goal) std::this_thread::yield();  // whoever is left gets on
      kill_one(crew, dead_consumers);
      if (HasFatalFailure()) return;
    }
    notes_->stop = true;
    for (int i = 0; i < kOfEach; ++i) expect_end(crew[kProducer * kOfEach + i]);
    for (int i = 0; i < kOfEach; ++i) queue_.put(0);
    for (int i = 0; i < kOfEach; ++i) expect_end(crew[kConsumer * kOfEach + i]);
    EXPECT_TRUE(queue_.empty());
    const int lost = static_cast<int>(queue_.unfinished_tasks());
    EXPECT_LE(lost, dead_consumers);
    for (int i = 0; i < lost; ++i) queue_.task_done();
    EXPECT_THROW(queue_.task_done(), ValueError);
    EXPECT_TRUE(queue_.join());
    for (int i = 0; i < kOfEach; ++i) expect_end(crew[kJoiner * kOfEach + i]);
  }

  Shared<Notes> notes_;
  JoinableQueue<int> queue_;
  std::mt19937 random_{std::random_device{}()};
};

TEST_F(JoinableQueueForkStorm, TheCountIsRightAndAllWhoJoinComeBackAfterManyDeaths) {
  for (int i = 0; i < 50 && !HasFailure(); ++i) round(10);
}

}  // namespace
}  // namespace mp

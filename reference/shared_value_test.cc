#include "reference/shared_value.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "reference/ctypes.h"
#include "reference/error.h"
#include "reference/lock.h"
#include "reference/process.h"
#include "reference/queue.h"
#include "reference/start_method.h"

namespace mp {
namespace {

struct Point {
  double x = 1;
  double y = 1;
  bool operator==(const Point&) const = default;
};

TEST(RawValueTest, IsZeroWhateverTheTypeBeginsWith) {
  EXPECT_EQ(RawValue<int>().value(), 0);
  EXPECT_EQ(RawValue<Point>().value(), (Point{0, 0}));
}

TEST(RawValueTest, KeepsWhatIsWritten) {
  RawValue<int> value(7);
  EXPECT_EQ(value.value(), 7);
  value.set_value(8);
  ++*value;
  EXPECT_EQ(*value, 9);
  RawValue<Point> point({4, 6});
  point->x = 5;
  EXPECT_EQ(*point, (Point{5, 6}));
}

TEST(RawValueTest, CopiesAreTheSameMemoryAndCopyMakesAnother) {
  RawValue<int> value(1);
  RawValue<int> same = value;
  RawValue<int> other = copy(value);
  value.set_value(2);
  EXPECT_EQ(*same, 2);
  EXPECT_EQ(*other, 1);
}

template <class T>
void keeps_its_limits() {
  for (const T limit : {std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max()}) {
    EXPECT_EQ(Value<T>(limit).value(), limit);
    EXPECT_EQ(decode<RawValue<T>>(encode_message(RawValue<T>(limit))).value(), limit);
  }
}

template <class... T>
void all_keep_their_limits(std::tuple<T...>*) {
  (keeps_its_limits<T>(), ...);
}

TEST(ValueTest, HoldsEveryTypeOfTheTables) {
  using Codes = std::tuple<Code<'c'>, Code<'b'>, Code<'B'>, Code<'u'>, Code<'h'>, Code<'H'>, Code<'i'>, Code<'I'>,
                           Code<'l'>, Code<'L'>, Code<'q'>, Code<'Q'>, Code<'f'>, Code<'d'>>;
  using Names = std::tuple<c_bool, c_char, c_wchar, c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong,
                           c_longlong, c_ulonglong, c_float, c_double, c_longdouble>;
  all_keep_their_limits(static_cast<Codes*>(nullptr));
  all_keep_their_limits(static_cast<Names*>(nullptr));
  int target = 0;
  EXPECT_EQ(Value<c_void_p>(&target).value(), &target);
  const char* const text = "hello";
  EXPECT_EQ(Value<c_char_p>(text).value(), text);
}

TEST(ValueTest, GuardsWithARecursiveLockOfItsOwn) {
  Value<int> value(1);
  const std::lock_guard guard(value);
  EXPECT_TRUE(value.get_lock().acquire(false));
  value.release();
  value.set_value(value.value() + 1);
  EXPECT_EQ(value.value(), 2);
  std::thread([&] { EXPECT_FALSE(value.acquire(false)); }).join();
}

TEST(ValueTest, UsesTheLockThatItIsGiven) {
  Lock lock;
  Value value(1, lock);
  static_assert(std::is_same_v<decltype(value), Value<int, Lock>>);
  value.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(value.get_obj().value(), 1);
  lock.release();
  EXPECT_FALSE(value.get_lock().locked());
  EXPECT_EQ(value.value(), 1);
  RLock rlock;
  Value second(2.5, rlock);
  second.acquire();
  EXPECT_TRUE(rlock.locked());
}

TEST(ValueTest, AnAccessWaitsForTheHolder) {
  Value<int> value(1);
  std::atomic<bool> done = false;
  value.acquire();
  std::thread reader([&] {
    EXPECT_EQ(value.value(), 2);
    done = true;
  });
  std::this_thread::yield();
  EXPECT_FALSE(done);
  *value.get_obj() = 2;  // the reader cannot have read yet
  value.release();
  reader.join();
}

TEST(ValueTest, GetObjIsTheSameMemory) {
  RawValue<int> raw(1);
  Value<int> value(raw);
  value.set_value(2);
  EXPECT_EQ(*raw, 2);
  EXPECT_EQ(&*value.get_obj(), &*raw);
}

TEST(ValueTest, UpdateIsOneStepForThreads) {
  Value<int> value(0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5'000; ++n) value.update([](int& number) { ++number; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(value.value(), 20'000);
}

TEST(ValueTest, TravelsToChildrenOnly) {
  EXPECT_THROW(encode(Value<int>(1)), RuntimeError);
  EXPECT_THROW(encode(RawValue<int>(1)), RuntimeError);
  EXPECT_THROW(decode<RawValue<short>>(encode_message(RawValue<int>(1))), PickleError);
}

class ValueProcessTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { set_start_method(GetParam(), true); }
};

INSTANTIATE_TEST_SUITE_P(By, ValueProcessTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

void change(Value<double> number, RawValue<Point> point, Value<int, Lock> counter, Lock lock) {
  number.set_value(3.1415927);
  point->y = 7;
  lock.acquire();
  ++*counter.get_obj();
  lock.release();
}

TEST_P(ValueProcessTest, AChildChangesWhatItsParentSees) {
  Value<double> number(0);
  RawValue<Point> point({5, 6});
  Lock lock;
  Value<int, Lock> counter(1, lock);
  Process child(change, number, point, counter, lock);
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(number.value(), 3.1415927);
  EXPECT_EQ(*point, (Point{5, 7}));
  EXPECT_EQ(counter.value(), 2);
}

void count_up(std::vector<Value<int>> values, int times) {
  for (int i = 0; i < times; ++i) {
    for (Value<int>& value : values) {
      const std::lock_guard guard(value.get_lock());
      value.set_value(value.value() + 1);
    }
  }
}

TEST_P(ValueProcessTest, ProcessesCountWithoutLosses) {
  constexpr int kTimes = 500;
  std::vector<Value<int>> values;
  for (int i = 0; i < 20; ++i) values.emplace_back(0);
  std::vector<Process> children;
  for (int i = 0; i < 4; ++i) children.emplace_back(count_up, values, kTimes).start();
  for (Process& child : children) child.join();
  for (const Value<int>& value : values) EXPECT_EQ(value.value(), 4 * kTimes);
}

// Both halves change together, under the lock; `steps` counts what all have done.
struct Pair {
  std::int64_t steps;
  std::int64_t copy;
};

// False: the one before died inside. The next step makes good what that one left.
bool step(Value<Pair>& pair) {
  try {
    pair.update([](Pair& both) {
      std::atomic_ref(both.steps).fetch_add(1);
      both.copy = both.steps;
    });
    return true;
  } catch (const OwnerDied&) {
    return false;
  }
}

void work_for_ever(Value<Pair> pair) {
  for (;;) step(pair);
}

// Killed at any point, also inside: those who are left go on, and are told at most once a death.
TEST_P(ValueProcessTest, OutlivesEveryDeathOfItsHolders) {
  Value<Pair> pair(Pair{0, 0});
  const auto steps = [&] { return std::atomic_ref(pair.get_obj()->steps).load(); };
  Process survivor(work_for_ever, pair);
  survivor.start();
  for (int i = 0; i < 20; ++i) {
    Process victim(work_for_ever, pair);
    victim.start();
    const std::int64_t before = steps();
    while (steps() < before + 100 + 37 * i) std::this_thread::yield();
    victim.kill();
    victim.join();
  }
  const std::int64_t before = steps();
  while (steps() < before + 1'000) std::this_thread::yield();
  survivor.kill();
  survivor.join();
  int told = 0;
  while (!step(pair)) ++told;
  EXPECT_LE(told, 1);
  EXPECT_EQ(pair.value().copy, pair.value().steps);
}

}  // namespace
}  // namespace mp

#include "reference/shared_array.h"

#include <gtest/gtest.h>

#include <list>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "reference/ctypes.h"
#include "reference/error.h"
#include "reference/lock.h"
#include "reference/matrix_view.h"
#include "reference/process.h"
#include "reference/start_method.h"

namespace mp {
namespace {

using Numbers = std::vector<int>;

TEST(RawArrayTest, IsMadeBySizeOrBySequence) {
  EXPECT_EQ(RawArray<int>(3).get(Slice{}), (Numbers{0, 0, 0}));
  EXPECT_EQ((RawArray<int>{9, 2, 8}.get(Slice{})), (Numbers{9, 2, 8}));
  EXPECT_EQ((RawArray<int>(Numbers{1, 2}).get(Slice{})), (Numbers{1, 2}));
  EXPECT_EQ((RawArray<int>(std::list<short>{1, 2}).get(Slice{})), (Numbers{1, 2}));
  EXPECT_EQ(RawArray<int>(0).size(), 0u);
}

TEST(RawArrayTest, RefusesSizesThatCannotBe) {
  EXPECT_THROW(RawArray<int>(-1), ValueError);
  EXPECT_THROW(RawArray<double>(std::int64_t{1} << 62), MemoryError);
}

TEST(RawArrayTest, GivesItsMemoryInPlace) {
  RawArray<double> array(6);
  const MatrixView<double> matrix(array.span(), 2, 3);
  matrix[1][2] = 2.5;
  EXPECT_EQ(array[5], 2.5);
  for (double& number : array) ++number;
  EXPECT_EQ(matrix[1][2], 3.5);
}

TEST(RawArrayTest, CopyMakesAnother) {
  RawArray<int> array{1, 2};
  RawArray<int> other = copy(array);
  array[0] = 5;
  EXPECT_EQ(other[0], 1);
}

TEST(ArrayTest, ReadsAndWritesByIndex) {
  Array<int> array{1, 2, 3};
  array[0] = 5;
  array[-1] = array[1];
  EXPECT_EQ(array.get(Slice{}), (Numbers{5, 2, 2}));
  EXPECT_EQ(array.size(), 3u);
}

TEST(ArrayTest, AnIndexOutsideIsAnIndexError) {
  Array<int> array(3);
  EXPECT_THROW(array.get(3), IndexError);
  EXPECT_THROW(array.get(-4), IndexError);
  EXPECT_THROW(array[3] = 1, IndexError);
  EXPECT_THROW(array.set(-4, 1), IndexError);
  EXPECT_TRUE(array.acquire(false));  // and the lock is free again
}

TEST(ArrayTest, SlicesAreCopiesAndAreWrittenInOneSize) {
  Array<int> array(Numbers{0, 1, 2, 3, 4, 5});
  Numbers part = array.get({.start = 1, .stop = 4});
  EXPECT_EQ(part, (Numbers{1, 2, 3}));
  part[0] = 9;
  EXPECT_EQ(array.get(1), 1);
  array.set({.start = -2}, {7, 8});
  array.set({.stop = 4, .step = 2}, Numbers{10, 12});
  EXPECT_EQ(array.get(Slice{}), (Numbers{10, 1, 12, 3, 7, 8}));
  EXPECT_THROW(array.set({.stop = 2}, {1, 2, 3}), ValueError);
  EXPECT_EQ(array.get({.step = -1}), (Numbers{8, 7, 3, 12, 1, 10}));
}

TEST(ArrayTest, ASliceMayBecomeAnotherOfTheSameArray) {
  RawArray<int> array{1, 2, 3, 4};
  array.set({.start = 1}, array.span().first(3));
  EXPECT_EQ(array.get(Slice{}), (Numbers{1, 1, 2, 3}));
}

TEST(ArrayTest, CharactersHaveAValueAndTheRawBytes) {
  Array<char> text(6);
  text.set_value("hello");
  text.set_value("ab");
  EXPECT_EQ(text.value(), "ab");
  EXPECT_EQ(text.raw(), std::string("ab\0lo\0", 6));
  text.set_value("sixsix");
  EXPECT_EQ(text.value(), "sixsix");
  EXPECT_THROW(text.set_value("seventy"), ValueError);
  text.set_raw(std::string("a\0b", 3));
  EXPECT_EQ(text.raw(), std::string("a\0bsix", 6));
  EXPECT_THROW(text.set_raw("seventy"), ValueError);
  EXPECT_EQ(text.value(), "a");
  Array<wchar_t> wide(4);
  wide.set_value(L"\u00e4b");
  EXPECT_EQ(wide.value(), L"\u00e4b");
}

TEST(ArrayTest, GuardsWithARecursiveLockOfItsOwnOrAGivenOne) {
  Array<int> array{1, 2};
  array.acquire();
  array[0] = array[1] + 1;
  std::thread([&] { EXPECT_FALSE(array.acquire(false)); }).join();
  array.release();
  Lock lock;
  Array<int, Lock> other({1, 2}, lock);
  const std::lock_guard guard(other);
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(other.get_obj()[1], 2);
}

TEST(ArrayTest, UpdateIsOneStepForThreads) {
  Array<int> array(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2'000; ++n) {
        array.update([](std::span<int> all) {
          for (int& number : all) ++number;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(array.get(Slice{}), Numbers(4, 6'000));
}

class ArrayProcessTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { set_start_method(GetParam(), true); }
};

INSTANTIATE_TEST_SUITE_P(By, ArrayProcessTest, testing::ValuesIn(get_all_start_methods()),
                         [](const auto& test) { return test.param; });

void negate(Array<int> numbers, RawArray<char> text, std::vector<RawArray<short>> more) {
  for (std::int64_t i = 0; i < std::ssize(numbers.get_obj()); ++i) numbers[i] = -numbers[i];
  text.set_value("HELLO");
  for (std::size_t i = 0; i < more.size(); ++i) more[i][0] = static_cast<short>(i);
}

TEST_P(ArrayProcessTest, AChildChangesWhatItsParentSees) {
  Numbers first(10);
  std::iota(first.begin(), first.end(), 0);
  Array<int> numbers(first);
  RawArray<char> text(std::string("hello world"));
  std::vector<RawArray<short>> more(500, RawArray<short>(0));
  for (auto& each : more) each = RawArray<short>(1);
  Process child(negate, numbers, text, more);
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(numbers.get(Slice{}), (Numbers{0, -1, -2, -3, -4, -5, -6, -7, -8, -9}));
  EXPECT_EQ(text.raw(), std::string("HELLO\0world", 11));
  for (std::size_t i = 0; i < more.size(); ++i) ASSERT_EQ(more[i][0], static_cast<short>(i));
}

void fill_row(RawArray<double> numbers, int rows, int row) {
  const MatrixView<double> matrix(numbers.span(), rows, numbers.size() / rows);
  for (double& number : matrix.row(row)) number = row + 0.5;
}

TEST_P(ArrayProcessTest, ViewsInSeveralProcessesAreOneMatrix) {
  constexpr int kRows = 3;
  RawArray<double> numbers(kRows * 100'000);
  std::vector<Process> children;
  for (int row = 0; row < kRows; ++row) children.emplace_back(fill_row, numbers, kRows, row).start();
  for (Process& child : children) child.join();
  const MatrixView<double> matrix(numbers.span(), kRows, 100'000);
  for (int row = 0; row < kRows; ++row) {
    EXPECT_EQ(matrix[row][0], row + 0.5);
    EXPECT_EQ(matrix[row][-1], row + 0.5);
  }
}

}  // namespace
}  // namespace mp

#include "reference/pool_tasks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "reference/error.h"

namespace mp::pool_internal {
namespace {

using worker::Floor;
using worker::Outcome;
using worker::Slot;
using worker::TaskId;

// Remembers what became of each chunk.
class Told : public Job {
 public:
  explicit Told(std::size_t chunks, std::size_t size = 1) : Job(chunks), fates(chunks), size_(size) {}

  void encode(std::size_t chunk, std::vector<std::byte>& task) override {
    if (chunk == refused) throw PickleError("this one does not travel");
    task.assign(size_, static_cast<std::byte>(chunk));
  }
  void accept(std::size_t chunk, std::span<const std::byte>) override { fates[chunk] += "result "; }
  void run(std::size_t) override {}
  void fail(std::size_t chunk, std::exception_ptr) override { fates[chunk] += "error "; }

  std::vector<std::string> fates;
  std::size_t refused = ~std::size_t{0};

 private:
  std::size_t size_;
};

class TasksTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kSeat = 1;

  // What a worker does in his seat: claims the oldest task that waits, notes it, and gives its slot back.
  void claim() { slot().word = Floor::word(taken_, Floor::kClaimed, kSeat + 1); }
  TaskId take() {
    claim();
    floor_.seat(kSeat).current = slot().task;
    slot().word = Floor::word(taken_, Floor::kFree);
    return floor_.slot(taken_++).task;
  }
  Slot& slot() { return floor_.slot(taken_); }

  std::exception_ptr death() { return std::make_exception_ptr(WorkerDied("gone", 1, 9)); }

  Floor floor_{2};
  Tasks tasks_{floor_};
  Tasks::Finished finished_;
  std::uint64_t taken_ = 0;
};

TEST_F(TasksTest, FillsTheSlotsAndGoesOnWhenOneIsFree) {
  tasks_.add(std::make_shared<Told>(Floor::kSlots + 5), 0, Floor::kSlots + 5);
  EXPECT_EQ(tasks_.publish(finished_), Floor::kSlots);
  EXPECT_EQ(tasks_.publish(finished_), 0u);
  for (int i = 0; i < 3; ++i) take();
  EXPECT_EQ(tasks_.publish(finished_), 3u);
  EXPECT_TRUE(finished_.empty());
}

TEST_F(TasksTest, AJobIsFinishedByItsLastOutcomeAndEachCountsOnce) {
  const auto job = std::make_shared<Told>(2);
  tasks_.add(job, 0, 2);
  EXPECT_EQ(tasks_.publish(finished_), 2u);
  const TaskId first = take(), second = take();
  tasks_.settle(second, Outcome::kResult, {}, finished_);
  tasks_.settle(second, Outcome::kResult, {}, finished_);
  EXPECT_TRUE(finished_.empty());
  EXPECT_FALSE(tasks_.empty());
  tasks_.settle(first, Outcome::kResult, {}, finished_);
  EXPECT_EQ(finished_, (Tasks::Finished{job}));
  EXPECT_EQ(job->fates, (std::vector<std::string>{"result ", "result "}));
  EXPECT_TRUE(tasks_.empty());
}

TEST_F(TasksTest, OutcomesOfUnknownTasksAreNobodys) {
  const auto job = std::make_shared<Told>(1);
  tasks_.add(job, 0, 1);
  tasks_.publish(finished_);
  for (const TaskId strange : {TaskId{0}, slot().task + 1, slot().task + (TaskId{1} << 20), ~TaskId{0}}) {
    tasks_.settle(strange, Outcome::kResult, {}, finished_);
  }
  EXPECT_EQ(job->fates, std::vector<std::string>{""});
  EXPECT_FALSE(tasks_.empty());
}

TEST_F(TasksTest, ATaskThatCannotBeEncodedFailsAloneAndTakesNoSlot) {
  const auto job = std::make_shared<Told>(3);
  job->refused = 1;
  tasks_.add(job, 0, 3);
  EXPECT_EQ(tasks_.publish(finished_), 2u);
  EXPECT_EQ(job->fates, (std::vector<std::string>{"", "error ", ""}));
}

// Claimed, noted or both: what a worker has when he dies is what he had in one of the two places.
TEST_F(TasksTest, ADeadWorkerLosesWhatHeHadAndNothingElse) {
  const auto job = std::make_shared<Told>(4);
  tasks_.add(job, 0, 4);
  tasks_.publish(finished_);
  tasks_.settle(take(), Outcome::kResult, {}, finished_);  // and the note still says it
  take();
  claim();
  tasks_.lose(kSeat, death(), finished_);
  EXPECT_EQ(job->fates, (std::vector<std::string>{"result ", "error ", "error ", ""}));
  EXPECT_EQ(Floor::state_of(floor_.slot(2).word), Floor::kFree);
  EXPECT_EQ(Floor::state_of(floor_.slot(3).word), Floor::kReady);
  tasks_.lose(kSeat, death(), finished_);
  EXPECT_EQ(job->fates[1], "error ");
}

TEST_F(TasksTest, ATaskInBothPlacesIsLostOnce) {
  const auto job = std::make_shared<Told>(1);
  tasks_.add(job, 0, 1);
  tasks_.publish(finished_);
  claim();
  floor_.seat(kSeat).current = slot().task;
  tasks_.lose(kSeat, death(), finished_);
  EXPECT_EQ(job->fates, std::vector<std::string>{"error "});
  EXPECT_EQ(finished_.size(), 1u);
}

TEST_F(TasksTest, ALargeTaskLiesInTheBulkMemoryWhichIsGivenBack) {
  const auto job = std::make_shared<Told>(20, Slot::kInline + 1);
  tasks_.add(job, 0, 20);
  tasks_.publish(finished_);
  std::vector<std::uint64_t> places;
  for (std::uint64_t i = 0; i < 20; ++i) {
    places.push_back(floor_.slot(i).place);
    EXPECT_EQ(floor_.bulk(places.back())[Slot::kInline], static_cast<std::byte>(i));
  }
  std::ranges::sort(places);
  EXPECT_EQ(std::ranges::unique(places).begin(), places.end());
  for (int i = 0; i < 20; ++i) tasks_.settle(take(), Outcome::kResult, {}, finished_);
  tasks_.add(std::make_shared<Told>(1, Slot::kInline + 1), 0, 1);
  tasks_.publish(finished_);
  EXPECT_EQ(slot().place, places.front());
}

TEST_F(TasksTest, FailAllReachesThoseThatWaitAndThoseWithWorkers) {
  const auto job = std::make_shared<Told>(Floor::kSlots + 1), other = std::make_shared<Told>(1);
  tasks_.add(job, 0, Floor::kSlots + 1);
  tasks_.add(other, 0, 1);
  tasks_.publish(finished_);
  take();
  tasks_.fail_all(death(), finished_);
  EXPECT_EQ(finished_, (Tasks::Finished{job, other}));
  EXPECT_TRUE(std::ranges::all_of(job->fates, [](const std::string& fate) { return fate == "error "; }));
  EXPECT_TRUE(tasks_.empty());
}

}  // namespace
}  // namespace mp::pool_internal

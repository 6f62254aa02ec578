#include "reference/pool_tasks.h"

#include <atomic>
#include <cstring>
#include <string>
#include <utility>

#include "reference/error.h"

namespace mp::pool_internal {

using worker::Floor;
using worker::Slot;
using worker::TaskId;

namespace {

constexpr int kIndexBits = 20;  // of a TaskId: the place of the record; above it a number that is not used twice
constexpr std::uint64_t kWorthDiscarding = std::uint64_t{1} << 22;

std::size_t index_of(TaskId id) { return id & ((TaskId{1} << kIndexBits) - 1); }

void fail(const std::shared_ptr<Job>& job, std::size_t chunk, const std::exception_ptr& error, Tasks::Finished& finished) {
  job->fail(chunk, error);
  if (job->count_down()) finished.push_back(job);
}

}  // namespace

void Tasks::add(std::shared_ptr<Job> job, std::size_t begin, std::size_t end) {
  waiting_.push_back({std::move(job), begin, end});
}

std::size_t Tasks::publish(Finished& finished) {
  std::size_t published = 0;
  while (!waiting_.empty()) {
    Waiting& first = waiting_.front();
    if (first.next == first.end) {
      waiting_.pop_front();
      continue;
    }
    Slot& slot = floor_.slot(tail_);
    const std::uint64_t word = slot.word.load(std::memory_order_acquire);
    if (word != 0 && Floor::state_of(word) != Floor::kFree) break;
    const Fate fate = publish(slot, first, finished);
    if (fate == Fate::kNoRoom) break;
    if (fate == Fate::kPublished) ++published;
    ++first.next;
  }
  return published;
}

Tasks::Fate Tasks::publish(Slot& slot, const Waiting& waiting, Finished& finished) {
  if (!std::exchange(is_encoded_, false)) {
    try {
      waiting.job->encode(waiting.next, task_);
    } catch (...) {
      fail(waiting.job, waiting.next, std::current_exception(), finished);
      return Fate::kFailed;
    }
  }
  Record record{waiting.job, waiting.next, 0, 0, 0};
  if (task_.size() > Slot::kInline) {
    const auto place = bulk_.take(task_.size());
    if (!place && in_bulk_ != 0 && task_.size() <= floor_.bulk_size()) {
      is_encoded_ = true;  // until somebody gives back
      return Fate::kNoRoom;
    }
    if (!place) {
      const MemoryError error("a task of " + std::to_string(task_.size()) + " bytes has no room");
      fail(waiting.job, waiting.next, std::make_exception_ptr(error), finished);
      return Fate::kFailed;
    }
    ++in_bulk_;
    record.place = slot.place = *place;
    record.size = task_.size();
    std::memcpy(floor_.bulk(*place), task_.data(), task_.size());
  } else {
    std::memcpy(slot.bytes, task_.data(), task_.size());
  }
  slot.size = task_.size();
  slot.task = keep(std::move(record));
  slot.word.store(Floor::word(tail_, Floor::kReady), std::memory_order_seq_cst);
  ++tail_;
  return Fate::kPublished;
}

TaskId Tasks::keep(Record record) {
  std::size_t index = records_.size();
  if (free_records_.empty()) {
    records_.emplace_back();
  } else {
    index = free_records_.back();
    free_records_.pop_back();
  }
  record.id = ++serial_ << kIndexBits | index;
  records_[index] = std::move(record);
  ++in_slots_;
  return records_[index].id;
}

Tasks::Record* Tasks::find(TaskId id) {
  const std::size_t index = index_of(id);
  return id != 0 && index < records_.size() && records_[index].id == id ? &records_[index] : nullptr;
}

void Tasks::settle(TaskId task, worker::Outcome outcome, std::span<const std::byte> bytes, Finished& finished) {
  Record* const record = find(task);
  if (record == nullptr) return;
  try {
    if (outcome == worker::Outcome::kResult) {
      record->job->accept(record->chunk, bytes);
    } else {
      record->job->fail(record->chunk, worker::decode_error(bytes));
    }
  } catch (...) {
    record->job->fail(record->chunk, std::current_exception());
  }
  done(*record, finished);
}

void Tasks::done(Record& record, Finished& finished) {
  if (record.size != 0) {
    bulk_.give_back(record.place, record.size);
    --in_bulk_;
    if (record.size >= kWorthDiscarding) floor_.discard_bulk(record.place, worker::Bulk::rounded(record.size));
  }
  if (record.job->count_down()) finished.push_back(record.job);
  free_records_.push_back(index_of(record.id));
  record = Record{};
  --in_slots_;
}

void Tasks::lose(std::uint32_t seat, const std::exception_ptr& error, Finished& finished) {
  const auto lose = [&](TaskId task) {
    Record* const record = find(task);
    if (record == nullptr) return;
    record->job->fail(record->chunk, error);
    done(*record, finished);
  };
  for (std::size_t i = 0; i < Floor::kSlots; ++i) {
    Slot& slot = floor_.slot(i);
    const std::uint64_t word = slot.word.load(std::memory_order_acquire);
    if (Floor::state_of(word) != Floor::kClaimed || Floor::owner_of(word) != seat + 1) continue;
    lose(slot.task);
    slot.word.store(Floor::word(Floor::position_of(word), Floor::kFree), std::memory_order_release);
  }
  lose(floor_.seat(seat).current.load(std::memory_order_acquire));
}

void Tasks::fail_all(const std::exception_ptr& error, Finished& finished) {
  for (Record& record : records_) {
    if (record.id == 0) continue;
    record.job->fail(record.chunk, error);
    done(record, finished);
  }
  for (Waiting& each : waiting_) {
    for (; each.next < each.end; ++each.next) fail(each.job, each.next, error, finished);
  }
  waiting_.clear();
  is_encoded_ = false;
}

}  // namespace mp::pool_internal

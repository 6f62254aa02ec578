#include "platform/frame.h"

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

#include "platform/error.h"

namespace mp::platform {
namespace {

constexpr std::int32_t kLongLengthFollows = -1;
constexpr std::int32_t kHandlesFollow = -2;
constexpr std::uint64_t kFirstGrowth = 1u << 20;
// A vector's new bytes are zeroed: in pieces that are still in the processor's cache when the message overwrites them.
constexpr std::uint64_t kPiece = 128u << 10;

void append_big_endian(std::string& to, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) to.push_back(static_cast<char>(value >> shift));
}

std::uint64_t big_endian(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
  return value;
}

// Room for more of `total` bytes, of which `got` have come.
std::span<std::byte> grow(std::vector<std::byte>& bytes, std::uint64_t got, std::uint64_t total) {
  if (bytes.size() == got) {
    if (bytes.capacity() == got) bytes.reserve(std::min(total, std::max(2 * got, kFirstGrowth)));
    bytes.resize(std::min({total, got + kPiece, std::uint64_t{bytes.capacity()}}));
  }
  return std::span(bytes).subspan(got);
}

}  // namespace

std::string frame_prefix(std::size_t length, std::span<const Handle> handles) {
  std::string prefix;
  if (handles.size() > kMostHandles) throw OsError("send more than 1048576 handles with one message", EMSGSIZE);
  if (!handles.empty()) {
    append_big_endian(prefix, static_cast<std::uint32_t>(kHandlesFollow), 4);
    append_big_endian(prefix, handles.size(), 4);
    for (const Handle& handle : handles) prefix.push_back(handle ? 1 : 0);
  }
  if (length <= INT32_MAX) {
    append_big_endian(prefix, length, 4);
  } else {
    append_big_endian(prefix, static_cast<std::uint32_t>(kLongLengthFollows), 4);
    append_big_endian(prefix, length, 8);
  }
  return prefix;
}

std::size_t ArrivingFrame::wanted() const {
  switch (stage_) {
    case Stage::kLength:
    case Stage::kHandleCount:
      return 4;
    case Stage::kLongLength:
      return 8;
    case Stage::kHandleTable:
      return handle_count_;
    case Stage::kBody:
      return length_;
  }
  return 0;
}

std::span<std::byte> ArrivingFrame::room() {
  if (stage_ == Stage::kHandleTable) return grow(table_, got_, handle_count_);
  if (!place_.empty()) return place_.subspan(got_);
  if (stage_ == Stage::kBody) return grow(message_.bytes, got_, length_);
  return std::span(number_).first(wanted()).subspan(got_);
}

void ArrivingFrame::came(std::size_t count) {
  got_ += count;
  if (got_ == wanted() && stage_ != Stage::kBody) next_stage();
}

void ArrivingFrame::next_stage() {
  got_ = 0;
  switch (stage_) {
    case Stage::kLength:
      return header_came(static_cast<std::int32_t>(big_endian(std::span(number_).first(4))));
    case Stage::kLongLength:
      return length_came(big_endian(number_));
    case Stage::kHandleCount:
      return handle_count_came(big_endian(std::span(number_).first(4)));
    case Stage::kHandleTable:
      return table_came();
    case Stage::kBody:
      return;
  }
}

void ArrivingFrame::header_came(std::int32_t header) {
  if (header >= 0) return length_came(static_cast<std::uint64_t>(header));
  if (header == kLongLengthFollows) {
    stage_ = Stage::kLongLength;
  } else if (header == kHandlesFollow && !table_done_) {
    stage_ = Stage::kHandleCount;
  } else {
    break_off();
  }
}

void ArrivingFrame::length_came(std::uint64_t length) {
  if (length > INT64_MAX) return break_off();
  length_ = length;
  stage_ = Stage::kBody;
  state_ = State::kLengthKnown;
  arrived_.clear();  // nobody announced them
}

void ArrivingFrame::handle_count_came(std::uint64_t count) {
  if (count == 0 || count > kMostHandles) return break_off();
  handle_count_ = static_cast<std::size_t>(count);
  stage_ = Stage::kHandleTable;
}

void ArrivingFrame::table_came() {
  const auto announced = static_cast<std::size_t>(std::count(table_.begin(), table_.end(), std::byte{1}));
  const auto empty = static_cast<std::size_t>(std::count(table_.begin(), table_.end(), std::byte{0}));
  if (announced != arrived_.size() || announced + empty != handle_count_) return break_off();
  auto next = arrived_.begin();
  message_.handles.reserve(handle_count_);
  for (const std::byte present : table_) {
    message_.handles.push_back(present == std::byte{1} ? std::move(*next++) : Handle());
  }
  arrived_.clear();
  table_done_ = true;
  stage_ = Stage::kLength;
}

void ArrivingFrame::put_body(std::span<std::byte> place) {
  place_ = place.first(length_);
  std::copy_n(message_.bytes.begin(), got_, place_.begin());
  message_.bytes = {};
}

void ArrivingFrame::keep_body() noexcept {
  if (place_.empty()) return;
  try {
    message_.bytes.assign(place_.begin(), place_.begin() + static_cast<std::ptrdiff_t>(got_));
    place_ = {};
  } catch (const std::bad_alloc&) {
    break_off();
  }
}

void ArrivingFrame::break_off() {
  place_ = {};
  state_ = State::kBroken;
  arrived_.clear();
  message_ = Message();
}

Message ArrivingFrame::take() {
  Message message = std::move(message_);
  *this = ArrivingFrame();
  return message;
}

}  // namespace mp::platform

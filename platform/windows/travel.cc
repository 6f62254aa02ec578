#include "platform/windows/travel.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "platform/life.h"
#include "platform/windows/system.h"

namespace mp::platform {
namespace {

struct Front {
  std::uint8_t mark[8];
  Life sender;
};

constexpr std::uint8_t kMark[8] = {0xff, 0xff, 0xff, 0xfd, 0, 0, 0, 0};

// The sender, if it is the one that was meant and lives.
Handle open_sender(Life sender) {
  const auto pid = static_cast<DWORD>(pid_of(sender));
  const HANDLE process = ::OpenProcess(PROCESS_DUP_HANDLE, FALSE, pid);
  if (process == nullptr && ::GetLastError() != ERROR_INVALID_PARAMETER) refuse("receive handles: open the sender's process");
  Handle opened(process == nullptr ? kNoHandle : reinterpret_cast<NativeHandle>(process));
  // After opening: from here on the number is not used again.
  return is_over(sender) ? Handle() : std::move(opened);
}

}  // namespace

Travellers::Travellers(std::span<const Handle> handles) {
  for (const Handle& handle : handles) {
    if (handle) copies_.push_back(handle.duplicate());
  }
}

std::optional<std::vector<std::byte>> Travellers::next_packet() {
  if (packed_ == copies_.size()) return std::nullopt;
  const std::size_t count = std::min(copies_.size() - packed_, kHandlesPerPacket);
  std::vector<std::byte> packet(sizeof(Front) + count * sizeof(std::int64_t));
  Front front{};
  std::memcpy(front.mark, kMark, sizeof(kMark));
  front.sender = own_life();
  std::memcpy(packet.data(), &front, sizeof(front));
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t value = copies_[packed_ + i].native();
    std::memcpy(packet.data() + sizeof(front) + i * sizeof(value), &value, sizeof(value));
  }
  packed_ += count;
  return packet;
}

void Travellers::left() {
  for (; left_ < packed_; ++left_) copies_[left_].release();
}

bool is_packet(std::span<const std::byte> bytes) {
  return bytes.size() > sizeof(Front) && (bytes.size() - sizeof(Front)) % sizeof(std::int64_t) == 0 &&
         std::memcmp(bytes.data(), kMark, sizeof(kMark)) == 0;
}

bool unpack(std::span<const std::byte> packet, std::vector<Handle>& handles) {
  Front front;
  std::memcpy(&front, packet.data(), sizeof(front));
  const bool is_own = front.sender == own_life();
  const Handle sender = is_own ? Handle() : open_sender(front.sender);
  if (!is_own && !sender) return false;
  for (std::size_t at = sizeof(front); at < packet.size(); at += sizeof(std::int64_t)) {
    std::int64_t value;
    std::memcpy(&value, packet.data() + at, sizeof(value));
    if (is_own) {
      handles.emplace_back(static_cast<NativeHandle>(value));
      continue;
    }
    HANDLE taken = nullptr;
    if (!::DuplicateHandle(system_handle(sender), system_handle(value), ::GetCurrentProcess(), &taken, 0, FALSE,
                           DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE)) {
      if (is_over(front.sender)) return false;
      refuse("receive handles: take one from the sender's process");
    }
    handles.emplace_back(reinterpret_cast<NativeHandle>(taken) | tags_of(value));
  }
  return true;
}

}  // namespace mp::platform

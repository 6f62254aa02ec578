#ifndef PLATFORM_FRAME_H_
#define PLATFORM_FRAME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "platform/handle.h"
#include "platform/message.h"

namespace mp::platform {

// The form of a message on a stream socket; it does no system calls. Linux and macOS build their channels on it.
//
//     [table of handles]  length  body
//
//     length            4 bytes, big endian, signed: CPython's header. -1: the length follows in 8 bytes
//     table of handles  only in front of a message that carries some: -2 in 4 bytes, their number in 4 bytes, then one byte
//                       each: 1 for a handle that travels beside the bytes of the table, 0 for an empty one
//
// A message without handles is thus exactly CPython's frame. The table says how many handles must have come when its last
// byte has: a handle that is missing breaks the frame, one that nobody announced is closed.

inline constexpr std::uint32_t kMostHandles = 1u << 20;  // more than a process may have open

// All that goes in front of a body. (A string, as 12 bytes of it need no memory.)
std::string frame_prefix(std::size_t length, std::span<const Handle> handles);

// A message of which some has arrived.
//
// Owns:    the bytes and handles that came so far.
// Shares:  nothing.
// Threads: as a plain value.
// Blocks:  never.
// Throws:  std::bad_alloc; the arrival may then be continued.
//
// Its reader asks for the place of the next bytes, fills some of it, and says how many. Memory grows with what has come,
// never with what a length promises: a hostile length costs its sender as much as us.
class ArrivingFrame {
 public:
  enum class State {
    kArriving,
    kLengthKnown,  // the body is to come, or complete
    kBroken,       // no frame begins like this; it stays so
  };

  State state() const { return state_; }
  bool has_begun() const { return state_ != State::kArriving || stage_ != Stage::kLength || got_ > 0 || table_done_; }
  bool is_complete() const { return state_ == State::kLengthKnown && got_ == length_; }
  std::uint64_t length() const { return length_; }  // once kLengthKnown

  std::span<std::byte> room();             // for the next bytes of this frame and of no other
  std::vector<Handle>& arrived_handles() { return arrived_; }  // where the reader puts what came beside them
  void came(std::size_t count);
  void break_off();  // the rest will never come
  // Once kLengthKnown: the body goes into `place`, of at least length() bytes, and take() gives a message without one. What has
  // come of it already is copied there. keep_body() ends that, and takes back what an unfinished one has left there.
  void put_body(std::span<std::byte> place);
  void keep_body() noexcept;
  Message take();    // once complete; afterwards this is a new, empty arrival

 private:
  enum class Stage { kLength, kLongLength, kHandleCount, kHandleTable, kBody };

  std::size_t wanted() const;
  void next_stage();
  void header_came(std::int32_t header);
  void length_came(std::uint64_t length);
  void handle_count_came(std::uint64_t count);
  void table_came();

  State state_ = State::kArriving;
  Stage stage_ = Stage::kLength;
  bool table_done_ = false;
  std::uint64_t got_ = 0;  // bytes of this stage
  std::uint64_t length_ = 0;
  std::array<std::byte, 8> number_{};
  std::size_t handle_count_ = 0;
  std::vector<std::byte> table_;
  std::vector<Handle> arrived_;
  Message message_;
  std::span<std::byte> place_;  // of the body, when it is not message_.bytes
};

}  // namespace mp::platform

#endif  // PLATFORM_FRAME_H_

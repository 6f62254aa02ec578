#ifndef PLATFORM_CHANNEL_H_
#define PLATFORM_CHANNEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "platform/deadline.h"
#include "platform/handle.h"
#include "platform/message.h"

namespace mp::platform {

// One end of a two-way road between two processes, which carries whole messages in order.
//
// Owns:    its end. The other side sees the end of the road when every copy of this end is closed.
// Shares:  handle() travels to another process; adopt() makes a Channel of it there. What receive() has kept of an
//          unfinished message does not travel: hand an end on before the first receive(), or between two messages.
// Threads: one sender and one receiver at a time on each end (a caller who has more brings a lock).
// Blocks:  send() while the road is full, receive() while nothing has come, each until the deadline and no longer.
// Throws:  OsError when the system refuses.
//
// On Linux and macOS it is a stream socket, and the bytes on it are CPython's frames: length in four bytes, big endian,
// signed; -1 and eight more bytes for what is longer than 2 GiB - 1. On Windows it is a pipe, and between
// strangers (Endpoint) CPython's, one message a frame. Handles travel in front of the frame, in a form of our own (frame.h). A plain pipe that was
// adopted carries frames too, without handles (Linux, macOS). On Windows the sender of handles must live until they are received: when it
// has ended before, the message is broken.
//
// A frame that a dead sender left unfinished ends the road, kBroken, as soon as the last copy of that end is closed. While
// somebody else keeps a copy open nothing tells a dead sender from a slow one: receive() is then late at its deadline, keeps
// what has come, and the next receive() goes on from there.
class Channel {
 public:
  enum class Outcome {
    kDone,
    kLate,     // no message was sent or taken: the deadline passed first
    kEnded,    // the other end is closed, and everything that was sent before has been taken
    kBroken,   // a frame was cut, or is hostile (a length below -1)
    kTooLong,  // receive() with a limit: the next message is longer; it stays untaken, `length` tells how long it is
  };
  struct Received {
    Outcome outcome;
    Message message;
    std::uint64_t length = 0;
  };

  static constexpr std::uint64_t kNoLimit = UINT64_MAX;

  Channel();
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;
  ~Channel();
  static std::pair<Channel, Channel> pair();
  static Channel adopt(Handle handle);

  // Once a first byte is on the road the rest follows, whatever the deadline says: a message is never half sent.
  // kDone moves the handles to the receiver, where they arrive, in order, with the message whose bytes they belong to; an
  // empty one arrives empty. After any other outcome they are still the caller's. A road that fails in the middle of a message
  // (OsError) has ended for this end, kEnded from then on, so that nobody takes the next one for the rest of it.
  Outcome send(std::span<const std::byte> bytes, std::span<Handle> handles, Deadline deadline);
  Outcome send(Message message, Deadline deadline) { return send(message.bytes, message.handles, deadline); }
  Received receive(Deadline deadline, std::uint64_t limit = kNoLimit);
  // The same with the bytes in a buffer of the caller's, without a copy between: kDone gives their number as `length`, and a
  // message without bytes. kTooLong when they do not fit; then, and when kLate, the buffer means nothing or is as before.
  Received receive_into(std::span<std::byte> buffer, Deadline deadline);
  // True when receive() would not wait for a first byte: a message has begun to arrive, or the end is near. What an earlier
  // receive() has kept of a message counts here, but not for wait_any() on native().
  bool readable(Deadline deadline) const;

  explicit operator bool() const { return static_cast<bool>(handle_); }
  NativeHandle native() const { return handle_.native(); }
  Handle handle() const { return handle_.duplicate(); }
  void close();

 private:
  struct Arriving;

  Received arrive(Deadline deadline, std::uint64_t limit, std::span<std::byte> place);

  explicit Channel(Handle handle);

  Handle handle_;
  bool is_cut_ = false;                 // a message failed in the middle, and none may follow; the sender's alone
  std::unique_ptr<Arriving> arriving_;  // what came so far of the next message; made by the first receive()
};

}  // namespace mp::platform

#endif  // PLATFORM_CHANNEL_H_

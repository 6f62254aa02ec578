#include "platform/channel.h"

// winsock2.h comes before windows.h.
#include "platform/windows/socket.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#include "platform/arriving_message.h"
#include "platform/error.h"
#include "platform/frame.h"
#include "platform/windows/channel_pipe.h"
#include "platform/windows/empty_messages.h"
#include "platform/windows/request.h"
#include "platform/windows/travel.h"

// Three roads, told apart by the tag of their handle:
//
// - A pipe of ours (no tag): the bytes are frames (frame.h), as on other systems, sent in pieces of up to kPiece bytes. Each piece is
//   a message of the pipe and is read whole, so that a piece that the deadline takes back is either on the road or not at all. What
//   is a piece belongs to one frame only. Handles go in front, in packets of their own (travel.h).
// - A pipe with CPython's messages (kMessageTag), for who listens at an address: one message is one message of the pipe.
// - A socket (kSocketTag): frames, without handles.
//
// Bytes are copied on their way to the system and back, as it cannot touch memory of a region first (region.cc).
namespace mp::platform {
namespace {

constexpr std::size_t kPiece = 32 * 1024;

using Outcome = Channel::Outcome;

bool is_message_pipe(NativeHandle native) { return has_tag(native, kMessageTag); }

std::string new_pipe_name() {
  static std::atomic<unsigned> number = 0;
  return "\\\\.\\pipe\\mp-channel-" + std::to_string(::GetCurrentProcessId()) + "-" + std::to_string(++number) + "-" +
         random_word();
}

Outcome write_to_pipe(HANDLE pipe, std::span<const std::byte> bytes, Deadline deadline) {
  const Answer answer = write(pipe, bytes, deadline);
  if (answer.code == ERROR_SUCCESS) return Outcome::kDone;
  if (answer.code == WAIT_TIMEOUT) return Outcome::kLate;
  if (means_ended(answer.code)) return Outcome::kEnded;
  refuse("send through a channel", answer.code);
}

// Some of the bytes, at least one.
Outcome write_to_socket(SOCKET socket, std::span<const std::byte> bytes, Deadline deadline, std::size_t& written) {
  for (;;) {
    const int sent = ::send(socket, reinterpret_cast<const char*>(bytes.data()), static_cast<int>(bytes.size()), 0);
    if (sent >= 0) {
      written = static_cast<std::size_t>(sent);
      return Outcome::kDone;
    }
    const int code = ::WSAGetLastError();
    if (code == WSAECONNRESET || code == WSAECONNABORTED || code == WSAESHUTDOWN || code == WSAENOTCONN) return Outcome::kEnded;
    if (code != WSAEWOULDBLOCK) refuse("send through a channel", static_cast<DWORD>(code));
    if (!poll_socket(socket, POLLOUT, deadline)) return Outcome::kLate;
  }
}

// What is left of a frame.
struct Rest {
  std::string prefix;
  std::span<const std::byte> bytes;
  std::size_t done = 0;

  std::size_t size() const { return prefix.size() + bytes.size() - done; }
  std::span<const std::byte> copy_to(std::span<std::byte> place) const {
    std::size_t filled = 0;
    if (done < prefix.size()) {
      filled = std::min(place.size(), prefix.size() - done);
      std::memcpy(place.data(), prefix.data() + done, filled);
    }
    const std::size_t from = done + filled - prefix.size();
    const std::size_t more = done + filled < prefix.size() ? 0 : std::min(place.size() - filled, bytes.size() - from);
    if (more > 0) std::memcpy(place.data() + filled, bytes.data() + from, more);
    return place.first(filled + more);
  }
};

// `begun`: some of the message is on the road.
Outcome send_packets(NativeHandle native, std::span<const Handle> handles, bool& begun, Deadline deadline) {
  Travellers travellers(handles);
  while (const auto packet = travellers.next_packet()) {
    const Outcome outcome = write_to_pipe(system_handle(native), *packet, begun ? Deadline::never() : deadline);
    if (outcome != Outcome::kDone) return outcome;
    travellers.left();
    begun = true;
  }
  return Outcome::kDone;
}

Outcome send_frame(NativeHandle native, Rest rest, bool& begun, Deadline deadline) {
  std::array<std::byte, kPiece> place;
  while (rest.size() > 0) {
    const std::span<const std::byte> piece = rest.copy_to(place);
    const Deadline until = begun ? Deadline::never() : deadline;
    std::size_t written = piece.size();
    const Outcome outcome = is_socket(native) ? write_to_socket(system_socket(native), piece, until, written)
                                              : write_to_pipe(system_handle(native), piece, until);
    if (outcome != Outcome::kDone) return outcome;
    begun = true;
    rest.done += written;
  }
  return Outcome::kDone;
}

void require_no_handles(std::span<const Handle> handles) {
  for (const Handle& handle : handles) {
    if (handle) refuse("send handles: only a channel made by pair() carries them", ERROR_NOT_SUPPORTED);
  }
}

}  // namespace

struct Channel::Arriving {
  ArrivingFrame frame;
  std::vector<std::byte> piece = std::vector<std::byte>(kPiece + sizeof(std::uint64_t) * 4);
  // Of a message pipe: what came of the next message, and whether that is all.
  std::vector<std::byte> message;
  bool has_message = false;

  // What of a piece the frame has not had yet. It stops where the length is known, as the caller may lend a place for the body then.
  std::span<const std::byte> rest;

  void take_from_piece() {
    // Only in front of a frame: what looks like a packet inside one is somebody's bytes.
    if (!frame.has_begun() && is_packet(rest)) {
      if (!unpack(rest, frame.arrived_handles())) frame.break_off();
      rest = {};
      return;
    }
    const auto state = frame.state();
    while (!rest.empty() && frame.state() == state) {
      const std::span<std::byte> room = frame.room();
      const std::size_t step = std::min(room.size(), rest.size());
      // What is left of a whole frame's piece, nobody of ours has sent.
      if (step == 0) return frame.break_off();
      std::memcpy(room.data(), rest.data(), step);
      frame.came(step);
      rest = rest.subspan(step);
    }
  }
  void ended() {
    if (frame.has_begun()) frame.break_off();
  }

  // Each waits for one step: false when the deadline passed first.
  bool more_from_pipe(HANDLE pipe, Deadline deadline);
  bool more_from_socket(SOCKET socket, Deadline deadline);
  // The rest of the next message; kDone, kLate or kEnded.
  Outcome message_from_pipe(NativeHandle native, Deadline deadline);
};

bool Channel::Arriving::more_from_pipe(HANDLE pipe, Deadline deadline) {
  if (!rest.empty()) {
    take_from_piece();
    return true;
  }
  if (deadline.has_passed()) {
    DWORD size = 0;  // pieces are never empty, so zero means none
    if (::PeekNamedPipe(pipe, nullptr, 0, nullptr, &size, nullptr) && size == 0) return false;
  }
  const Answer answer = read(pipe, piece, deadline);
  if (answer.code == WAIT_TIMEOUT) return false;
  if (answer.code == ERROR_SUCCESS) {
    rest = std::span(piece).first(answer.size);
    take_from_piece();
  } else if (means_ended(answer.code)) {
    ended();
  } else if (answer.code == ERROR_MORE_DATA) {
    frame.break_off();
  } else {
    refuse("receive from a channel", answer.code);
  }
  return true;
}

bool Channel::Arriving::more_from_socket(SOCKET socket, Deadline deadline) {
  for (;;) {
    const std::size_t most = std::min(frame.room().size(), piece.size());
    const int got = ::recv(socket, reinterpret_cast<char*>(piece.data()), static_cast<int>(most), 0);
    if (got > 0) {
      std::memcpy(frame.room().data(), piece.data(), static_cast<std::size_t>(got));
      frame.came(static_cast<std::size_t>(got));
      return true;
    }
    const int code = got == 0 ? WSAECONNRESET : ::WSAGetLastError();
    if (code == WSAECONNRESET || code == WSAECONNABORTED || code == WSAESHUTDOWN) {
      ended();
      return true;
    }
    if (code != WSAEWOULDBLOCK) refuse("receive from a channel", static_cast<DWORD>(code));
    if (!poll_socket(socket, POLLIN, deadline)) return false;
  }
}

Outcome Channel::Arriving::message_from_pipe(NativeHandle native, Deadline deadline) {
  if (take_empty_message(native)) has_message = true;
  while (!has_message) {
    // The rest of a message that has begun is there already.
    const Answer answer = read(system_handle(native), piece, message.empty() ? deadline : Deadline::never());
    if (answer.code == WAIT_TIMEOUT) return Outcome::kLate;
    if (means_ended(answer.code)) return message.empty() ? Outcome::kEnded : Outcome::kBroken;
    if (answer.code != ERROR_SUCCESS && answer.code != ERROR_MORE_DATA) refuse("receive from a channel", answer.code);
    message.insert(message.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(answer.size));
    has_message = answer.code == ERROR_SUCCESS;
  }
  return Outcome::kDone;
}

Channel::Channel() = default;
Channel::Channel(Handle handle) : handle_(std::move(handle)) {}
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() = default;

std::pair<Channel, Channel> Channel::pair() {
  const std::string name = new_pipe_name();
  Handle server = new_pipe(name, 1, true, 0);
  Handle client = open_pipe(name, 0);
  return {Channel(std::move(server)), Channel(std::move(client))};
}

Channel Channel::adopt(Handle handle) {
  if (is_socket(handle.native())) {
    start_winsock();
    never_block(handle);
  }
  return Channel(std::move(handle));
}

void Channel::close() {
  handle_.close();
  arriving_.reset();
}

Channel::Outcome Channel::send(std::span<const std::byte> bytes, std::span<Handle> handles, Deadline deadline) {
  if (is_cut_) return Outcome::kEnded;
  const NativeHandle native = handle_.native();
  if (tags_of(native) != 0) require_no_handles(handles);
  Outcome outcome = Outcome::kDone;
  if (is_message_pipe(native)) {
    // A message is one call, which counts in 32 bits.
    if (bytes.size() > MAXDWORD) refuse("send a message of 4 GiB or more through a named pipe", ERROR_MESSAGE_EXCEEDS_MAX_SIZE);
    const std::vector<std::byte> copy(bytes.begin(), bytes.end());
    outcome = write_to_pipe(system_handle(native), copy, deadline);
  } else {
    std::string prefix = frame_prefix(bytes.size(), handles);  // may refuse, so before anything is sent
    bool begun = false;
    try {
      outcome = send_packets(native, handles, begun, deadline);
      if (outcome == Outcome::kDone) outcome = send_frame(native, {std::move(prefix), bytes}, begun, deadline);
    } catch (...) {
      is_cut_ = begun;
      throw;
    }
  }
  if (outcome != Outcome::kDone) return outcome;
  for (Handle& handle : handles) handle.close();
  return Outcome::kDone;
}

Channel::Received Channel::receive(Deadline deadline, std::uint64_t limit) { return arrive(deadline, limit, {}); }

Channel::Received Channel::receive_into(std::span<std::byte> buffer, Deadline deadline) {
  return arrive(deadline, buffer.size(), buffer);
}

// The body goes into `place` unless that is empty; then it is the message's.
Channel::Received Channel::arrive(Deadline deadline, std::uint64_t limit, std::span<std::byte> place) {
  if (arriving_ == nullptr) arriving_ = std::make_unique<Arriving>();
  const NativeHandle native = handle_.native();
  if (is_message_pipe(native)) {
    const Outcome outcome = arriving_->message_from_pipe(native, deadline);
    if (outcome != Outcome::kDone) return {outcome, {}};
    const std::uint64_t length = arriving_->message.size();
    if (length > limit) return {Outcome::kTooLong, {}, length};
    arriving_->has_message = false;
    Message message{std::exchange(arriving_->message, {}), {}};
    if (!place.empty()) {
      if (length > 0) std::memcpy(place.data(), message.bytes.data(), length);
      message.bytes.clear();
    }
    return {Outcome::kDone, std::move(message), length};
  }
  ArrivingFrame& frame = arriving_->frame;
  return receive_message(frame, limit, place, [&] {
    const std::size_t handles_before = frame.arrived_handles().size();
    const bool in_time = is_socket(native) ? arriving_->more_from_socket(system_socket(native), deadline)
                                           : arriving_->more_from_pipe(system_handle(native), deadline);
    if (!in_time) return Outcome::kLate;
    const bool only_handles_came = frame.arrived_handles().size() > handles_before;
    return frame.has_begun() || only_handles_came ? Outcome::kDone : Outcome::kEnded;
  });
}

bool Channel::readable(Deadline deadline) const {
  const NativeHandle native = handle_.native();
  if (arriving_ != nullptr && (arriving_->frame.has_begun() || arriving_->has_message || !arriving_->message.empty())) return true;
  if (is_socket(native)) return poll_socket(system_socket(native), POLLIN, deadline);
  return !pipe_is_silent(native, deadline);
}

}  // namespace mp::platform

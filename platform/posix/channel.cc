#include "platform/channel.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "platform/arriving_message.h"
#include "platform/error.h"
#include "platform/frame.h"
#include "platform/look.h"
#include "platform/posix/descriptor.h"
#include "platform/posix/poll.h"
#include "platform/posix/socket.h"

namespace mp::platform {
namespace {

constexpr std::size_t kHandlesPerCall = 253;  // SCM_MAX_FD of Linux; macOS takes more
constexpr std::size_t kSmall = 1024;          // below this a copy is cheaper than a second part for the kernel
constexpr std::size_t kMostPerCall = std::size_t{1} << 30;  // macOS refuses a call of more than INT_MAX bytes
constexpr std::chrono::nanoseconds kYieldAtOnce{0};
constexpr std::size_t kOtherControl = 64;  // what else may come beside bytes: who sent them (SO_PASSCRED of Linux)
constexpr std::size_t kControlSize = CMSG_SPACE(kHandlesPerCall * sizeof(int)) + kOtherControl;
constexpr std::size_t kMostArriving = kControlSize / sizeof(int);  // a stranger on macOS may fill all of it with handles

bool would_wait(ssize_t result) { return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK); }

// Where nobody heeds MSG_DONTWAIT (pipes, and sending on macOS) we may ask first, as the only user of this end (see Channel). What begins
// to be sent then is sent whole, as Channel promises.
bool must_wait(int fd, short events, int flags) {
  if (!(flags & MSG_DONTWAIT) || poll_until(fd, events, Deadline::passed())) return false;
  errno = EAGAIN;
  return true;
}

ssize_t send_in_one_piece(int fd, std::span<const iovec> parts, int flags) {
  std::array<char, kSmall> piece;
  std::size_t size = 0;
  for (const iovec& part : parts) {
    if (part.iov_len > 0) std::memcpy(piece.data() + size, part.iov_base, part.iov_len);
    size += part.iov_len;
  }
  return ::send(fd, piece.data(), size, flags);
}

ssize_t send_with_descriptors(int fd, std::span<iovec> parts, std::span<const int> fds, int flags) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kHandlesPerCall * sizeof(int))> control;
  msghdr header{};
  header.msg_iov = parts.data();
  header.msg_iovlen = parts.size();
  if (!fds.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_len = static_cast<decltype(rights->cmsg_len)>(CMSG_LEN(fds.size_bytes()));
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  return ::sendmsg(fd, &header, flags);
}

// One attempt at what is left of a message: how much went, with all of `fds`. -1: nothing did, and errno says why. Of a message that
// is too long for one call it sends a part.
ssize_t send_some(int fd, std::span<const iovec> message, std::span<const int> fds, int flags) {
  std::array<iovec, 2> places;
  const std::span<iovec> parts = std::span(places).first(message.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i] = message[i];
    parts[i].iov_len = std::min(parts[i].iov_len, kMostPerCall - size);
    size += parts[i].iov_len;
  }
  if (!kSendHeedsDontWait && must_wait(fd, POLLOUT, flags)) return -1;
  const ssize_t sent = fds.empty() && size <= kSmall ? send_in_one_piece(fd, parts, flags | kSendFlags)
                                                     : send_with_descriptors(fd, parts, fds, flags | kSendFlags);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  if (kSendHeedsDontWait && must_wait(fd, POLLOUT, flags)) return -1;
  return write_quietly(fd, parts);
}

// False: there was no room to move one away from the numbers of the standard streams.
bool collect(msghdr& header, std::vector<Handle>& handles) {
  bool have_room = true;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    std::array<Handle, kMostArriving> owned;  // first of all, so that none is lost when memory runs out below
    // What was cut off (MSG_CTRUNC) may count in the length on macOS.
    const auto* const begin = reinterpret_cast<const char*>(CMSG_DATA(part));
    const auto came = static_cast<std::size_t>(static_cast<const char*>(header.msg_control) + header.msg_controllen - begin);
    const std::size_t count = std::min<std::size_t>(part->cmsg_len - CMSG_LEN(0), came) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
      prepare_arrived(fd);
      owned[i] = Handle(above_streams(fd));
      have_room = have_room && owned[i];
    }
    for (std::size_t i = 0; i < count; ++i) handles.push_back(std::move(owned[i]));
  }
  return have_room;
}

// Reads what goes before a body, and the descriptors beside it.
ssize_t receive_prefix(int fd, ArrivingFrame& frame, int flags) {
  const std::span<std::byte> room = frame.room();
  iovec place{.iov_base = room.data(), .iov_len = room.size()};
  alignas(cmsghdr) std::array<char, kControlSize> control;
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(fd, &header, flags | kReceiveFlags);
  bool lacked = got < 0 && lacked_descriptors(errno);
  if (got < 0 && !lacked) return got;
  if (got >= 0 && header.msg_controllen > 0) lacked = !collect(header, frame.arrived_handles());
  if (lacked || (header.msg_flags & MSG_CTRUNC)) {
    frame.break_off();
    throw OsError("receive handles: this process may open no more file descriptors (raise RLIMIT_NOFILE)", EMFILE);
  }
  return got;
}

// One attempt to read into the frame: how many bytes came, 0 at the end of the road. -1: none, and errno says why.
//
// The kernel hands over descriptors with the first byte that is read of what they were sent with, never those of two
// sendmsg() by one recvmsg(). Ours are sent with bytes of the table, so nothing is asked for in a body, and what comes there
// nevertheless the kernel closes itself.
ssize_t receive_some(int fd, ArrivingFrame& frame, int flags) {
  const std::span<std::byte> whole_room = frame.room();
  const std::span<std::byte> room = whole_room.first(std::min(whole_room.size(), kMostPerCall));
  const bool in_body = frame.state() == ArrivingFrame::State::kLengthKnown;
  const ssize_t got = in_body ? ::recv(fd, room.data(), room.size(), flags) : receive_prefix(fd, frame, flags);
  if (got >= 0 || errno != ENOTSOCK) return got;
  if (must_wait(fd, POLLIN, flags)) return -1;
  return ::read(fd, room.data(), room.size());
}

// Reads once, and waits for that if it must: false when the deadline passed first.
//
// Whoever may wait for ever in a body, or has only one processor, sleeps in recvmsg() itself, one call instead of three.
bool receive_more(int fd, ArrivingFrame& frame, Deadline deadline) {
  const bool in_body = frame.state() == ArrivingFrame::State::kLengthKnown;
  const bool may_sleep = deadline.is_never() && (in_body || !looking_pays());
  ssize_t got = receive_some(fd, frame, may_sleep ? MSG_WAITALL : MSG_DONTWAIT);
  bool looked = false;
  while (got < 0 && errno != ECONNRESET) {
    if (would_wait(got)) {
      const auto arrived = [&] { return !would_wait(got = receive_some(fd, frame, MSG_DONTWAIT)); };
      if (deadline.has_passed()) return false;
      if (!std::exchange(looked, true) && look(arrived, kYieldAtOnce)) continue;
      if (!poll_until(fd, POLLIN, deadline)) return false;
    } else if (errno != EINTR) {
      throw OsError("receive from a channel", errno);
    }
    got = receive_some(fd, frame, MSG_DONTWAIT);
  }
  // ECONNRESET: the other side closed its end with messages of ours unread (AF_UNIX: after all that it sent has been read).
  if (got > 0) {
    frame.came(static_cast<std::size_t>(got));
  } else if (frame.has_begun()) {
    frame.break_off();
  }
  return true;
}

void skip_sent(std::span<iovec, 2> parts, std::size_t sent) {
  for (iovec& part : parts) {
    const std::size_t step = std::min(sent, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + step;
    part.iov_len -= step;
    sent -= step;
  }
}

std::vector<int> descriptors(std::span<const Handle> handles) {
  std::vector<int> fds;
  for (const Handle& handle : handles) {
    if (handle) fds.push_back(static_cast<int>(handle.native()));
  }
  return fds;
}

void require_local_socket(int fd) {
  if (domain_of_socket(fd) == AF_UNIX) return;
  throw OsError("send handles: only a local socket carries them, not a pipe or a network connection", EOPNOTSUPP);
}

// `begun`: some of the message is on the road.
Channel::Outcome send_frame(int fd, std::string& prefix, std::span<const std::byte> bytes, std::span<const int> fds, bool& begun,
                            Deadline deadline) {
  using Outcome = Channel::Outcome;
  std::array<iovec, 2> parts{iovec{prefix.data(), prefix.size()},
                             iovec{const_cast<std::byte*>(bytes.data()), bytes.size()}};
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    // All but the last lot of handles ride on one byte of the table each: it has more bytes than there are lots.
    const auto lot = fds.first(std::min(fds.size(), kHandlesPerCall));
    iovec one_byte{parts[0].iov_base, 1};
    const ssize_t sent = send_some(fd, lot.size() < fds.size() ? std::span(&one_byte, 1) : std::span<iovec>(parts), lot,
                                   begun || deadline.is_never() ? 0 : MSG_DONTWAIT);
    if (sent >= 0) {
      begun = true;
      fds = fds.subspan(lot.size());
      skip_sent(parts, static_cast<std::size_t>(sent));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Outcome::kEnded;
    } else if (would_wait(sent)) {
      if (!poll_until(fd, POLLOUT, begun ? Deadline::never() : deadline)) return Outcome::kLate;
    } else if (errno != EINTR) {
      throw OsError("send through a channel", errno);
    }
  }
  return Outcome::kDone;
}

}  // namespace

struct Channel::Arriving {
  ArrivingFrame frame;
};

Channel::Channel() = default;
Channel::Channel(Handle handle) : handle_(std::move(handle)) {}
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() = default;

std::pair<Channel, Channel> Channel::pair() {
  auto [one, other] = make_socket_pair();
  return {Channel(std::move(one)), Channel(std::move(other))};
}

Channel Channel::adopt(Handle handle) {
  prepare_road(static_cast<int>(handle.native()));
  return Channel(std::move(handle));
}

void Channel::close() {
  handle_.close();
  arriving_.reset();
}

Channel::Outcome Channel::send(std::span<const std::byte> bytes, std::span<Handle> handles, Deadline deadline) {
  if (is_cut_) return Outcome::kEnded;
  const int fd = static_cast<int>(handle_.native());
  std::string prefix = frame_prefix(bytes.size(), handles);
  const std::vector<int> fds = descriptors(handles);
  if (!fds.empty()) require_local_socket(fd);
  bool begun = false;
  try {
    const Outcome outcome = send_frame(fd, prefix, bytes, fds, begun, deadline);
    if (outcome != Outcome::kDone) return outcome;
  } catch (...) {
    is_cut_ = begun;
    if (begun) ::shutdown(fd, SHUT_WR);  // for copies of this end, too, where it is a socket
    throw;
  }
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
  ArrivingFrame& frame = arriving_->frame;
  return receive_message(frame, limit, place, [&] {
    if (!receive_more(static_cast<int>(handle_.native()), frame, deadline)) return Outcome::kLate;
    return frame.has_begun() ? Outcome::kDone : Outcome::kEnded;
  });
}

bool Channel::readable(Deadline deadline) const {
  if (arriving_ != nullptr && arriving_->frame.has_begun()) return true;
  const auto ready = [&] { return poll_until(handle_.native(), POLLIN, Deadline::passed()); };
  if (ready()) return true;
  if (deadline.has_passed()) return false;
  return look(ready, kYieldAtOnce) || poll_until(handle_.native(), POLLIN, deadline);
}

}  // namespace mp::platform

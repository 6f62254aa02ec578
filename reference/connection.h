#ifndef REFERENCE_CONNECTION_H_
#define REFERENCE_CONNECTION_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/channel.h"
#include "platform/handle.h"
#include "reference/form.h"
#include "reference/object.h"
#include "reference/wait.h"

namespace mp {

class Reader;
class Writer;

// Memory that can be seen as bytes: a vector, array or span of plain numbers, a string. No literals: they end in a zero that nobody means.
template <class T>
concept BytesLike = std::ranges::contiguous_range<T> && std::ranges::sized_range<T> &&
                    std::is_trivially_copyable_v<std::ranges::range_value_t<T>> && !std::is_array_v<std::remove_cvref_t<T>>;

// One end of a pipe, or of a road to a Listener: messages, which are objects or plain bytes.
//
// Owns:    a share of this process's copy of the end, which is closed with its last copy, by close() for all of them.
// Shares:  copies are the same end. It travels to a child, and through another Connection: there it is a copy of its own.
//          Between two messages only: what has come of an unfinished one stays here.
// Threads: one sender and one receiver at a time, in this process and in all that have copies.
// Blocks:  recv and its kin while nothing has come, send while the road is full (it holds some 200 KiB); poll() until its
//          timeout and no longer. Looks for some 40 us before it sleeps.
// Throws:  EOFError when everything is read and the other end is closed everywhere. BrokenPipeError from send() to such an end. OSError on
//          a closed end, in the wrong direction, and for a message that a dead sender left unfinished. PickleError for an object that cannot
//          travel, or bytes that are no pickle. After a PickleError, TypeError or ValueError the connection goes on.
//
// On the system's side it is what CPython's Connection is: its frames, pickles of protocol 4 in them. So the other
// end may be a Python program, and Connection(handle) may adopt what such a program passed down. Connections sent
// through a Connection are the one thing that only programs of ours understand.
class Connection {
 public:
  // An end that is closed already.
  Connection() = default;
  explicit Connection(platform::Handle handle, bool readable = true, bool writable = true);
  explicit Connection(platform::Channel channel, bool readable = true, bool writable = true);

  // [connection.send.kinds] Anything that an Object can be made of.
  void send(const Object& object) const;
  // [connection.recv.waits] [connection.recv.eof] A finite timeout is an addition: TimeoutError when no whole message came in time. Nothing is lost then.
  Object recv(Wait timeout = Wait::forever()) const;
  // The message is taken even if it is no T: TypeError.
  template <class T>
  T recv(Wait timeout = Wait::forever()) const {
    return recv(timeout).template as<T>();
  }

  // [connection.send-bytes.offset] Offset and size count bytes, whatever the buffer is made of.
  template <BytesLike T>
  void send_bytes(const T& buffer, std::int64_t offset = 0, std::optional<std::int64_t> size = std::nullopt) const {
    send_range(std::as_bytes(std::span(std::ranges::data(buffer), std::ranges::size(buffer))), offset, size);
  }
  void send_bytes(const char* text) const { send_bytes(std::string_view(text)); }
  // [connection.recv-bytes.maxlength.exceeded] OSError for a longer message; then this end cannot be read any more, and
  // one that could only be read is closed.
  std::vector<std::byte> recv_bytes(std::optional<std::int64_t> maxlength = std::nullopt, Wait timeout = Wait::forever()) const;
  // [connection.recv-bytes-into.count] The length of the message, which stands in the buffer from `offset` on.
  // [connection.recv-bytes-into.offset-outside] [connection.recv-bytes-into.offset-at-end] ValueError for an offset that is
  // not less than the length of the buffer; nothing is taken. (Zero is always one.)
  // [connection.recv-bytes-into.too-short] BufferTooShort carries a message that does not fit; the buffer is as before.
  template <BytesLike T>
  std::size_t recv_bytes_into(T&& buffer, std::int64_t offset = 0) const {
    return recv_into(std::as_writable_bytes(std::span(std::ranges::data(buffer), std::ranges::size(buffer))), offset);
  }

  // [connection.poll.empty] Without a timeout: looks, and does not wait. True also when the end of the road is what can be read.
  bool poll(Wait timeout = Wait::none()) const;

  platform::NativeHandle fileno() const;
  // [connection.close.twice] Harmless.
  void close() const;
  bool closed() const { return end_ == nullptr || !end_->channel; }
  bool readable() const { return end_ != nullptr && end_->readable; }
  bool writable() const { return end_ != nullptr && end_->writable; }

  // The same end of this process, not only the same road.
  friend bool operator==(const Connection&, const Connection&) = default;

  void save(Writer& writer) const;
  void load(Reader& reader);

 private:
  struct End {
    platform::Channel channel;
    bool readable;
    bool writable;
  };

  friend struct Form<Connection>;

  End& open_end() const;
  End& reading_end() const;
  End& writing_end() const;
  platform::Message receive(platform::Deadline deadline) const;
  void ship(std::span<const std::byte> bytes, std::span<platform::Handle> handles) const;
  void send_range(std::span<const std::byte> buffer, std::int64_t offset, std::optional<std::int64_t> size) const;
  std::size_t recv_into(std::span<std::byte> buffer, std::int64_t offset) const;

  std::shared_ptr<End> end_;
};

// [connection.transfer] A Connection inside an Object: send(connection), recv<Connection>(), or anywhere in a list or dict.
template <>
struct Form<Connection> {
  static Object wrap(const Connection& connection);
  static Connection unwrap(const Object& object);
};

// [connection.pipe.duplex] Two ends. [connection.pipe.simplex] Without duplex the first only receives, the second only sends.
std::pair<Connection, Connection> Pipe(bool duplex = true);

}  // namespace mp

#endif  // REFERENCE_CONNECTION_H_

#include "reference/connection.h"

#include <string>

#include "platform/error.h"
#include "reference/codec.h"
#include "reference/error.h"
#include "reference/pickle.h"

namespace mp {
namespace {

using platform::Channel;
using Outcome = Channel::Outcome;

// The name under which an end travels inside a pickle: its arguments are the handle, readable, writable.
constexpr std::string_view kModule = "multiprocessing.connection";
constexpr std::string_view kName = "Connection";

// Runs what talks to the system; whatever that refuses becomes the OSError of the specification.
template <class Act>
auto with_system(Act act) {
  try {
    return act();
  } catch (const platform::OsError& error) {
    raise(error);
  }
}

// Everything but a whole message.
[[noreturn]] void throw_not_received(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLate: throw TimeoutError("no whole message came in time");
    case Outcome::kEnded: throw EOFError("the other end of the connection is closed, and everything is read");
    default: throw OSError("a message on the connection was cut off, or is none: the sender died while sending, or speaks another protocol");
  }
}

std::size_t checked_offset(std::int64_t offset, std::size_t size) {
  if (offset < 0) throw ValueError("the offset " + std::to_string(offset) + " is negative");
  if (static_cast<std::uint64_t>(offset) > size) {
    throw ValueError("the offset " + std::to_string(offset) + " is behind the end of the buffer of " + std::to_string(size) + " bytes");
  }
  return static_cast<std::size_t>(offset);
}

}  // namespace

Connection::Connection(platform::Handle handle, bool readable, bool writable)
    : Connection(Channel::adopt(std::move(handle)), readable, writable) {}

Connection::Connection(Channel channel, bool readable, bool writable) {
  if (!channel) throw ValueError("a Connection needs a handle");
  if (!readable && !writable) throw ValueError("a Connection must be readable or writable");
  end_ = std::make_shared<End>(End{std::move(channel), readable, writable});
}

Connection::End& Connection::open_end() const {
  if (closed()) throw OSError("the connection is closed in this process");
  return *end_;
}

Connection::End& Connection::reading_end() const {
  End& end = open_end();
  if (!end.readable) throw OSError("the connection cannot be read: it only sends, or a message was longer than the maxlength of recv_bytes()");
  return end;
}

Connection::End& Connection::writing_end() const {
  End& end = open_end();
  if (!end.writable) throw OSError("the connection only receives");
  return end;
}

void Connection::ship(std::span<const std::byte> bytes, std::span<platform::Handle> handles) const {
  End& end = writing_end();
  const Outcome outcome = with_system([&] { return end.channel.send(bytes, handles, platform::Deadline::never()); });
  if (outcome != Outcome::kDone) throw BrokenPipeError("the other end of the connection is closed everywhere");
}

platform::Message Connection::receive(platform::Deadline deadline) const {
  End& end = reading_end();
  Channel::Received received = with_system([&] { return end.channel.receive(deadline); });
  if (received.outcome != Outcome::kDone) throw_not_received(received.outcome);
  return std::move(received.message);
}

void Connection::send(const Object& object) const {
  writing_end();
  platform::Message message = with_system([&] { return pickle::dump_message(object); });
  ship(message.bytes, message.handles);
}

Object Connection::recv(Wait timeout) const { return pickle::load_message(receive(timeout.deadline())); }

void Connection::send_range(std::span<const std::byte> buffer, std::int64_t offset, std::optional<std::int64_t> size) const {
  writing_end();
  const auto rest = buffer.subspan(checked_offset(offset, buffer.size()));
  if (size && *size < 0) throw ValueError("the size " + std::to_string(*size) + " is negative");
  if (size && static_cast<std::uint64_t>(*size) > rest.size()) {
    throw ValueError("the size " + std::to_string(*size) + " is more than the " + std::to_string(rest.size()) +
                     " bytes that the buffer has from the offset on");
  }
  ship(size ? rest.first(static_cast<std::size_t>(*size)) : rest, {});
}

std::vector<std::byte> Connection::recv_bytes(std::optional<std::int64_t> maxlength, Wait timeout) const {
  End& end = reading_end();
  if (maxlength && *maxlength < 0) throw ValueError("the maxlength " + std::to_string(*maxlength) + " is negative");
  const std::uint64_t limit = maxlength ? static_cast<std::uint64_t>(*maxlength) : Channel::kNoLimit;
  Channel::Received received = with_system([&] { return end.channel.receive(timeout.deadline(), limit); });
  if (received.outcome == Outcome::kDone) return std::move(received.message.bytes);
  if (received.outcome != Outcome::kTooLong) throw_not_received(received.outcome);
  end.readable = false;
  if (!end.writable) close();
  throw OSError("a message of " + std::to_string(received.length) + " bytes came, more than the maxlength " + std::to_string(*maxlength) +
                ": the connection cannot be read any more");
}

std::size_t Connection::recv_into(std::span<std::byte> buffer, std::int64_t offset) const {
  End& end = reading_end();
  const auto room = buffer.subspan(checked_offset(offset, buffer.size()));
  if (offset > 0 && room.empty()) throw ValueError("the offset " + std::to_string(offset) + " is the length of the buffer");
  const Channel::Received received = with_system([&] { return end.channel.receive_into(room, platform::Deadline::never()); });
  if (received.outcome == Outcome::kTooLong) throw BufferTooShort(receive(platform::Deadline::never()).bytes);
  if (received.outcome != Outcome::kDone) throw_not_received(received.outcome);
  return static_cast<std::size_t>(received.length);
}

bool Connection::poll(Wait timeout) const {
  End& end = reading_end();
  return with_system([&] { return end.channel.readable(timeout.deadline()); });
}

platform::NativeHandle Connection::fileno() const { return open_end().channel.native(); }

void Connection::close() const {
  if (end_ != nullptr) end_->channel.close();
}

void Connection::save(Writer& writer) const {
  End& end = open_end();
  writer.attach(with_system([&] { return end.channel.handle(); }));
  writer(end.readable, end.writable);
}

void Connection::load(Reader& reader) {
  platform::Handle handle = reader.detach();
  const bool readable = reader.read<bool>();
  const bool writable = reader.read<bool>();
  *this = Connection(std::move(handle), readable, writable);
}

Object Form<Connection>::wrap(const Connection& connection) {
  const Connection::End& end = connection.open_end();
  platform::Handle handle = with_system([&] { return end.channel.handle(); });
  return Instance{Global{std::string(kModule), std::string(kName)}, tuple(std::move(handle), end.readable, end.writable), {}, {}, {}};
}

Connection Form<Connection>::unwrap(const Object& object) {
  const auto* instance = object.get_if<Instance>();
  const Global* type = instance == nullptr ? nullptr : instance->type();
  if (type == nullptr || type->module != kModule || type->name != kName) {
    throw TypeError("wanted a Connection, but this is " + std::string(object.type_name()) +
                    " (a Connection that a Python program sent can only be used by Python)");
  }
  const List& args = instance->args.get<Tuple>().items;
  if (args.size() != 3) throw TypeError("a Connection came with " + std::to_string(args.size()) + " parts instead of 3");
  platform::Handle handle = with_system([&] { return args[0].get<platform::Handle>().duplicate(); });
  return Connection(std::move(handle), args[1].as<bool>(), args[2].as<bool>());
}

std::pair<Connection, Connection> Pipe(bool duplex) {
  auto [first, second] = with_system([] { return Channel::pair(); });
  return {Connection(std::move(first), true, duplex), Connection(std::move(second), duplex, true)};
}

}  // namespace mp

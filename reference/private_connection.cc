#include "reference/private_connection.h"

namespace mp::proxy_internal {

using process_internal::PrivateHandle;

namespace {

platform::NativeHandle number_of(const Connection& connection) {
  return connection.closed() ? platform::kNoHandle : connection.fileno();
}

}  // namespace

PrivateConnection& PrivateConnection::operator=(PrivateConnection&& other) noexcept {
  if (this == &other) return *this;
  close();
  connection_ = std::move(other.connection_);
  handle_ = std::move(other.handle_);
  return *this;
}

PrivateConnection::~PrivateConnection() { close(); }

// Without the second look:
//
//   this thread      connects
//   another          forks: the child has a copy, which is in no list
//   this thread      notes the number, waits in the server, and is killed
//   the server       takes the child's copy for a client that lives
//
// What was opened first has been used for nothing, so that the copy of it does no harm. The second time forks have to wait: who forks
// all the time must not keep others from connecting.
PrivateConnection PrivateConnection::open(const std::function<Connection()>& make) {
  const std::uint64_t before = PrivateHandle::forks();
  Connection connection = make();
  PrivateHandle handle = PrivateHandle::note([&](std::uint64_t forks) {
    if (forks != before) connection = make();
    return number_of(connection);
  });
  return {std::move(connection), std::move(handle)};
}

PrivateConnection PrivateConnection::adopt(Connection connection) {
  PrivateHandle handle = PrivateHandle::note(number_of(connection));
  return {std::move(connection), std::move(handle)};
}

void PrivateConnection::close() noexcept {
  switch (handle_.place()) {
    case PrivateHandle::Place::kNone: return;
    case PrivateHandle::Place::kOwn: return handle_.close([this] { connection_.close(); });
    // For good: its end would close its number again.
    case PrivateHandle::Place::kClosed: new Connection(std::move(connection_)); break;
    case PrivateHandle::Place::kCopied: connection_ = Connection(); break;
  }
  handle_ = PrivateHandle();
}

}  // namespace mp::proxy_internal

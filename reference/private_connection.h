#ifndef REFERENCE_PRIVATE_CONNECTION_H_
#define REFERENCE_PRIVATE_CONNECTION_H_

#include <functional>
#include <utility>

#include "reference/connection.h"
#include "reference/private_handle.h"

namespace mp::proxy_internal {

// A connection of this process alone: a child that Process forks closes its copy before it does anything else. With that copy open the other
// end would not learn of the death of this process as long as the child lives: a server would go on waiting in its name, a client for it.
//
// Owns:    the connection, which ends with it for all who have copies in this process.
// Shares:  nothing. In a forked child it stands for nothing: is_own() is false, and to close it closes nothing.
// Threads: as a plain value, each in one thread; what they have in common is guarded.
// Blocks:  open(), as its function does; while another thread opens for the second time, or forks, all but get() and is_own().
// Throws:  open(), what its function throws.
class PrivateConnection {
 public:
  // Closed.
  PrivateConnection() = default;
  PrivateConnection(PrivateConnection&& other) noexcept = default;
  PrivateConnection& operator=(PrivateConnection&& other) noexcept;
  ~PrivateConnection();
  // Of one that is noted already.
  PrivateConnection(Connection connection, process_internal::PrivateHandle handle)
      : connection_(std::move(connection)), handle_(std::move(handle)) {}

  // Of what the function gives, which may be closed. It is called once more when a child was forked meanwhile, and must not come back here.
  static PrivateConnection open(const std::function<Connection()>& make);
  // Of one that no child has a copy of.
  static PrivateConnection adopt(Connection connection);

  // For use only: nobody but this object closes it.
  const Connection& get() const { return connection_; }
  bool closed() const { return connection_.closed(); }
  bool is_own() const { return handle_.is_own(); }
  void close() noexcept;

 private:
  Connection connection_;
  process_internal::PrivateHandle handle_;
};

}  // namespace mp::proxy_internal

#endif  // REFERENCE_PRIVATE_CONNECTION_H_

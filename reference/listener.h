#ifndef REFERENCE_LISTENER_H_
#define REFERENCE_LISTENER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "reference/address.h"
#include "reference/authentication.h"
#include "reference/connection.h"
#include "reference/private_handle.h"
#include "reference/wait.h"

namespace mp {

struct ListenerOptions {
  // [listener.family] "AF_INET", "AF_UNIX" or "AF_PIPE"; "": that of the address, or else the quickest.
  std::string family = {};
  // [listener.backlog.given] How many may wait before anybody accepts.
  int backlog = 1;
  // [listener.auth.none] Without a key everybody is accepted. (An empty key is a key.)
  std::optional<std::string> authkey = {};
  // [listener.robust.silent-client] How long a client may take to prove its key. The time runs while somebody is in accept().
  Wait handshake = kHandshakeTime;
};

// A place at which Clients of other processes, related or not, written in C++ or Python, get a Connection to this one.
//
//   mp::Listener listener({"localhost", 6000}, {.authkey = "secret password"});
//   mp::Connection connection = listener.accept();
//
// Owns:    a share of the place: that is closed with its last copy, by close() for all of them. A socket's file goes with it.
// Shares:  copies are the same listener. It cannot be sent anywhere. A process that fork makes may accept from it, too (each
//          client is accepted by one of them), and leaves the file alone.
// Threads: every method in any thread. Of several in accept() one waits for clients, the others for their turn.
// Blocks:  accept() until somebody has connected and, if there is a key, has proved it; not for those who do not.
// Throws:  AuthenticationError from accept() for a client that did not prove the key; OSError when it is closed, also while it waits.
//          ValueError, TypeError, OverflowError from the constructor for addresses and families that do not fit; OSError when the system refuses.
//
// Nobody holds up others: accept() speaks with all that have connected at the same time. Each of them ends it in one of these ways, and whoever
// was not its turn is still there for the next call:
//
//     proved its key                          returns the connection
//     wrong digest, garbage, too long         is told so (#FAILURE#), AuthenticationError
//     closed, killed in the middle            AuthenticationError
//     silent for `handshake`, in all          AuthenticationError: so accept() comes back at the latest then
//     65 of them at once, silent              the oldest goes: AuthenticationError
//
// After an AuthenticationError call accept() again.
class Listener {
 public:
  // [listener.family.default] Without an address the system chooses one.
  explicit Listener(const Address& address = {}, const ListenerOptions& options = {});

  // [listener.accept] A finite timeout is an addition: TimeoutError when nobody came in time.
  Connection accept(Wait timeout = Wait::forever()) const;
  // [listener.close.twice] Harmless.
  void close() const;
  bool closed() const;

  // [listener.address.form] As the system has it: with the port that was free.
  const Address& address() const;
  // [listener.last-accepted.none] Of whom accept() spoke of last, be it that he was refused. Nothing where clients have no address.
  std::optional<Address> last_accepted() const;

 private:
  friend class Server;
  class Core;

  // From now on the place is this process's alone, and so are those who connect: a child that Process forks has no part in it.
  void keep_from_children() const;
  // accept() with the place of the connection among what such a child closes.
  std::pair<Connection, process_internal::PrivateHandle> accept_private() const;

  std::shared_ptr<Core> core_;
};

struct ClientOptions {
  std::string family = {};
  std::optional<std::string> authkey = {};
  // [listener.robust.key-on-client-only] How long the listener may take for its part of the handshake. Nothing tells a listener without a key
  // from one that does not accept yet: who connects long before that says so here.
  Wait handshake = kHandshakeTime;
  // How long connecting may take: where no machine answers the system itself gives up after minutes.
  Wait connect = Wait::forever();
};

// [listener.client] A Connection to the listener at that address.
//
// Throws AuthenticationError if one side has another key than the other, or the listener none; ConnectionRefusedError or FileNotFoundError if nobody
// listens there; TimeoutError if `connect` runs out.
Connection Client(const Address& address, const ClientOptions& options = {});

}  // namespace mp

#endif  // REFERENCE_LISTENER_H_

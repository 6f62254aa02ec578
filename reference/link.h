#ifndef REFERENCE_LINK_H_
#define REFERENCE_LINK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/life.h"
#include "reference/address.h"
#include "reference/connection.h"
#include "reference/object.h"
#include "reference/private_connection.h"
#include "reference/wait.h"

namespace mp::proxy_internal {

// A request to the server itself, on a connection of its own. Throws what went wrong there; TimeoutError when `timeout` runs out, or
// AuthenticationError if that was in the handshake.
Object dispatch(const Address& address, const std::string& authkey, std::string_view function, List args = {},
                Dict kwds = {}, Wait timeout = Wait::forever());

// One request and its answer.
Object request(const Connection& connection, Object id, std::string_view method, List args, Dict kwds,
               Wait timeout = Wait::forever());

// ('#RETURN', value) and its kin. For who can do something with it, ('#PROXY', value) sets `kind`. Throws what the others say.
Object value_of(const Object& answer, std::string_view* kind = nullptr);

// What this process has with one server: its anchor, the connection on which it takes and gives back references, which end with it; and
// a connection for each thread that calls. One a server, for as long as there is a proxy of it or a manager that has made one; its end closes
// them all, those of idle threads, too.
//
// After fork the child begins with a new state: another thread of the parent may have been in the middle of something. The connections of
// its parent are closed there (see PrivateConnection).
//
// Owns:    the connections.
// Shares:  itself, between all proxies of objects of that server. The connection of a thread with that thread, whichever ends first.
// Threads: every method in any, except those about fork: see Forks.
// Blocks:  until the server answers.
// Throws:  as Client, and what the server says.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(Address address, std::string authkey);
  ~Link();
  Link(const Link&) = delete;

  static std::shared_ptr<Link> to(const Address& address, const std::string& authkey);
  // The key of a server that this process knows, or has known: the newest, if there have been several at that address.
  static std::optional<std::string> known_key(const Address& address);

  struct Created {
    std::string id;
    std::vector<std::string> exposed;
    bool is_own;  // a reference to it is this process's; else it is nobody's, and to be adopted
  };
  // A new object. The arguments begin with its type.
  Created create(List args, Dict kwds);

  // A reference that belongs to this process, if the server can keep it so: a server of CPython cannot, and counts those of all in
  // one number. True: it ends with this process, whatever happens.
  bool take(const std::string& id);
  // The same for one that the server has counted already.
  bool adopt(const std::string& id);
  void give_back(const std::string& id);

  // An anchor for a child that is about to be forked, with these references on it. Closed: the server knows no such connections. Throws when the
  // server is silent for half a second.
  Connection anchor_for_child(const std::vector<std::string>& ids) const;
  // In that child, which knows this server from now on.
  void begin_child(const Connection& anchor);

  // The connection of the calling thread.
  Connection connection();
  void forget_connection();

  const Address address;
  const std::string authkey;

 private:
  struct State {
    explicit State(State* before) : before_fork(before) {}
    const platform::Life process = platform::own_life();
    State* const before_fork;  // of the parent: not to be touched, and kept
    std::mutex mutex;
    PrivateConnection anchor;
    bool asked = false;  // whether the server has such connections
    bool offered = false;

    std::mutex threads_mutex;  // taken alone
    std::vector<std::weak_ptr<PrivateConnection>> of_threads;
  };
  // What a thread has of a link. While the link lives, its connection is used by that thread only.
  struct Mine {
    std::shared_ptr<PrivateConnection> connection;
    std::weak_ptr<Link> link;
  };

  static Created created_from(const Object& answer, bool is_own);
  Created create_own(List args, Dict kwds);
  State& here();
  bool has_anchor(State& state);
  // Calls `act` with the anchor, or with null for a server that has none. False for the latter.
  template <class Act>
  bool on_anchor(Act act);
  bool reference(std::string_view function, const std::string& id);

  static std::unordered_map<std::uint64_t, Mine>& per_thread();

  inline static std::atomic<std::uint64_t> last_ = 0;
  const std::uint64_t number_;
  std::atomic<State*> state_ = new State(nullptr);
};

}  // namespace mp::proxy_internal

#endif  // REFERENCE_LINK_H_

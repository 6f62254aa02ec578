#include "reference/link.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <utility>

#include "reference/error.h"
#include "reference/exception.h"
#include "reference/listener.h"
#include "reference/process.h"
#include "reference/token.h"

namespace mp::proxy_internal {
namespace {

// While one waits for an anchor nobody in this process forks or makes a proxy. A server that is that busy, or stopped, is not waited for.
constexpr std::chrono::milliseconds kPatience(500);

// Each step may take that long.
Connection open(const Address& address, const std::string& authkey, Wait patience = Wait::forever()) {
  const Wait handshake = patience.is_forever() ? kHandshakeTime : patience;
  return Client(address, {.authkey = authkey, .handshake = handshake, .connect = patience});
}

Connection open_served(const Address& address, const std::string& authkey, Wait patience = Wait::forever()) {
  const Connection connection = open(address, authkey, patience);
  const List name = list(mp::current_process().name()).get<List>();
  value_of(request(connection, nullptr, "accept_connection", name, {}, patience));
  return connection;
}

// A connection for references; closed where the server does not answer such requests on it.
Connection open_anchor(const Address& address, const std::string& authkey, Wait patience = Wait::forever()) {
  Connection anchor = open_served(address, authkey, patience);
  try {
    value_of(request(anchor, nullptr, "dummy", {}, {}, patience));
  } catch (const RemoteError&) {
    anchor.close();
  }
  return anchor;
}

Object ask(const Connection& anchor, std::string_view function, const std::string& id,
           Wait patience = Wait::forever()) {
  return value_of(request(anchor, nullptr, function, list(id).get<List>(), {}, patience));
}

// Data with proxies inside may outlive the last proxy that somebody has. Of so many servers that are no longer used the keys are kept.
constexpr std::size_t kMostPast = 256;

struct Links {
  struct Past {
    Address address;
    std::string authkey;
    std::uint64_t number;
  };

  const platform::Life process = platform::own_life();
  std::mutex mutex;
  std::vector<Link*> all;  // each leaves at the beginning of its end
  std::deque<Past> past;
};

// A forked child has to leave the mutex of its parent alone, and begins with an empty list: what it has inherited and uses it adds.
Links& links() {
  static std::atomic<Links*> current = new Links;
  Links* known = current.load(std::memory_order_acquire);
  if (known->process == platform::own_life()) return *known;
  auto* fresh = new Links;
  if (current.compare_exchange_strong(known, fresh, std::memory_order_acq_rel)) return *fresh;
  delete fresh;
  return *known;
}

void add(Link* link) {
  Links& known = links();
  const std::lock_guard lock(known.mutex);
  if (std::ranges::find(known.all, link) == known.all.end()) known.all.push_back(link);
}

}  // namespace

Object value_of(const Object& answer, std::string_view* kind) {
  const auto* pair = answer.get_if<Tuple>();
  if (pair == nullptr || pair->items.size() != 2 || !pair->items[0].is_str())
    throw RemoteError("not an answer: " + answer.brief());
  const std::string& name = pair->items[0].get<std::string>();
  const Object& value = pair->items[1];
  if (name == "#RETURN") return value;
  if (name == "#PROXY" && kind != nullptr) {
    *kind = "#PROXY";
    return value;
  }
  if (name == "#ERROR") raise_object(value);
  if (name == "#TRACEBACK") throw RemoteError(value.as<std::string>());
  if (name == "#UNSERIALIZABLE") throw RemoteError("Unserializable message: " + value.as<std::string>() + "\n");
  throw ValueError("Unrecognized message type " + answer.brief());
}

Object request(const Connection& connection, Object id, std::string_view method, List args, Dict kwds, Wait timeout) {
  connection.send(tuple(std::move(id), method, Tuple{std::move(args)}, std::move(kwds)));
  return connection.recv(timeout);
}

Object dispatch(const Address& address, const std::string& authkey, std::string_view function, List args, Dict kwds,
                Wait timeout) {
  const platform::Deadline deadline = timeout.deadline();
  const auto left = [&] { return deadline.is_never() ? Wait::forever() : Wait(deadline.remaining()); };
  const auto handshake = std::min(left().duration(), kHandshakeTime.duration());
  const Connection connection = Client(address, {.authkey = authkey, .handshake = handshake, .connect = left()});
  const Object value = value_of(request(connection, nullptr, function, std::move(args), std::move(kwds), left()));
  connection.close();
  return value;
}

Link::Link(Address address, std::string authkey)
    : address(std::move(address)), authkey(std::move(authkey)), number_(++last_) {}

// Nobody is in the middle of a call: who calls has a proxy. A thread that ends at this moment only drops its share of its connection.
Link::~Link() {
  {
    Links& known = links();
    const std::lock_guard lock(known.mutex);
    if (std::erase(known.all, this) != 0) {
      std::erase_if(known.past, [&](const Links::Past& each) { return each.address == address; });
      known.past.push_back({address, authkey, number_});
      if (known.past.size() > kMostPast) known.past.pop_front();
    }
  }
  State* const state = state_.load(std::memory_order_acquire);
  if (state->process != platform::own_life()) return;  // that of the parent, which is kept
  for (const auto& each : state->of_threads) {
    if (const auto connection = each.lock()) connection->close();
  }
  delete state;
}

// One at its end is no more to be had: it is still in the list until it has the mutex.
std::shared_ptr<Link> Link::to(const Address& address, const std::string& authkey) {
  Links& known = links();
  const std::lock_guard lock(known.mutex);
  for (Link* const link : known.all) {
    if (link->address != address || link->authkey != authkey) continue;
    if (auto alive = link->weak_from_this().lock()) return alive;
  }
  auto fresh = std::make_shared<Link>(address, authkey);
  known.all.push_back(fresh.get());
  return fresh;
}

std::optional<std::string> Link::known_key(const Address& address) {
  Links& known = links();
  const std::lock_guard lock(known.mutex);
  std::uint64_t newest = 0;
  std::optional<std::string> key;
  const auto consider = [&](const Address& where, const std::string& its_key, std::uint64_t number) {
    if (where != address || number <= newest) return;
    newest = number;
    key = its_key;
  };
  for (const Link* link : known.all) consider(link->address, link->authkey, link->number_);
  for (const Links::Past& each : known.past) consider(each.address, each.authkey, each.number);
  return key;
}

Link::State& Link::here() {
  State* state = state_.load(std::memory_order_acquire);
  if (state->process == platform::own_life()) return *state;
  add(this);
  auto* fresh = new State(state);
  if (state_.compare_exchange_strong(state, fresh, std::memory_order_acq_rel)) return *fresh;
  delete fresh;
  return *state;
}

bool Link::has_anchor(State& state) {
  if (!state.asked) {
    state.anchor = PrivateConnection::open([this] { return open_anchor(address, authkey); });
    state.offered = !state.anchor.closed();
    state.asked = true;
  }
  return state.offered;
}

// A connection that broke is made anew the next time: there may be a new server at the same address.
template <class Act>
bool Link::on_anchor(Act act) {
  State& state = here();
  const std::lock_guard lock(state.mutex);
  const auto forget = [&] {
    state.anchor.close();
    state.asked = state.offered = false;
  };
  try {
    const bool has = has_anchor(state);
    act(has ? &state.anchor.get() : nullptr);
    return has;
  } catch (const OSError&) {
    forget();
    throw;
  } catch (const EOFError&) {
    forget();
    throw;
  }
}

bool Link::reference(std::string_view function, const std::string& id) {
  return on_anchor([&](const Connection* anchor) {
    if (anchor != nullptr) {
      ask(*anchor, function, id);
    } else {
      dispatch(address, authkey, function, list(id).get<List>());
    }
  });
}

bool Link::take(const std::string& id) { return reference("incref", id); }
void Link::give_back(const std::string& id) { reference("decref", id); }

Link::Created Link::created_from(const Object& answer, bool is_own) {
  const auto& parts = answer.get<Tuple>().items;
  if (parts.size() != 2) throw RemoteError("not an answer to create: " + answer.brief());
  return {parts[0].as<std::string>(), names_from(parts[1]), is_own};
}

// On the connection of this thread: a constructor may take its time, or wait for what another thread does, which may need the anchor. What is made
// belongs to that connection until the anchor has a reference of its own: a client that is killed leaves nothing, wherever it is.
Link::Created Link::create_own(List args, Dict kwds) {
  const Connection mine = connection();
  Object made;
  try {
    made = request(mine, nullptr, "create", std::move(args), std::move(kwds));
  } catch (const OSError&) {
    forget_connection();
    throw;
  } catch (const EOFError&) {
    forget_connection();
    throw;
  }
  Created created = created_from(value_of(made), true);
  try {
    take(created.id);
    ask(mine, "decref", created.id);
  } catch (const std::exception&) {
    forget_connection();  // gives back what is its own
    throw;
  }
  return created;
}

Link::Created Link::create(List args, Dict kwds) {
  const bool has_anchor = on_anchor([](const Connection*) {});
  if (has_anchor) return create_own(std::move(args), std::move(kwds));
  return created_from(dispatch(address, authkey, "create", std::move(args), std::move(kwds)), false);
}

bool Link::adopt(const std::string& id) {
  return on_anchor([&](const Connection* anchor) {
    if (anchor != nullptr) ask(*anchor, "adopt", id);
  });
}

Connection Link::anchor_for_child(const std::vector<std::string>& ids) const {
  Connection anchor = open_anchor(address, authkey, kPatience);
  if (anchor.closed()) return anchor;
  for (const std::string& id : ids) ask(anchor, "incref", id, kPatience);
  return anchor;
}

// Without a place in the list a second Link to the same server would be made, and proxies inside of data, which travel without a key, would
// not find theirs.
void Link::begin_child(const Connection& anchor) {
  add(this);
  auto* fresh = new State(state_.load(std::memory_order_acquire));
  fresh->anchor = PrivateConnection::adopt(anchor);
  fresh->asked = true;
  fresh->offered = !anchor.closed();
  state_.store(fresh, std::memory_order_release);
}

std::unordered_map<std::uint64_t, Link::Mine>& Link::per_thread() {
  static thread_local std::unordered_map<std::uint64_t, Mine> connections;
  return connections;
}

Connection Link::connection() {
  auto& mine = per_thread();
  const auto found = mine.find(number_);
  if (found != mine.end() && found->second.connection->is_own()) return found->second.connection->get();
  std::erase_if(mine, [](const auto& each) { return each.second.link.expired(); });
  const auto fresh =
      std::make_shared<PrivateConnection>(PrivateConnection::open([this] { return open_served(address, authkey); }));
  {
    State& state = here();
    const std::lock_guard lock(state.threads_mutex);
    std::erase_if(state.of_threads, [](const auto& each) { return each.expired(); });
    state.of_threads.push_back(fresh);
  }
  mine.insert_or_assign(number_, Mine{fresh, weak_from_this()});
  return fresh->get();
}

void Link::forget_connection() { per_thread().erase(number_); }

}  // namespace mp::proxy_internal

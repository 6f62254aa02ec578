#include "reference/proxy.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "platform/life.h"
#include "reference/connection.h"
#include "reference/error.h"
#include "reference/exception.h"
#include "reference/fork_hook.h"
#include "reference/listener.h"
#include "reference/process.h"

namespace mp {
namespace {

// ('#RETURN', value) and its kin. Nothing for another kind, which only the caller may understand.
Object value_of(const Object& answer, std::string_view* kind = nullptr) {
  const auto* pair = answer.get_if<Tuple>();
  if (pair == nullptr || pair->items.size() != 2 || !pair->items[0].is_str())
    throw RemoteError("not an answer: " + answer.repr());
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
  throw ValueError("Unrecognized message type " + answer.repr());
}

Object request(const Connection& connection, Object id, std::string_view method, List args, Dict kwds) {
  connection.send(tuple(std::move(id), method, Tuple{std::move(args)}, std::move(kwds)));
  return connection.recv();
}

Connection open(const Address& address, const std::string& authkey) { return Client(address, {.authkey = authkey}); }

Connection open_served(const Address& address, const std::string& authkey) {
  const Connection connection = open(address, authkey);
  value_of(request(connection, nullptr, "accept_connection", list(mp::current_process().name()).get<List>(), {}));
  return connection;
}

}  // namespace

namespace proxy_internal {

Object dispatch(const Address& address, const std::string& authkey, std::string_view function, List args, Dict kwds) {
  const Connection connection = open(address, authkey);
  const Object value = value_of(request(connection, nullptr, function, std::move(args), std::move(kwds)));
  connection.close();
  return value;
}

// What this process has with one server: the connection on which it takes and gives back references. One a server, for as long as the
// process lives; what a thread calls goes over a connection of its own.
//
// After fork the child begins with a new state: another thread of the parent may have been in the middle of something.
class Link {
 public:
  Link(Address address, std::string authkey)
      : address(std::move(address)), authkey(std::move(authkey)), number_(++last_) {}

  static std::shared_ptr<Link> to(const Address& address, const std::string& authkey);
  // The key of a server that this process knows already.
  static std::optional<std::string> known_key(const Address& address);

  // A reference that belongs to this process, if the server can keep it so.
  void take(const std::string& id) { reference("incref", id); }
  void adopt(const std::string& id) {
    State& state = here();
    const std::lock_guard lock(state.mutex);
    on_anchor(state, [&] {
      if (anchor(state)) ask(state, "adopt", id);
    });
  }
  void give_back(const std::string& id) { reference("decref", id); }

  // A connection for a child that is about to be forked, with these references on it. With a server that knows no such connections
  // they are nobody's, and the connection is none.
  Connection anchor_for_child(const std::vector<std::string>& ids);
  // In that child.
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
    Connection anchor;
    bool asked = false;  // whether the server has such connections
    bool offered = false;
  };

  State& here();
  // A server of CPython counts references of nobody in particular.
  bool anchor(State& state);
  Object ask(State& state, std::string_view function, const std::string& id) {
    return value_of(request(state.anchor, nullptr, function, list(id).get<List>(), {}));
  }
  void reference(std::string_view function, const std::string& id) {
    State& state = here();
    const std::lock_guard lock(state.mutex);
    on_anchor(state, [&] {
      if (anchor(state)) {
        ask(state, function, id);
      } else {
        dispatch(address, authkey, function, list(id).get<List>());
      }
    });
  }
  // A connection that broke is made anew the next time: there may be a new server at the same address.
  template <class Act>
  void on_anchor(State& state, Act act) {
    const auto forget = [&] {
      state.anchor.close();
      state.asked = state.offered = false;
    };
    try {
      act();
    } catch (const OSError&) {
      forget();
      throw;
    } catch (const EOFError&) {
      forget();
      throw;
    }
  }

  struct PerThread {
    platform::Life process;
    Connection connection;
  };
  static std::unordered_map<std::uint64_t, PerThread>& per_thread() {
    static thread_local std::unordered_map<std::uint64_t, PerThread> connections;
    return connections;
  }

  inline static std::atomic<std::uint64_t> last_ = 0;
  const std::uint64_t number_;
  std::atomic<State*> state_ = new State(nullptr);
};

namespace {

struct Links {
  const platform::Life process = platform::own_life();
  std::mutex mutex;
  std::vector<std::shared_ptr<Link>> all;
};

// A forked child has to leave the mutex of its parent alone; what it needs of the list it makes again.
Links& links() {
  static std::atomic<Links*> current = new Links;
  Links* known = current.load(std::memory_order_acquire);
  if (known->process == platform::own_life()) return *known;
  auto* fresh = new Links;
  if (current.compare_exchange_strong(known, fresh, std::memory_order_acq_rel)) return *fresh;
  delete fresh;
  return *known;
}

}  // namespace

std::shared_ptr<Link> Link::to(const Address& address, const std::string& authkey) {
  Links& known = links();
  const std::lock_guard lock(known.mutex);
  for (const auto& link : known.all) {
    if (link->address == address && link->authkey == authkey) return link;
  }
  return known.all.emplace_back(std::make_shared<Link>(address, authkey));
}

std::optional<std::string> Link::known_key(const Address& address) {
  Links& known = links();
  const std::lock_guard lock(known.mutex);
  for (auto link = known.all.rbegin(); link != known.all.rend(); ++link) {
    if ((*link)->address == address) return (*link)->authkey;
  }
  return std::nullopt;
}

Link::State& Link::here() {
  State* state = state_.load(std::memory_order_acquire);
  if (state->process == platform::own_life()) return *state;
  auto* fresh = new State(state);
  if (state_.compare_exchange_strong(state, fresh, std::memory_order_acq_rel)) return *fresh;
  delete fresh;
  return *state;
}

bool Link::anchor(State& state) {
  if (!state.asked) {
    state.anchor = open_served(address, authkey);
    try {
      value_of(request(state.anchor, nullptr, "dummy", {}, {}));
      state.offered = true;
    } catch (const RemoteError&) {
      state.anchor.close();
    }
    state.asked = true;
  }
  return state.offered;
}

Connection Link::anchor_for_child(const std::vector<std::string>& ids) {
  Connection anchor = open_served(address, authkey);
  try {
    value_of(request(anchor, nullptr, "dummy", {}, {}));
  } catch (const RemoteError&) {
    anchor = Connection();
  }
  for (const std::string& id : ids) {
    if (anchor.closed()) {
      dispatch(address, authkey, "incref", list(id).get<List>());
    } else {
      value_of(request(anchor, nullptr, "incref", list(id).get<List>(), {}));
    }
  }
  return anchor;
}

void Link::begin_child(const Connection& anchor) {
  auto* fresh = new State(state_.load(std::memory_order_acquire));
  fresh->anchor = anchor;
  fresh->asked = true;
  fresh->offered = !anchor.closed();
  state_.store(fresh, std::memory_order_release);
}

Connection Link::connection() {
  auto& mine = per_thread();
  const auto found = mine.find(number_);
  if (found != mine.end() && found->second.process == platform::own_life()) return found->second.connection;
  Connection fresh = open_served(address, authkey);
  mine.insert_or_assign(number_, PerThread{platform::own_life(), fresh});
  return fresh;
}

void Link::forget_connection() { per_thread().erase(number_); }

// One reference. A child that Process forks has its own from the beginning (see Forks); one that the program forks by itself takes it when
// it is first used there: the one of its parent is not its to give back.
class Held {
 public:
  Held(std::shared_ptr<Link> link, Token token);
  ~Held() {
    leave();
    if (owner_ != platform::own_life()) return;
    try {
      link->give_back(token.id);
    } catch (const std::exception&) {
      // The server has ended, and the object with it.
    }
  }
  Held(const Held&) = delete;

  void own() {
    if (owner_ == platform::own_life()) return;
    link->take(token.id);
    owner_ = platform::own_life();
  }
  void adopted() {
    owner_ = platform::own_life();
    link->adopt(token.id);
  }

  bool is_own() const { return owner_ == platform::own_life(); }
  void inherited() { owner_ = platform::own_life(); }

  const std::shared_ptr<Link> link;
  const Token token;

 private:
  void leave();

  std::atomic<platform::Life> owner_ = 0;
};

namespace {

// The references of this process, and what a child that is being forked gets.
//
//   before     a connection for the child, with a reference on it for each one that this process has
//   fork       whoever makes or drops a reference meanwhile waits
//   in_child   that connection is the child's: when it ends, however it does, so do its references
//   in_parent  its copy of the connection is closed
struct Forks {
  struct Inheritance {
    std::shared_ptr<Link> link;
    Connection anchor;
    std::vector<Held*> held;
  };

  static Forks& get() {
    static Forks* const kForks = [] {
      process_internal::set_fork_hook({&before, &in_parent, &in_child});
      return new Forks;
    }();
    return *kForks;
  }
  static void before() {
    Forks& forks = get();
    forks.mutex.lock();
    std::map<std::shared_ptr<Link>, std::vector<Held*>> all;
    for (Held* held : forks.live) {
      if (held->is_own()) all[held->link].push_back(held);
    }
    for (auto& [link, held] : all) {
      try {
        std::vector<std::string> ids;
        for (const Held* each : held) ids.push_back(each->token.id);
        forks.inheritances.push_back({link, link->anchor_for_child(ids), std::move(held)});
      } catch (const std::exception&) {
        // The server has ended: whoever uses the proxy in the child is told so.
      }
    }
  }
  static void in_parent() {
    get().inheritances.clear();
    get().mutex.unlock();
  }
  static void in_child() {
    Forks& forks = get();
    for (const Inheritance& each : forks.inheritances) {
      each.link->begin_child(each.anchor);
      for (Held* held : each.held) held->inherited();
    }
    forks.inheritances.clear();
    forks.mutex.unlock();
  }

  std::mutex mutex;
  std::set<Held*> live;
  std::vector<Inheritance> inheritances;
};

}  // namespace

Held::Held(std::shared_ptr<Link> link, Token token) : link(std::move(link)), token(std::move(token)) {
  Forks& forks = Forks::get();
  const std::lock_guard lock(forks.mutex);
  forks.live.insert(this);
}

void Held::leave() {
  Forks& forks = Forks::get();
  const std::lock_guard lock(forks.mutex);
  forks.live.erase(this);
}

}  // namespace proxy_internal

using proxy_internal::Held;
using proxy_internal::Link;

Proxy Proxy::adopt(Token token, std::string authkey, std::vector<std::string> exposed) {
  auto held = std::make_shared<Held>(Link::to(token.address, authkey), token);
  held->adopted();
  return Proxy(std::move(held), std::move(exposed));
}

Proxy Proxy::refer(Token token, std::string authkey, std::optional<std::vector<std::string>> exposed) {
  auto held = std::make_shared<Held>(Link::to(token.address, authkey), token);
  // First: CPython's server does not know the methods of what only a container of its own still refers to.
  held->own();
  if (!exposed)
    exposed =
        names_from(proxy_internal::dispatch(token.address, authkey, "get_methods", list(token.object()).get<List>()));
  return Proxy(std::move(held), *std::move(exposed));
}

Proxy::Reply Proxy::callmethod(std::string_view method, List args, Dict kwds) const {
  Link& link = *held_->link;
  held_->own();
  const Connection connection = link.connection();
  std::string_view kind;
  Object answer;
  try {
    answer = request(connection, held_->token.id, method, std::move(args), std::move(kwds));
  } catch (const OSError&) {
    link.forget_connection();
    throw;
  } catch (const EOFError&) {
    link.forget_connection();
    throw;
  }
  const Object value = value_of(answer, &kind);
  if (kind != "#PROXY") return value;
  const auto& parts = value.get<Tuple>().items;
  if (parts.size() != 2) throw RemoteError("not an answer: " + value.repr());
  Token token = Token::from(parts[1]);
  token.address = held_->token.address;
  return adopt(std::move(token), link.authkey, names_from(parts[0]));
}

Object Proxy::getvalue() const { return std::get<Object>(callmethod("#GETVALUE")); }

std::string Proxy::str() const {
  try {
    return std::get<Object>(callmethod("__repr__")).as<std::string>();
  } catch (const Error&) {
    std::string text = repr();
    text.pop_back();
    return text + "; '__str__()' failed>";
  }
}

namespace {

// CPython's class for the standard types; what was registered otherwise is an AutoProxy.
std::string proxy_class(const std::string& type_id) {
  static const std::map<std::string, std::string> kClasses = {
      {"list", "ListProxy"},           {"dict", "DictProxy"},       {"Namespace", "NamespaceProxy"},
      {"Value", "ValueProxy"},         {"Array", "ArrayProxy"},     {"Event", "EventProxy"},
      {"Lock", "AcquirerProxy"},       {"RLock", "AcquirerProxy"},  {"Semaphore", "AcquirerProxy"},
      {"Condition", "ConditionProxy"}, {"Barrier", "BarrierProxy"}, {"BoundedSemaphore", "AcquirerProxy"},
      {"Iterator", "IteratorProxy"},
  };
  const auto found = kClasses.find(type_id);
  return found == kClasses.end() ? "AutoProxy" : found->second;
}

}  // namespace

std::string Proxy::repr() const {
  const std::string& type_id = token().type_id;
  const std::string name = proxy_class(type_id);
  return "<" + (name == "AutoProxy" ? "AutoProxy[" + type_id + "]" : name) + " object, typeid '" + type_id + "' at 0x" +
         token().id + ">";
}

const Token& Proxy::token() const { return held_->token; }

bool Proxy::exposes(std::string_view method) const { return std::ranges::find(exposed_, method) != exposed_.end(); }

Object Proxy::object() const {
  held_->own();
  ProxyRecipe recipe{proxy_class(token().type_id), token(), {}, {}};
  if (recipe.proxy_type == "AutoProxy") recipe.exposed = exposed_;
  return recipe.object();
}

Proxy Proxy::from(const Object& object) {
  const auto recipe = ProxyRecipe::from(object);
  if (!recipe) throw TypeError("wanted a proxy, not " + std::string(object.type_name()));
  std::optional<std::string> key = recipe->authkey;
  if (!key) key = Link::known_key(recipe->token.address);
  return refer(recipe->token, key ? *key : current_process().authkey(), recipe->exposed);
}

// On its way it has a reference that belongs to nobody, so that the sender may drop his.
void Proxy::save(Writer& writer) const {
  held_->own();
  const Token& own = token();
  proxy_internal::dispatch(own.address, held_->link->authkey, "incref", list(own.id).get<List>());
  writer(own.type_id, address_object(own.address), own.id, held_->link->authkey, exposed_);
}

void Proxy::load(Reader& reader) {
  Token token;
  token.type_id = reader.read<std::string>();
  token.address = address_from(reader.read<Object>());
  token.id = reader.read<std::string>();
  auto authkey = reader.read<std::string>();
  auto exposed = reader.read<std::vector<std::string>>();
  *this = refer(token, authkey, std::move(exposed));
  proxy_internal::dispatch(token.address, authkey, "decref", list(token.id).get<List>());
}

}  // namespace mp

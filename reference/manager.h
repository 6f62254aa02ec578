#ifndef REFERENCE_MANAGER_H_
#define REFERENCE_MANAGER_H_

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/address.h"
#include "reference/object.h"
#include "reference/pool_proxy.h"
#include "reference/process.h"
#include "reference/proxies.h"
#include "reference/proxy.h"
#include "reference/registry.h"
#include "reference/server.h"
#include "reference/start_method.h"
#include "reference/target.h"
#include "reference/wait.h"

namespace mp {

struct ManagerOptions {
  // [manager.ctor.authkey] Without: that of the current process.
  std::optional<std::string> authkey = {};
  std::optional<StartMethod> start_method = {};
  // How long the server may take to end before it is ended.
  Wait shutdown_timeout = std::chrono::seconds(1);
};

// A server process that keeps objects for others, and the means to reach one.
//
//   struct Maths { int add(int x, int y) { return x + y; }
//                  static mp::Class<Maths> describe() { return mp::Class<Maths>("Maths").method("add(x, y)", &Maths::add); } };
//   mp::BaseManager manager;
//   manager.register_type<Maths>("Maths");
//   manager.start();
//   const int sum = manager.create("Maths").call<int>("add", 4, 3);
//
// Owns:    the server that it started, which ends with it: by shutdown(), by the destructor, at the end of this process, and when this
//          process is killed.
// Shares:  nothing; its proxies travel. A forked child has no part in it.
// Threads: every method in any, but register_type() before the others. The object's own life time is its owner's business.
// Blocks:  start() until the server serves; shutdown() until it has ended, twice `shutdown_timeout` at most, then it is killed, also when it is
//          stopped; join().
// Throws:  ProcessError for what is done at the wrong time, AssertionError from create() before the start. start() throws what went wrong in the
//          server's process (an initializer, an address in use); connect() as Client.
class BaseManager {
 public:
  explicit BaseManager(Address address = {}, ManagerOptions options = {});
  BaseManager(BaseManager&&) noexcept;
  BaseManager& operator=(BaseManager&&) noexcept;
  ~BaseManager();

  // [manager.register] A class that describes itself; a function that gives a Class, or a shared object (see Registry); or nothing, for a client.
  template <Described T>
  void register_type(std::string type_id, RegisterOptions options = {}) {
    registry().add<T>(std::move(type_id), std::move(options));
  }
  template <class F>
  requires std::invocable<F>
  void register_type(std::string type_id, F callable, RegisterOptions options = {}) {
    registry().add(std::move(type_id), std::move(callable), std::move(options));
  }
  void register_type(std::string type_id, RegisterOptions options = {}) {
    registry().add(std::move(type_id), std::move(options));
  }

  // [manager.start] The initializer runs in the server's process, before it serves.
  void start();
  template <class F, class... A>
  void start(F&& initializer, A&&... arguments) {
    start_with(make_target(std::forward<F>(initializer), std::forward<A>(arguments)...));
  }
  // [manager.get-server] A server for this process: serve_forever() on it.
  Server get_server() const;
  // [manager.connect] To one that runs already, wherever.
  void connect();
  // [manager.shutdown] Ends a server that start() began. Harmless when it has ended. AttributeError where there was no start(), also for a client.
  void shutdown();
  void join(Wait timeout = Wait::forever());
  // A server was started, or connected to, and not shut down.
  bool is_started() const;
  // [manager.address] Of a running one.
  Address address() const;

  // [manager.create] A new object of that typeid. AttributeError for one that is not registered here.
  template <class P = Proxy, class... A>
  P create(std::string_view type_id, A&&... arguments) const {
    List args;
    (args.emplace_back(std::forward<A>(arguments)), ...);
    return P(make(type_id, std::move(args)));
  }
  Proxy make(std::string_view type_id, List args = {}, Dict kwds = {}) const;

  // For the search for references that are left over.
  std::size_t number_of_objects() const;
  std::string debug_info() const;

 protected:
  Registry& registry();
  // What a function of the server itself answers.
  Object ask(std::string_view function, List args = {}) const;

 private:
  struct State;
  void start_with(std::unique_ptr<Target> initializer);

  std::shared_ptr<State> state_;
};

// [manager.factory] A BaseManager that knows the containers and locks of Python.
class SyncManager : public BaseManager {
 public:
  explicit SyncManager(Address address = {}, ManagerOptions options = {});

  DictProxy dict() const { return create<DictProxy>("dict"); }
  DictProxy dict(const Object& entries) const { return create<DictProxy>("dict", entries); }
  ListProxy list() const { return create<ListProxy>("list"); }
  ListProxy list(const Object& items) const { return create<ListProxy>("list", items); }
  NamespaceProxy Namespace(Dict attributes = {}) const {
    return NamespaceProxy(make("Namespace", {}, std::move(attributes)));
  }
  AcquirerProxy Lock() const { return create<AcquirerProxy>("Lock"); }
  AcquirerProxy RLock() const { return create<AcquirerProxy>("RLock"); }
  AcquirerProxy Semaphore(std::int64_t value = 1) const { return create<AcquirerProxy>("Semaphore", value); }
  AcquirerProxy BoundedSemaphore(std::int64_t value = 1) const {
    return create<AcquirerProxy>("BoundedSemaphore", value);
  }
  ConditionProxy Condition() const { return create<ConditionProxy>("Condition"); }
  ConditionProxy Condition(const AcquirerProxy& lock) const {
    return create<ConditionProxy>("Condition", lock.object());
  }
  EventProxy Event() const { return create<EventProxy>("Event"); }
  BarrierProxy Barrier(std::int64_t parties, Wait timeout = Wait::forever()) const {
    return create<BarrierProxy>("Barrier", parties, nullptr, proxy_internal::seconds(timeout));
  }
  QueueProxy Queue(std::int64_t maxsize = 0) const { return create<QueueProxy>("Queue", maxsize); }
  QueueProxy JoinableQueue(std::int64_t maxsize = 0) const { return create<QueueProxy>("JoinableQueue", maxsize); }
  ValueProxy Value(std::string_view typecode, const Object& value) const {
    return create<ValueProxy>("Value", typecode, value);
  }
  ArrayProxy Array(std::string_view typecode, const Object& sequence) const {
    return create<ArrayProxy>("Array", typecode, sequence);
  }
  // Its workers are children of the server.
  PoolProxy Pool(const PoolProxyOptions& options = {}) const {
    return create<PoolProxy>("Pool", options.processes, options.initializer.function(), options.initializer.arguments(),
                             options.maxtasksperchild);
  }
  PoolProxy Pool(int processes) const { return Pool(PoolProxyOptions{.processes = processes}); }
};

// [manager.factory.started] One that is started.
SyncManager Manager(ManagerOptions options = {});

}  // namespace mp

#endif  // REFERENCE_MANAGER_H_

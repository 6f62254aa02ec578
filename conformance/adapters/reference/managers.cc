#include "conformance/adapters/reference/managers.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/reference/functions.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/error.h"
#include "reference/managed.h"
#include "reference/manager.h"
#include "reference/shared_memory_manager.h"

namespace mp::conformance {
namespace {

// The classes of protocol.md, section 7.
class Counter {
 public:
  static Class<Counter> describe() {
    return Class<Counter>("Counter")
        .method("add(n)", &Counter::add)
        .method("value()", &Counter::value)
        .method("fail(name, text)", [](Counter&, std::string name, std::string text) { mp::raise(name, text); })
        .method("unserialisable()", [](Counter&) { return std::make_shared<Counter>(); })
        .method("_secret()", [](Counter&) { return "hidden"; });
  }
  std::int64_t add(std::int64_t n) {
    const std::lock_guard lock(mutex_);
    return number_ += n;
  }
  std::int64_t value() {
    const std::lock_guard lock(mutex_);
    return number_;
  }

 private:
  std::mutex mutex_;
  std::int64_t number_ = 0;
};

struct Squares {
  static Class<Squares> describe() {
    return Class<Squares>("Squares").constructor<std::int64_t>("(n)").method("__next__()", &Squares::next);
  }
  explicit Squares(std::int64_t n) : end(n) {}
  std::int64_t next() {
    const std::int64_t number = position.fetch_add(1);
    if (number >= end) mp::raise("StopIteration", "");
    return number * number;
  }
  const std::int64_t end;
  std::atomic<std::int64_t> position{0};
};

struct Maths {
  static Class<Maths> describe() {
    return Class<Maths>("Maths")
        .method("add(x, y)", [](Maths&, std::int64_t x, std::int64_t y) { return x + y; })
        .method("mul(x, y)", [](Maths&, std::int64_t x, std::int64_t y) { return x * y; })
        .method("counter()", [](Maths&) { return std::make_shared<Counter>(); });
  }
};

std::shared_ptr<managed::List> shared_list() {
  static const auto kList = std::make_shared<managed::List>();
  return kList;
}

std::shared_ptr<managed::Queue> shared_queue() {
  static const auto kQueue = std::make_shared<managed::Queue>(0);
  return kQueue;
}

const RegisterOptions kMaths = {.exposed = {{"add", "mul", "counter"}}, .method_to_typeid = {{"counter", "counter_result"}}};
// In Python the class of the proxy says so.
const RegisterOptions kSums = {.exposed = {{"add", "counter"}}, .method_to_typeid = {{"counter", "counter_result"}}};

class OwnManager : public BaseManager {
 public:
  OwnManager(Address address, ManagerOptions options) : BaseManager(std::move(address), std::move(options)) {
    register_type<Counter>("Counter");
    register_type<Maths>("Maths", kMaths);
    register_type<Maths>("Sums", kSums);
    register_type<Counter>("OpenCounter", {.exposed = {{"value", "_secret"}}});
    register_type<Squares>("Squares", {.exposed = {{"__next__"}}});
    register_type("shared_list", [] { return shared_list(); });
    register_type("shared_queue", [] { return shared_queue(); });
    register_type<Counter>("counter_result", {.exposed = {{"add", "value", "fail"}}, .create_method = false});
  }
};

class ClientManager : public BaseManager {
 public:
  ClientManager(Address address, ManagerOptions options) : BaseManager(std::move(address), std::move(options)) {
    register_type("Counter");
    register_type("Maths", kMaths);
    register_type("Sums", kSums);
    register_type("OpenCounter");
    register_type("Squares");
    register_type("shared_list");
    register_type("shared_queue");
    register_type("counter_result", {.create_method = false});
  }
};

Address address_in(const Value& value) {
  if (value.is_none()) return {};
  if (value.is<std::string>()) return Address(value.text());
  const auto* pair = value.as<Tuple>();
  if (pair == nullptr || pair->items.size() != 2)
    type_error("an address is a tuple of host and port, or a text, not " + printed(value));
  return Address(pair->items[0].text(), static_cast<int>(pair->items[1].integer()));
}

Value value_of(const Address& address) {
  if (address.is_arbitrary()) return None;
  if (address.family() == "AF_INET") return Tuple{address.host(), address.port()};
  return address.path();
}

ManagerOptions options_in(Args& args) {
  ManagerOptions options;
  if (!args["authkey"].is_none()) options.authkey = args.bytes("authkey");
  if (!args["shutdown_timeout"].is_none()) options.shutdown_timeout = wait_of(args, "shutdown_timeout");
  return options;
}

void start(BaseManager& manager, Args& args) {
  if (args["initializer"].is_none()) return manager.start();
  manager.start([](Task task) { run_task(task); },
                make_task(args["initializer"], args["initargs"], Value(), args.handles()));
}

Value create(BaseManager& manager, const std::string& type_id, Args& args) {
  mp::List list;
  for (const Value& value : args.more()) list.push_back(to_object(value, args.handles()));
  mp::Dict kwds;
  for (const auto& [name, value] : args.more_by_name().items) kwds.set(name, to_object(value, args.handles()));
  return keep_proxy(manager.make(type_id, std::move(list), std::move(kwds)), args.handles());
}

template <class M>
Type<M> offer_manager(Adapter& adapter, const char* name, const std::vector<const char*>& types) {
  Type<M> type = adapter.type<M>(name);
  type.make(std::string(name) + "(address=None, authkey=None, *, shutdown_timeout=1.0)",
            [](Args& args) { return M(address_in(args["address"]), options_in(args)); })
      .method("start(initializer=None, initargs=())", [](M& manager, Args& args) { start(manager, args); })
      .method("connect()", [](M& manager, Args&) { manager.connect(); })
      .method("shutdown()", [](M& manager, Args&) { manager.shutdown(); })
      .method("join(timeout=None)", [](M& manager, Args& args) { manager.join(wait_of(args, "timeout")); })
      .method("get_server()", [](M& manager, Args&) { return manager.get_server(); })
      .method("__enter__()",
              [](M& manager, Args&) {
                if (!manager.is_started()) manager.start();
                return borrowed(&manager);
              })
      .method("__exit__()", [](M& manager, Args&) { manager.shutdown(); })
      .method("_number_of_objects()", [](M& manager, Args&) { return static_cast<std::int64_t>(manager.number_of_objects()); })
      .method("_debug_info()", [](M& manager, Args&) { return manager.debug_info(); })
      .get("address", [](M& manager, Args&) { return value_of(manager.address()); })
      .set("address", [](M&, Args&) { mp::raise("AttributeError", "the address of a manager can only be read"); });
  for (const char* each : types) {
    type.method(std::string(each) + "(*args, **kwargs)", [each](M& manager, Args& args) { return create(manager, each, args); });
  }
  return type;
}

std::vector<Object> values_in(const Value& sequence, const Handles& handles) {
  std::vector<Object> values;
  for (const Value& value : sequence.items()) values.push_back(to_object(value, handles));
  return values;
}

}  // namespace

void offer_managers(Adapter& adapter) {
  offer_proxies(adapter);
  const std::vector<const char*> own = {"Counter", "OpenCounter", "Maths",        "Sums",
                                        "Squares", "shared_list", "shared_queue", "counter_result"};
  offer_manager<OwnManager>(adapter, "BaseManager", own);
  offer_manager<ClientManager>(adapter, "ClientManager", own);
  offer_manager<SyncManager>(adapter, "SyncManager",
                             {"dict", "list", "Namespace", "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event",
                              "Barrier", "Queue", "JoinableQueue", "Value", "Array"});
  offer_manager<SharedMemoryManager>(adapter, "SharedMemoryManager", {})
      .method("SharedMemory(size)",
              [](SharedMemoryManager& manager, Args& args) { return manager.SharedMemory(args.integer("size")); })
      .method("ShareableList(sequence)", [](SharedMemoryManager& manager, Args& args) {
        return manager.ShareableList(values_in(args["sequence"], args.handles()));
      });
  offer_class(adapter, "Manager()", [](const auto& from, Args&) { return from.Manager(); });
  offer_pool_proxies(adapter);
  adapter.type<Server>("Server")
      .method("serve_forever()", [](Server& server, Args&) { server.serve_forever(); })
      .get("address", [](Server& server, Args&) { return value_of(server.address()); });
}

}  // namespace mp::conformance

#include "conformance/adapters/cpp/recorder.h"
#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/functions.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/barrier.h"
#include "reference/condition.h"
#include "reference/rlock.h"
#include "reference/semaphore.h"

namespace mp::conformance {
namespace {

// What a with statement does to everything that can be acquired.
template <class T>
Type<T> offer_context_manager(Type<T> type) {
  type.method("__enter__()", [](T& object, Args&) { return object.acquire(); })
      .method("__exit__()", [](T& object, Args&) { object.release(); });
  return type;
}

template <class T>
Type<T> offer_acquire(Type<T> type) {
  type.method("acquire(block=True, timeout=None)",
              [](T& object, Args& args) { return object.acquire(args.flag("block"), wait_of(args, "timeout")); });
  return offer_context_manager(type);
}

template <class T>
void offer_semaphore(Adapter& adapter, const std::string& name) {
  Luggage::travels<T>();
  offer_acquire(adapter.type<T>(name))
      .method("release(n=1)", [](T& semaphore, Args& args) { semaphore.release(args.integer("n")); })
      .method("get_value()", [](T& semaphore, Args&) { return std::int64_t{semaphore.get_value()}; })
      .method("locked()", [](T& semaphore, Args&) { return semaphore.locked(); });
}

void offer_rlock(Adapter& adapter) {
  Luggage::travels<RLock>();
  offer_class(adapter, "RLock()", [](const auto& from, Args&) { return from.RLock(); });
  offer_acquire(adapter.type<RLock>("RLock"))
      .method("release()", [](RLock& lock, Args&) { lock.release(); })
      .method("locked()", [](RLock& lock, Args&) { return lock.locked(); });
}

template <class From>
Condition make_condition(const From& from, Args& args) {
  if (args["lock"].is_none()) return from.Condition();
  const Handle* const handle = args["lock"].as<Handle>();
  if (handle != nullptr) {
    if (const auto lock = args.handles().find(*handle).as<Lock>()) return from.Condition(*lock);
  }
  return from.Condition(*args.object<RLock>("lock"));
}

// What a predicate returned, as true as it is in Python.
struct Outcome {
  explicit operator bool() const {
    if (value.is_none()) return false;
    if (value.is<bool>()) return value == Value(true);
    if (value.is<std::string>()) return !value.text().empty();
    if (value.is<std::int64_t>() || value.is<double>()) return value.number() != 0;
    if (value.is<List>() || value.is<Tuple>()) return !value.items().empty();
    return true;
  }
  Value value;
};

void offer_condition(Adapter& adapter) {
  Luggage::travels<Condition>();
  offer_class(adapter, "Condition(lock=None)",
              [](const auto& from, Args& args) { return make_condition(from, args); });
  offer_acquire(adapter.type<Condition>("Condition"))
      .method("release()", [](Condition& condition, Args&) { condition.release(); })
      .method("locked()", [](Condition& condition, Args&) { return condition.locked(); })
      .method("wait(timeout=None)",
              [](Condition& condition, Args& args) { return condition.wait(wait_of(args, "timeout")); })
      .method("wait_for(predicate, timeout=None)",
              [](Condition& condition, Args& args) {
                const auto predicate = args.object<Recorder>("predicate");
                return condition.wait_for([&] { return Outcome{(*predicate)({})}; }, wait_of(args, "timeout")).value;
              })
      .method("notify(n=1)", [](Condition& condition, Args& args) { condition.notify(args.integer("n")); })
      .method("notify_all()", [](Condition& condition, Args&) { condition.notify_all(); });
}

// A function of the protocol as an action, which travels; a recorder does not.
struct Errand {
  void operator()() { run_task(task); }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(task);
  }
  Task task;
};

template <class From>
Barrier make_barrier(const From& from, Args& args) {
  const int parties = static_cast<int>(args.integer("parties"));
  if (args["action"].is_none()) return from.Barrier(parties, wait_of(args, "timeout"));
  if (args["action"].is<Function>()) {
    Task task = make_task(args["action"], Tuple{}, None, args.handles());
    return from.Barrier(parties, Errand{std::move(task)}, wait_of(args, "timeout"));
  }
  const auto action = args.object<Recorder>("action");
  return from.Barrier(
      parties, [action] { (*action)({}); }, wait_of(args, "timeout"));
}

void offer_barrier(Adapter& adapter) {
  Luggage::travels<Barrier>();
  offer_class(adapter, "Barrier(parties, action=None, timeout=None)",
              [](const auto& from, Args& args) { return make_barrier(from, args); });
  adapter.type<Barrier>("Barrier")
      .method("wait(timeout=None)",
              [](Barrier& barrier, Args& args) {
                return args["timeout"].is_none() ? barrier.wait() : barrier.wait(wait_of(args, "timeout"));
              })
      .method("reset()", [](Barrier& barrier, Args&) { barrier.reset(); })
      .method("abort()", [](Barrier& barrier, Args&) { barrier.abort(); })
      .get("parties", [](Barrier& barrier, Args&) { return barrier.parties(); })
      .get("n_waiting", [](Barrier& barrier, Args&) { return barrier.n_waiting(); })
      .get("broken", [](Barrier& barrier, Args&) { return barrier.broken(); });
}

}  // namespace

void offer_synchronisation(Adapter& adapter) {
  offer_rlock(adapter);
  offer_class(adapter, "Semaphore(value=1)",
              [](const auto& from, Args& args) { return from.Semaphore(args.integer("value")); });
  offer_semaphore<Semaphore>(adapter, "Semaphore");
  offer_class(adapter, "BoundedSemaphore(value=1)",
              [](const auto& from, Args& args) { return from.BoundedSemaphore(args.integer("value")); });
  offer_semaphore<BoundedSemaphore>(adapter, "BoundedSemaphore");
  offer_condition(adapter);
  offer_barrier(adapter);
}

}  // namespace mp::conformance

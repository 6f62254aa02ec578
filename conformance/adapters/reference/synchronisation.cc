#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/parcel.h"
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
      .make(name + "(value=1)", [](Args& args) { return T(args.integer("value")); })
      .method("release(n=1)", [](T& semaphore, Args& args) { semaphore.release(args.integer("n")); })
      .method("get_value()", [](T& semaphore, Args&) { return std::int64_t{semaphore.get_value()}; })
      .method("locked()", [](T& semaphore, Args&) { return semaphore.locked(); });
}

void offer_rlock(Adapter& adapter) {
  Luggage::travels<RLock>();
  offer_acquire(adapter.type<RLock>("RLock"))
      .make("RLock()", [](Args&) { return RLock(); })
      .method("release()", [](RLock& lock, Args&) { lock.release(); })
      .method("locked()", [](RLock& lock, Args&) { return lock.locked(); });
}

}  // namespace

void offer_synchronisation(Adapter& adapter) {
  offer_rlock(adapter);
  offer_semaphore<Semaphore>(adapter, "Semaphore");
  offer_semaphore<BoundedSemaphore>(adapter, "BoundedSemaphore");
}

}  // namespace mp::conformance

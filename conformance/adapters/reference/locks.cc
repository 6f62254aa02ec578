#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/event.h"
#include "reference/lock.h"

namespace mp::conformance {

void offer_locks(Adapter& adapter) {
  Luggage::travels<Lock>();
  offer_class(adapter, "Lock()", [](const auto& from, Args&) { return from.Lock(); });
  adapter.type<Lock>("Lock")
      .method("acquire(block=True, timeout=None)",
              [](Lock& lock, Args& args) { return lock.acquire(args.flag("block"), wait_of(args, "timeout")); })
      .method("release()", [](Lock& lock, Args&) { lock.release(); })
      .method("locked()", [](Lock& lock, Args&) { return lock.locked(); })
      .method("__enter__()",
              [](Lock& lock, Args&) {
                lock.lock();
                return true;
              })
      .method("__exit__()", [](Lock& lock, Args&) { lock.unlock(); });
  Luggage::travels<Event>();
  offer_class(adapter, "Event()", [](const auto& from, Args&) { return from.Event(); });
  adapter.type<Event>("Event")
      .method("is_set()", [](Event& event, Args&) { return event.is_set(); })
      .method("set()", [](Event& event, Args&) { event.set(); })
      .method("clear()", [](Event& event, Args&) { event.clear(); })
      .method("wait(timeout=None)", [](Event& event, Args& args) { return event.wait(wait_of(args, "timeout")); });
}

}  // namespace mp::conformance

#include <string>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/makers.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/joinable_queue.h"
#include "reference/queue.h"
#include "reference/simple_queue.h"

namespace mp::conformance {
namespace {

using Items = Queue<Parcel>;
using Tasks = JoinableQueue<Parcel>;
using SimpleItems = SimpleQueue<Parcel>;

template <class AnyQueue>
void put(AnyQueue& queue, Args& args, bool block, Wait timeout) {
  queue.put(Parcel::pack(args["obj"], args.handles()), block, timeout);
}

Value get(Items& queue, Args& args, bool block, Wait timeout) {
  return queue.get(block, timeout).unpack(args.handles());
}

// All that a Queue has, for one that is more than that, too.
template <class AnyQueue>
Type<AnyQueue> offer_queue(Adapter& adapter, const std::string& name) {
  Luggage::travels<AnyQueue>();
  Type<AnyQueue> type = adapter.type<AnyQueue>(name);
  type.method("put(obj, block=True, timeout=None)",
              [](AnyQueue& queue, Args& args) { put(queue, args, args.flag("block"), wait_of(args, "timeout")); })
      .method("put_nowait(obj)", [](AnyQueue& queue, Args& args) { put(queue, args, false, Wait::none()); })
      .method(
          "get(block=True, timeout=None)",
          [](AnyQueue& queue, Args& args) { return get(queue, args, args.flag("block"), wait_of(args, "timeout")); })
      .method("get_nowait()", [](AnyQueue& queue, Args& args) { return get(queue, args, false, Wait::none()); })
      .method("qsize()", [](AnyQueue& queue, Args&) { return queue.qsize(); })
      .method("empty()", [](AnyQueue& queue, Args&) { return queue.empty(); })
      .method("full()", [](AnyQueue& queue, Args&) { return queue.full(); })
      .method("close()", [](AnyQueue& queue, Args&) { queue.close(); })
      .method("join_thread()", [](AnyQueue& queue, Args&) { queue.join_thread(); })
      .method("cancel_join_thread()", [](AnyQueue& queue, Args&) { queue.cancel_join_thread(); });
  return type;
}

}  // namespace

void offer_queues(Adapter& adapter) {
  offer_class(adapter, "Queue(maxsize=0)", [](const auto& from, Args& args) {
    return from.template Queue<Parcel>(static_cast<int>(args.integer("maxsize")));
  });
  offer_queue<Items>(adapter, "Queue");
  offer_class(adapter, "JoinableQueue(maxsize=0)", [](const auto& from, Args& args) {
    return from.template JoinableQueue<Parcel>(static_cast<int>(args.integer("maxsize")));
  });
  offer_queue<Tasks>(adapter, "JoinableQueue")
      .method("task_done()", [](Tasks& tasks, Args&) { tasks.task_done(); })
      .method("join()", [](Tasks& tasks, Args&) { tasks.join(); });
  Luggage::travels<SimpleItems>();
  offer_class(adapter, "SimpleQueue()", [](const auto& from, Args&) { return from.template SimpleQueue<Parcel>(); });
  adapter.type<SimpleItems>("SimpleQueue")
      .method("put(obj)", [](SimpleItems& queue, Args& args) { queue.put(Parcel::pack(args["obj"], args.handles())); })
      .method("get()", [](SimpleItems& queue, Args& args) { return queue.get().unpack(args.handles()); })
      .method("empty()", [](SimpleItems& queue, Args&) { return queue.empty(); })
      .method("close()", [](SimpleItems& queue, Args&) { queue.close(); });
}

}  // namespace mp::conformance

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/parcel.h"
#include "reference/queue.h"

namespace mp::conformance {
namespace {

using Items = Queue<Parcel>;

void put(Items& queue, Args& args, bool block, Wait timeout) {
  queue.put(Parcel::pack(args["obj"], args.handles()), block, timeout);
}

Value get(Items& queue, Args& args, bool block, Wait timeout) { return queue.get(block, timeout).unpack(args.handles()); }

}  // namespace

void offer_queues(Adapter& adapter) {
  Luggage::travels<Items>();
  adapter.type<Items>("Queue")
      .make("Queue(maxsize=0)", [](Args& args) { return Items(static_cast<int>(args.integer("maxsize"))); })
      .method("put(obj, block=True, timeout=None)",
              [](Items& queue, Args& args) { put(queue, args, args.flag("block"), wait_of(args, "timeout")); })
      .method("put_nowait(obj)", [](Items& queue, Args& args) { put(queue, args, false, Wait::none()); })
      .method("get(block=True, timeout=None)",
              [](Items& queue, Args& args) { return get(queue, args, args.flag("block"), wait_of(args, "timeout")); })
      .method("get_nowait()", [](Items& queue, Args& args) { return get(queue, args, false, Wait::none()); })
      .method("qsize()", [](Items& queue, Args&) { return queue.qsize(); })
      .method("empty()", [](Items& queue, Args&) { return queue.empty(); })
      .method("full()", [](Items& queue, Args&) { return queue.full(); })
      .method("close()", [](Items& queue, Args&) { queue.close(); })
      .method("join_thread()", [](Items& queue, Args&) { queue.join_thread(); })
      .method("cancel_join_thread()", [](Items& queue, Args&) { queue.cancel_join_thread(); });
}

}  // namespace mp::conformance

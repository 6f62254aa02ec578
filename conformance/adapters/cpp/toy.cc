#include "conformance/adapters/cpp/toy.h"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace mp::conformance {
namespace {

// ---- The implementation on trial: some class of your library, with errors of its own.
struct QueueError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ToyQueue {
 public:
  void put(Value item) {
    const std::lock_guard lock(mutex_);
    if (closed_) throw QueueError("Closed");
    items_.push_back(std::move(item));
    filled_.notify_one();
  }
  Value get(bool block, std::optional<double> timeout) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return !items_.empty(); };
    if (!block) timeout = 0;
    if (!timeout) filled_.wait(lock, ready);
    else if (!filled_.wait_for(lock, std::chrono::duration<double>(*timeout), ready)) throw QueueError("Empty");
    Value item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  bool closed_ = false;

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Value> items_;
};

// ---- The adapter: what it is called, how its errors translate, and one line for each name.
Error translate(const std::exception& error) {
  const std::string text = error.what();
  if (text == "Empty") return Error{{"Empty", "Exception"}, "nothing there", {}};
  if (text == "Closed") return Error{{"ValueError", "Exception"}, "the queue is closed", {}};
  return Error{{"Exception"}, text, {}};
}

}  // namespace

Implementer toy_implementer() {
  return {.about = {"toy", "1.0", "", "c++", "3.11", {}, {"queue"}, {"threads"}},
          .error = translate,
          .raise = [](const std::string& name, const std::string& text) { throw std::runtime_error(name + ": " + text); },
          .exit = [](const Value& value) { std::exit(value.is_none() ? 0 : static_cast<int>(value.integer())); },
          .set_start_method = [](const std::string& method) { throw std::runtime_error("no start method " + method); }};
}

void fill_toy(Adapter& adapter) {
  adapter.function("cpu_count()", [](Args&) { return 2; });
  adapter.type<ToyQueue>("Queue")
      .make("Queue(maxsize=0)", [](Args&) { return std::make_shared<ToyQueue>(); })
      .method("put(obj, block=True, timeout=None)", [](ToyQueue& queue, Args& args) { queue.put(args["obj"]); })
      .method("get(block=True, timeout=None)",
              [](ToyQueue& queue, Args& args) { return queue.get(args.flag("block"), args.seconds("timeout")); })
      .get("closed", [](ToyQueue& queue, Args&) { return queue.closed_; })
      .set("closed", [](ToyQueue& queue, Args& args) { queue.closed_ = args.flag("value"); });
}

}  // namespace mp::conformance

#include <atomic>

#include "conformance/mutants/mutant.h"

namespace mp::conformance {
namespace {

bool is_large(Call& call) {
  const auto* text = call.args["obj"].as<std::string>();
  return text != nullptr && text->size() > (std::size_t{1} << 20);
}

// A large item is written piece by piece, and its writer waits for the reader in the middle of it.
void stop_in_large_items(Adapter& adapter, const std::string& sign) {
  adapter.override_entry("Queue.put", [sign](Call& call) {
    if (is_large(call)) {
      claim(sign);
      sleep_for_ever();
    }
    return call.original();
  });
}

void hang_on(Adapter& adapter, std::string_view entry, const std::string& sign) {
  adapter.override_entry(entry, [sign](Call& call) {
    if (is_claimed(sign)) sleep_for_ever();
    return call.original();
  });
}

}  // namespace

MUTANT(queue_robust_encode_failure_frees_slot, TakesASlot,
       "an item that could not be serialised takes a slot for ever") {
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      call.args["obj"] = None;
      return call.original();
    }
  });
}

MUTANT(queue_robust_encode_failure_goes_on, StopsThere,
       "after an item that could not be serialised nothing is put any more") {
  static std::atomic<bool> failed{false};
  adapter.override_entry("Queue.put", [](Call& call) -> Value {
    if (failed) return None;
    try {
      return call.original();
    } catch (const std::exception&) {
      failed = true;
      throw;
    }
  });
}

MUTANT(queue_robust_dead_putter_then_put, KeepsTheWritersLock,
       "who writes an item keeps the writers' lock, dead or not") {
  stop_in_large_items(adapter, "writers");
  hang_on(adapter, "Queue.put", "writers");
}

MUTANT(queue_robust_cut_item_get_timeout, WaitsForTheRest,
       "a get waits for the rest of an item, whatever its timeout") {
  stop_in_large_items(adapter, "half");
  hang_on(adapter, "Queue.get", "half");
}

MUTANT(queue_robust_cut_item_get_nowait, WaitsForTheRest, "get_nowait waits for the rest of an item") {
  stop_in_large_items(adapter, "half");
  hang_on(adapter, "Queue.get_nowait", "half");
}

MUTANT(queue_robust_capacity_kept, LosesASlot, "the slot of an item that was never written to its end stays taken") {
  stop_in_large_items(adapter, "half");
  adapter.override_entry("Queue.put", [](Call& call) {
    wait_until([&] { return !is_claimed("half") || ask(call, "qsize") < Value(2); });
    return call.original();
  });
}

}  // namespace mp::conformance

// Mistakes that every kind of queue can make. `put` and `get` are entries, as "Queue.put".
#ifndef CONFORMANCE_MUTANTS_QUEUE_MISTAKES_H_
#define CONFORMANCE_MUTANTS_QUEUE_MISTAKES_H_

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// Items are put in pairs, the second of each before the first.
inline void swap_pairs(Adapter& adapter, std::string_view put) {
  static std::optional<Value> first;
  adapter.override_entry(put, [](Call& call) -> Value {
    if (!first) {
      first = call.args["obj"];
      return None;
    }
    call.original();
    call.args["obj"] = *std::exchange(first, std::nullopt);
    return call.original();
  });
}

// Items are put as something else.
inline void change_items(Adapter& adapter, std::string_view put, Value (*change)(const Value&)) {
  adapter.override_entry(put, [change](Call& call) {
    call.args["obj"] = change(call.args["obj"]);
    return call.original();
  });
}

inline Value tuple_as_list(const Value& item) { return item.is<Tuple>() ? Value(List::of(item.items())) : item; }

inline Value cut_text(const Value& item) {
  return item.is<std::string>() ? Value(item.text().substr(0, std::size_t{64} << 10)) : item;
}

inline void put_every_tenth_twice(Adapter& adapter, std::string_view put) {
  static std::atomic<int> puts{0};
  adapter.override_entry(put, [](Call& call) -> Value {
    if (++puts % 10 == 0) call.original();
    return call.original();
  });
}

inline void lose_every_tenth(Adapter& adapter, std::string_view put) {
  static std::atomic<int> puts{0};
  adapter.override_entry(put, [](Call& call) -> Value { return ++puts % 10 == 0 ? Value() : call.original(); });
}

// All threads of a process put through one buffer, and one overwrites what another left there.
inline void share_a_buffer(Adapter& adapter, std::string_view put) {
  static std::mutex guard;
  static Value buffer;
  adapter.override_entry(put, [](Call& call) -> Value {
    {
      const std::lock_guard inside(guard);
      buffer = call.args["obj"];
    }
    sleep_seconds(0.0002);
    {
      const std::lock_guard inside(guard);
      call.args["obj"] = buffer;
    }
    return call.original();
  });
}

// A get gives what the last one gave, every second time.
inline void give_twice(Adapter& adapter, std::string_view get) {
  static std::optional<Value> last;
  adapter.override_entry(get, [](Call& call) -> Value {
    if (last) return *std::exchange(last, std::nullopt);
    last = call.original();
    return *last;
  });
}

inline bool is_large(Call& call) {
  const auto* text = call.args["obj"].as<std::string>();
  return text != nullptr && text->size() > (std::size_t{1} << 20);
}

// A large item is written piece by piece, and its writer waits for the reader in the middle of it.
inline void stop_in_large_items(Adapter& adapter, std::string_view put, const std::string& sign) {
  adapter.override_entry(put, [sign](Call& call) {
    if (is_large(call)) {
      claim(sign);
      sleep_for_ever();
    }
    return call.original();
  });
}

inline void hang_on(Adapter& adapter, std::string_view entry, const std::string& sign) {
  adapter.override_entry(entry, [sign](Call& call) {
    if (is_claimed(sign)) sleep_for_ever();
    return call.original();
  });
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_QUEUE_MISTAKES_H_

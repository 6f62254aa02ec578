// Mistakes of the mutants of managers and proxies. What a proxy's method takes is in call.args.more().
#ifndef CONFORMANCE_MUTANTS_MANAGER_MISTAKES_H_
#define CONFORMANCE_MUTANTS_MANAGER_MISTAKES_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// The arguments are changed on their way to the manager, or to the object.
inline void change_arguments(Adapter& adapter, std::string_view entry, std::function<void(Args&)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) {
    change(call.args);
    return call.original();
  });
}

// It is said to be done, and is not, when a child asks for it.
inline void lose_of_children(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) { return in_main_process() ? call.original() : Value(); });
}

// It gives the proxy itself where it should give a copy.
inline void give_itself(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value { return call.args.handles().keep(call.on()); });
}

// Another method is called in its place.
inline void confuse_with(Adapter& adapter, std::string_view entry, const std::string& method) {
  adapter.override_entry(entry, [method](Call& call) { return ask(call, method, call.args.more()); });
}

// Proxies among the arguments are replaced by copies of what they stand for.
inline Value copied(const Value& value, Handles& handles) {
  if (const auto* handle = value.as<Handle>()) return adapter().call_method(*handle, "_getvalue", {}, {}, handles);
  if (const auto* list = value.as<List>()) {
    Values items = list->items;
    for (Value& item : items) item = copied(item, handles);
    return List::of(items);
  }
  return value;
}
inline void send_copies(Adapter& adapter, std::string_view entry) {
  change_arguments(adapter, entry, [](Args& args) {
    for (Value& value : args.more()) value = copied(value, args.handles());
  });
}

// While one is in the first entry, in whatever process, nobody gets into the second.
inline void hold_up(Adapter& adapter, std::string_view first, std::string_view second) {
  adapter.override_entry(first, [](Call& call) -> Value {
    claim("inside");
    const Value value = call.original();
    give_up("inside");
    return value;
  });
  adapter.override_entry(second, [](Call& call) -> Value {
    wait_until([] { return !is_claimed("inside"); });
    return call.original();
  });
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_MANAGER_MISTAKES_H_

// What mutants of connections need to make their mistakes.
#ifndef CONFORMANCE_MUTANTS_CONNECTION_MISTAKES_H_
#define CONFORMANCE_MUTANTS_CONNECTION_MISTAKES_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// Changes the arguments.
inline void call_otherwise(Adapter& adapter, std::string_view entry, std::function<void(Args& args)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) {
    change(call.args);
    return call.original();
  });
}

// Changes what comes back.
inline void return_otherwise(Adapter& adapter, std::string_view entry,
                             std::function<Value(const Value& value)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) { return change(call.original()); });
}

// Whatever it raises is another error.
inline void raise_otherwise(Adapter& adapter, std::string_view entry, std::string error) {
  adapter.override_entry(entry, [error = std::move(error)](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      raise_error(error);
    }
  });
}

inline bool is_idle(Call& call) { return ask(call, "poll") == Value(false); }

// A receive takes a connection on which nothing has come yet for one that has ended.
inline void take_idle_for_ended(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    if (is_idle(call)) raise_error("EOFError");
    return call.original();
  });
}

// An object larger than any buffer of a system, as suites send it.
inline bool sends_large(Call& call) {
  const auto* text = call.args["obj"].as<std::string>();
  return text != nullptr && text->size() > (std::size_t{1} << 20);
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_CONNECTION_MISTAKES_H_

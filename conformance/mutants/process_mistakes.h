// What mutants of processes need to make their mistakes.
#ifndef CONFORMANCE_MUTANTS_PROCESS_MISTAKES_H_
#define CONFORMANCE_MUTANTS_PROCESS_MISTAKES_H_

#include <functional>
#include <utility>

#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// Changes what a process is made with.
inline void make_otherwise(Adapter& adapter, std::function<void(Args& args)> change) {
  adapter.override_entry("Process()", [change = std::move(change)](Call& call) {
    change(call.args);
    return call.original();
  });
}

// Changes the arguments of the target but for the first, by which the runner knows the process.
inline void change_arguments(Adapter& adapter, std::function<void(Values& items)> change) {
  make_otherwise(adapter, [change = std::move(change)](Args& args) {
    Values items = args["args"].items();
    if (items.size() < 2) return;
    Values rest(items.begin() + 1, items.end());
    change(rest);
    rest.insert(rest.begin(), items.front());
    args["args"] = Tuple::of(std::move(rest));
  });
}

// Changes an answer; of an attribute, too.
inline void answer_otherwise(Adapter& adapter, std::string_view entry, std::function<Value(const Value& answer)> change) {
  adapter.override_entry(entry, [change = std::move(change)](Call& call) { return change(call.original()); });
}

// Only children answer something else.
inline void answer_wrongly_in_children(Adapter& adapter, std::string_view entry, Value value) {
  adapter.override_entry(entry, [value = std::move(value)](Call& call) { return in_main_process() ? call.original() : value; });
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_PROCESS_MISTAKES_H_

// What goes wrong with objects in shared memory in more than one way.
#ifndef CONFORMANCE_MUTANTS_SHARED_MISTAKES_H_
#define CONFORMANCE_MUTANTS_SHARED_MISTAKES_H_

#include <string>
#include <string_view>

#include "conformance/mutants/mutant.h"

namespace mp::conformance {

// What a child, or the main process, writes goes nowhere.
inline void lose_in_children(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) { return in_main_process() ? call.original() : Value(); });
}
inline void lose_in_main_process(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) { return in_main_process() ? Value() : call.original(); });
}

// `make` takes one type for another.
inline void confuse_types(Adapter& adapter, std::string_view make, std::string from, std::string to) {
  adapter.override_entry(make, [from, to](Call& call) {
    if (call.args["typecode_or_type"] == Value(from)) call.args["typecode_or_type"] = to;
    return call.original();
  });
}

// Where `make` would give the object a lock of its own, it gives it a Lock, which is not recursive.
inline void guard_by_plain_lock(Adapter& adapter, std::string_view make, Value own) {
  adapter.override_entry(make, [&adapter, own](Call& call) {
    if (call.args["lock"] == own) call.args["lock"] = adapter.make_object("Lock", {}, {}, call.args.handles());
    return call.original();
  });
}

// `make` does not use the lock that it is given.
inline void ignore_given_lock(Adapter& adapter, std::string_view make, Value own) {
  adapter.override_entry(make, [own](Call& call) {
    if (call.args["lock"].is<Handle>()) call.args["lock"] = own;
    return call.original();
  });
}

// An access does not wait: when somebody else holds the lock, it answers at once and does nothing.
inline void never_wait_for_lock(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    if (ask(call, "acquire", {false}) == Value(false)) return None;
    const Value result = call.original();
    ask(call, "release");
    return result;
  });
}

// A read takes the lock and keeps it.
inline void keep_lock_after(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    ask(call, "acquire");
    return call.original();
  });
}

// A read frees the lock, whoever took it.
inline void free_lock_after(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    const Value result = call.original();
    ask(call, "release");
    return result;
  });
}

inline void hang_on_error(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      sleep_for_ever();
    }
  });
}

// get_lock gives some other lock; get_obj gives what has the lock.
inline void give_other_lock(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry,
                         [&adapter](Call& call) { return adapter.make_object("RLock", {}, {}, call.args.handles()); });
}
inline void give_itself(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) { return call.args.handles().keep(call.on()); });
}

}  // namespace mp::conformance

#endif  // CONFORMANCE_MUTANTS_SHARED_MISTAKES_H_

#include <utility>

#include "conformance/mutants/shared_mistakes.h"
#include "spec/clauses/shared_value.h"

namespace mp::conformance {

MUTANT(shared_value_initial, IsForgotten, "a new value is zero whatever the arguments are") {
  adapter.override_entry("Value()", [](Call& call) {
    call.args.more().clear();
    return call.original();
  });
}

MUTANT(shared_value_default_zero, IsOne, "without arguments a new value is one") {
  adapter.override_entry("Value()", [](Call& call) {
    if (call.args.more().empty()) call.args.more().push_back(1);
    return call.original();
  });
}

MUTANT(shared_value_change_seen_by_parent, IsLost, "what a child writes goes nowhere") {
  lose_in_children(adapter, "Value.value=");
}

MUTANT(shared_value_change_seen_by_child, IsLost, "what the main process writes goes nowhere") {
  lose_in_main_process(adapter, "Value.value=");
}

MUTANT(shared_value_siblings, IsLost, "what a child writes goes nowhere") { lose_in_children(adapter, "Value.value="); }

MUTANT(shared_value_global_variable, IsAnother, "a variable that a child has of its parent holds another value") {
  adapter.override_entry("recall", [&adapter](Call& call) {
    const Value found = call.original();
    return found.is<Handle>() ? adapter.make_object("Value", {"i", 1}, {}, call.args.handles()) : found;
  });
}

MUTANT(shared_value_typecode_char, IsANumber, "the code c means a small number") {
  confuse_types(adapter, "Value()", "c", "b");
}

MUTANT(shared_value_typecode_wide_char, IsNarrow, "the code u means one byte") {
  confuse_types(adapter, "Value()", "u", "c");
}

MUTANT(shared_value_typecode_integers, HaveSigns, "the code I means an int with a sign") {
  confuse_types(adapter, "Value()", "I", "i");
}

MUTANT(shared_value_typecode_integers, AreShort, "the code l means a short") {
  confuse_types(adapter, "Value()", "l", "h");
}

MUTANT(shared_value_typecode_long_long, HaveSigns, "the code Q means a long long with a sign") {
  confuse_types(adapter, "Value()", "Q", "q");
}

MUTANT(shared_value_typecode_float, IsDouble, "the code f means double precision") {
  confuse_types(adapter, "Value()", "f", "d");
}

MUTANT(shared_value_typecode_double, IsFloat, "the code d means single precision") {
  confuse_types(adapter, "Value()", "d", "f");
}

MUTANT(shared_value_typecode_unknown, IsInt, "an unknown code means an int") {
  confuse_types(adapter, "Value()", "?", "i");
}

MUTANT(shared_value_ctype_integers, HaveSigns, "unsigned long long has a sign") {
  confuse_types(adapter, "Value()", "c_ulonglong", "c_longlong");
}

MUTANT(shared_value_ctype_bool, IsANumber, "the type for truth is a small number") {
  confuse_types(adapter, "Value()", "c_bool", "c_ubyte");
}

MUTANT(shared_value_ctype_characters, AreNarrow, "a wide character is one byte") {
  confuse_types(adapter, "Value()", "c_wchar", "c_char");
}

MUTANT(shared_value_ctype_floats, AreSingle, "long double has single precision") {
  confuse_types(adapter, "Value()", "c_longdouble", "c_float");
}

MUTANT(shared_value_ctype_structure, IsTurned, "the fields of a structure are initialised in the wrong order") {
  adapter.override_entry("Value()", [](Call& call) {
    if (call.args.more().size() == 2) std::swap(call.args.more()[0], call.args.more()[1]);
    return call.original();
  });
}

MUTANT(shared_value_ctype_structure_shared, IsLost, "a field that a child writes goes nowhere") {
  lose_in_children(adapter, "Value.y=");
}

MUTANT(shared_value_overflow, IsRefused, "a number that does not fit raises OverflowError") {
  adapter.override_entry("Value.value=", [](Call& call) -> Value {
    const auto* number = call.args["value"].as<std::int64_t>();
    if (number != nullptr && (*number > 127 || *number < -128)) raise_error("OverflowError");
    return call.original();
  });
}

MUTANT(shared_value_wrong_kind, BecomesZero, "a text that is written to a number becomes zero") {
  adapter.override_entry("Value.value=", [](Call& call) {
    if (call.args["value"].is<std::string>()) call.args["value"] = 0;
    return call.original();
  });
}

MUTANT(shared_value_lock_default_recursive, IsPlain, "the lock of a value is not recursive") {
  guard_by_plain_lock(adapter, "Value()", true);
}

MUTANT(shared_value_lock_own, IsOneForAll, "all values of a process have the same lock") {
  adapter.override_entry("Value()", [&adapter](Call& call) {
    static const Value one = adapter.make_object("RLock", {}, {}, call.args.handles());
    if (call.args["lock"] == Value(true)) call.args["lock"] = one;
    return call.original();
  });
}

MUTANT(shared_value_lock_given, IsIgnored, "a lock that is given is not used") {
  ignore_given_lock(adapter, "Value()", true);
}

MUTANT(shared_value_lock_given_recursive, IsIgnored, "a lock that is given is not used") {
  ignore_given_lock(adapter, "Value()", true);
}

MUTANT(shared_value_lock_false, IsNotShared, "without a lock each process has a value of its own") {
  lose_in_children(adapter, "RawValue.value=");
}

MUTANT(shared_value_read_waits, DoesNot, "a read answers at once while another process holds the lock") {
  never_wait_for_lock(adapter, "Value.value");
}

MUTANT(shared_value_write_waits, DoesNot, "a write while another process holds the lock is dropped") {
  never_wait_for_lock(adapter, "Value.value=");
}

MUTANT(shared_value_get_lock, GivesAnother, "get_lock gives a new lock") { give_other_lock(adapter, "Value.get_lock"); }

MUTANT(shared_value_get_obj, IsGuarded, "get_obj gives the guarded value itself") {
  give_itself(adapter, "Value.get_obj");
}

MUTANT(shared_value_acquire_release, KeepsNobodyOut, "acquire does not take the lock") {
  only_answer(adapter, "Value.acquire", true);
}

MUTANT(shared_value_context_enter_takes, TakesNothing, "entering does not take the lock") {
  only_answer(adapter, "Value.__enter__", true);
}

MUTANT(shared_value_context_exit_frees, KeepsIt, "leaving does not free the lock") {
  only_answer(adapter, "Value.__exit__", None);
}

MUTANT(shared_value_increment_not_atomic, HoldsTheLock, "a read holds the lock until the write that follows") {
  keep_lock_after(adapter, "Value.value");
}

MUTANT(shared_value_increment_under_lock, FreesIt, "a read frees the lock, although it was taken before") {
  free_lock_after(adapter, "Value.value");
}

MUTANT(shared_value_share_as_argument_only, IsSent, "a value can be sent, and never arrives") {
  only_answer(adapter, "Connection.send", None);
}

MUTANT(shared_value_raw_shared, IsNot, "what a child writes to a raw value goes nowhere") {
  lose_in_children(adapter, "RawValue.value=");
}

MUTANT(shared_value_copy_equal, IsEmpty, "a copy is zero") {
  adapter.override_entry(
      "copy", [&adapter](Call& call) { return adapter.make_object("RawValue", {"i"}, {}, call.args.handles()); });
}

MUTANT(shared_value_copy_independent, IsTheSame, "a copy is the original itself") {
  adapter.override_entry("copy", [](Call& call) { return call.args["obj"]; });
}

MUTANT(shared_value_copy_shared, IsNot, "what a child writes to a raw value goes nowhere") {
  lose_in_children(adapter, "RawValue.value=");
}

MUTANT(shared_value_synchronized_default_recursive, IsPlain, "the lock that synchronized makes is not recursive") {
  guard_by_plain_lock(adapter, "synchronized", None);
}

MUTANT(shared_value_synchronized_given_lock, IsIgnored, "synchronized makes a lock of its own in any case") {
  ignore_given_lock(adapter, "synchronized", None);
}

MUTANT(shared_value_synchronized_same_content, IsACopy, "synchronized guards a copy") {
  adapter.override_entry("synchronized", [&adapter](Call& call) {
    call.args["obj"] = adapter.call_function("copy", {call.args["obj"]}, {}, call.args.handles());
    return call.original();
  });
}

MUTANT(shared_value_robust_dead_holder, IsWaitedFor, "who would be told that the holder died waits for ever") {
  hang_on_error(adapter, "Value.value");
}

}  // namespace mp::conformance

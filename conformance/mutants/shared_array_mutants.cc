#include <algorithm>
#include <atomic>
#include <string>

#include "conformance/mutants/shared_mistakes.h"
#include "spec/clauses/shared_array.h"

namespace mp::conformance {
namespace {

std::int64_t length(Call& call) { return ask(call, "__len__").integer(); }

// Changes the indices of reads, not those of slices.
void with_index(Adapter& adapter, std::int64_t (*change)(Call& call, std::int64_t index)) {
  adapter.override_entry("Array.__getitem__", [change](Call& call) {
    if (const auto* index = call.args["index"].as<std::int64_t>()) call.args["index"] = change(call, *index);
    return call.original();
  });
}

// The initialiser, where it is a sequence.
void with_sequence(Adapter& adapter, std::string_view make, void (*change)(Values& items)) {
  adapter.override_entry(make, [change](Call& call) {
    Value& initialiser = call.args["size_or_initializer"];
    if (initialiser.is<List>() || initialiser.is<Tuple>()) {
      Values items = initialiser.items();
      change(items);
      initialiser = List::of(std::move(items));
    }
    return call.original();
  });
}

std::string up_to_nul(const std::string& bytes) { return bytes.substr(0, bytes.find('\0')); }

}  // namespace

MUTANT(shared_array_size_zeroed, AreOnes, "the elements of a new array are ones") {
  adapter.override_entry("Array()", [](Call& call) {
    const auto* size = call.args["size_or_initializer"].as<std::int64_t>();
    if (size != nullptr) call.args["size_or_initializer"] = List::of(Values(static_cast<std::size_t>(*size), 1));
    return call.original();
  });
}

MUTANT(shared_array_sequence, HasOneMore, "an array of a sequence has one element more") {
  with_sequence(adapter, "Array()", [](Values& items) { items.push_back(0); });
}

MUTANT(shared_array_length, IsTooLarge, "the length is one too large") {
  adapter.override_entry("Array.__len__", [](Call& call) { return Value(call.original().integer() + 1); });
}

MUTANT(shared_array_negative_length, IsNone, "a negative length makes an empty array") {
  adapter.override_entry("Array()", [](Call& call) {
    const auto* size = call.args["size_or_initializer"].as<std::int64_t>();
    if (size != nullptr && *size < 0) call.args["size_or_initializer"] = 0;
    return call.original();
  });
}

MUTANT(shared_array_index_read_write, IsTheFirst, "a write always reaches the first element") {
  adapter.override_entry("Array.__setitem__", [](Call& call) {
    if (call.args["index"].is<std::int64_t>()) call.args["index"] = 0;
    return call.original();
  });
}

MUTANT(shared_array_index_negative, IsRefused, "a negative index is an IndexError") {
  with_index(adapter, [](Call&, std::int64_t index) {
    if (index < 0) raise_error("IndexError");
    return index;
  });
}

MUTANT(shared_array_index_above, IsTheLast, "an index above the length means the last element") {
  with_index(adapter, [](Call& call, std::int64_t index) { return std::min(index, length(call) - 1); });
}

MUTANT(shared_array_index_below, IsTheFirst, "an index below the negative length means the first element") {
  with_index(adapter, [](Call& call, std::int64_t index) { return std::max(index, -length(call)); });
}

MUTANT(shared_array_slice_read, HasNoStep, "the step of a slice is ignored") {
  adapter.override_entry("Array.__getitem__", [](Call& call) {
    if (auto* slice = call.args["index"].as<Slice>()) slice->bounds[2] = None;
    return call.original();
  });
}

MUTANT(shared_array_slice_write, DoesNothing, "a slice that is assigned stays as it is") {
  adapter.override_entry("Array.__setitem__",
                         [](Call& call) { return call.args["index"].is<Slice>() ? Value() : call.original(); });
}

MUTANT(shared_array_slice_write_size, SaysNothing, "a slice of a wrong size is dropped in silence") {
  swallow_errors(adapter, "Array.__setitem__");
}

MUTANT(shared_array_change_seen_by_parent, IsLost, "what a child writes goes nowhere") {
  lose_in_children(adapter, "Array.__setitem__");
}

MUTANT(shared_array_change_seen_by_child, IsLost, "what the main process writes goes nowhere") {
  lose_in_main_process(adapter, "Array.__setitem__");
}

MUTANT(shared_array_types, HaveSigns, "the code H means a short with a sign") {
  confuse_types(adapter, "Array()", "H", "h");
}

MUTANT(shared_array_structures, AreNotShared, "a field that a child writes goes nowhere") {
  lose_in_children(adapter, "Point.y=");
}

MUTANT(shared_array_char_value_get, IsAll, "the value of an array of characters goes on after a NUL") {
  adapter.override_entry("Array.value", [](Call& call) { return ask(call, "__getitem__", {Slice{None, None, None}}); });
}

MUTANT(shared_array_char_value_set_short, ClearsTheRest, "writing a value clears the rest of the array") {
  adapter.override_entry("Array.value=", [](Call& call) {
    std::string bytes = call.args.bytes("value");
    bytes.resize(static_cast<std::size_t>(length(call)));
    return ask(call, "__setitem__", {Slice{None, None, None}, Bytes(bytes)});
  });
}

MUTANT(shared_array_char_value_set_full, NeedsANul, "a value has to be shorter than the array") {
  adapter.override_entry("Array.value=", [](Call& call) -> Value {
    if (static_cast<std::int64_t>(call.args.bytes("value").size()) >= length(call)) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(shared_array_char_value_set_long, IsCut, "a value that is too long is cut") {
  adapter.override_entry("Array.value=", [](Call& call) {
    call.args["value"] = Bytes(call.args.bytes("value").substr(0, static_cast<std::size_t>(length(call))));
    return call.original();
  });
}

MUTANT(shared_array_char_raw_get, EndsBeforeANul, "raw ends before the first NUL") {
  adapter.override_entry("Array.raw", [](Call& call) { return Value(Bytes(up_to_nul(call.original().bytes()))); });
}

MUTANT(shared_array_char_raw_set, EndsBeforeANul, "of what is written to raw only the part before a NUL arrives") {
  adapter.override_entry("Array.raw=", [](Call& call) {
    call.args["value"] = Bytes(up_to_nul(call.args.bytes("value")));
    return call.original();
  });
}

MUTANT(shared_array_lock_default_recursive, IsPlain, "the lock of an array is not recursive") {
  guard_by_plain_lock(adapter, "Array()", true);
}

MUTANT(shared_array_lock_given, IsIgnored, "a lock that is given is not used") {
  ignore_given_lock(adapter, "Array()", true);
}

MUTANT(shared_array_lock_given_to_several, OnlyForTheFirst, "a lock that one array has is not used for another") {
  static std::atomic<int> made{0};
  adapter.override_entry("Array()", [](Call& call) {
    if (++made > 1) call.args["lock"] = true;
    return call.original();
  });
}

MUTANT(shared_array_lock_own, IsOneForAll, "all arrays of a process have the same lock") {
  adapter.override_entry("Array()", [&adapter](Call& call) {
    static const Value one = adapter.make_object("RLock", {}, {}, call.args.handles());
    if (call.args["lock"] == Value(true)) call.args["lock"] = one;
    return call.original();
  });
}

MUTANT(shared_array_lock_false, IsNotShared, "without a lock each process has an array of its own") {
  lose_in_children(adapter, "RawArray.__setitem__");
}

MUTANT(shared_array_element_waits, DoesNot, "a read answers at once while another process holds the lock") {
  never_wait_for_lock(adapter, "Array.__getitem__");
}

MUTANT(shared_array_slice_waits, DoesNot, "a write while another process holds the lock is dropped") {
  never_wait_for_lock(adapter, "Array.__setitem__");
}

MUTANT(shared_array_get_lock, GivesAnother, "get_lock gives a new lock") { give_other_lock(adapter, "Array.get_lock"); }

MUTANT(shared_array_get_obj, IsGuarded, "get_obj gives the guarded array itself") {
  give_itself(adapter, "Array.get_obj");
}

MUTANT(shared_array_acquire_release, KeepsNobodyOut, "acquire does not take the lock") {
  only_answer(adapter, "Array.acquire", true);
}

MUTANT(shared_array_context, TakesNothing, "entering does not take the lock") {
  only_answer(adapter, "Array.__enter__", true);
}

MUTANT(shared_array_update_not_atomic, HoldsTheLock, "a read holds the lock until the write that follows") {
  keep_lock_after(adapter, "Array.__getitem__");
}

MUTANT(shared_array_share_as_argument_only, IsSent, "an array can be sent, and never arrives") {
  only_answer(adapter, "Connection.send", None);
}

MUTANT(shared_array_raw_sequence, IsTurned, "the elements of a sequence come in the wrong order") {
  with_sequence(adapter, "RawArray()", [](Values& items) { std::ranges::reverse(items); });
}

MUTANT(shared_array_raw_shared, IsNot, "what a child writes to a raw array goes nowhere") {
  lose_in_children(adapter, "RawArray.__setitem__");
}

MUTANT(shared_array_copy_independent, IsTheSame, "a copy is the original itself") {
  adapter.override_entry("copy", [](Call& call) { return call.args["obj"]; });
}

MUTANT(shared_array_robust_dead_holder, IsWaitedFor, "who would be told that the holder died waits for ever") {
  hang_on_error(adapter, "Array.__getitem__");
}

}  // namespace mp::conformance

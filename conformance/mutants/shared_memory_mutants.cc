#include <algorithm>
#include <string>

#include "conformance/mutants/shared_mistakes.h"
#include "reference/shareable_list.h"
#include "reference/shared_memory.h"
#include "spec/clauses/shared_memory.h"

namespace mp::conformance {
namespace {

bool creates(Call& call) { return call.args["create"] == Value(true); }

Value new_block(Adapter& adapter, Call& call) {
  return adapter.make_object("SharedMemory", {}, Kwargs{{"create", true}, {"size", 10}}, call.args.handles());
}

// Writes to a list go nowhere, where `applies`.
void drop_writes(Adapter& adapter, std::string_view entry, bool (*applies)(const Value& value)) {
  adapter.override_entry(entry,
                         [applies](Call& call) { return applies(call.args["value"]) ? Value() : call.original(); });
}

void change_positions(Adapter& adapter, std::int64_t (*change)(std::int64_t position, std::int64_t length)) {
  adapter.override_entry("ShareableList.__getitem__", [change](Call& call) {
    call.args["position"] = change(call.args.integer("position"), ask(call, "__len__").integer());
    return call.original();
  });
}

}  // namespace

MUTANT(shared_memory_create_generated_name, IsAlwaysTheSame, "every block without a name has the same one") {
  adapter.override_entry("SharedMemory.name", [](Call&) { return Value("psm_00000000"); });
}

MUTANT(shared_memory_create_given_name, IsIgnored, "a name that is given for a new block is not used") {
  adapter.override_entry("SharedMemory()", [](Call& call) {
    if (creates(call)) call.args["name"] = None;
    return call.original();
  });
}

MUTANT(shared_memory_create_size, IsHalf, "a block is half as large as was asked for") {
  adapter.override_entry("SharedMemory()", [](Call& call) {
    if (call.args.integer("size") > 1) call.args["size"] = call.args.integer("size") / 2;
    return call.original();
  });
}

MUTANT(shared_memory_create_existing_name, Attaches, "creating a block with a name that is there attaches to it") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      if (!creates(call) || call.args["name"].is_none()) throw;
      return adapter.make_object("SharedMemory", {}, Kwargs{{"name", call.args["name"]}}, call.args.handles());
    }
  });
}

MUTANT(shared_memory_create_size_zero, IsOne, "a block of size zero has one byte") {
  adapter.override_entry("SharedMemory()", [](Call& call) {
    if (creates(call) && call.args.integer("size") <= 0) call.args["size"] = 1;
    return call.original();
  });
}

MUTANT(shared_memory_create_zero_filled, IsNot, "a new block is not cleared") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) {
    const Value made = call.original();
    if (creates(call)) adapter.call_method(*made.as<Handle>(), "__setitem__", {0, 1}, {}, call.args.handles());
    return made;
  });
}

MUTANT(shared_memory_name_read_only, CanBeWritten, "an assignment to the name is accepted") {
  adapter.type<SharedMemory>("SharedMemory").set("name", [](SharedMemory&, Args&) {});
}

MUTANT(shared_memory_size_read_only, CanBeWritten, "an assignment to the size is accepted") {
  adapter.type<SharedMemory>("SharedMemory").set("size", [](SharedMemory&, Args&) {});
}

MUTANT(shared_memory_attach_same_block, IsANewOne, "attaching gives a new block") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) -> Value {
    return creates(call) ? call.original() : new_block(adapter, call);
  });
}

MUTANT(shared_memory_attach_other_process, IsANewOne, "attaching in a child gives a new block") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) -> Value {
    return in_main_process() || creates(call) ? call.original() : new_block(adapter, call);
  });
}

MUTANT(shared_memory_attach_unknown_name, CreatesIt, "attaching to an unknown name creates a block") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return new_block(adapter, call);
    }
  });
}

MUTANT(shared_memory_attach_without_name, CreatesOne, "attaching without a name creates a block") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) -> Value {
    return creates(call) || !call.args["name"].is_none() ? call.original() : new_block(adapter, call);
  });
}

MUTANT(shared_memory_attach_size, IsThatOfTheCaller, "who attaches with a size of his own is told that one") {
  adapter.override_entry("SharedMemory.size", [](Call&) { return Value(5); });
}

MUTANT(shared_memory_share_as_argument, IsNotShared, "what a child writes to a block goes nowhere") {
  lose_in_children(adapter, "SharedMemory.__setitem__");
}

MUTANT(shared_memory_buffer_slices, StopEarly, "a slice ends one byte early") {
  adapter.override_entry("SharedMemory.__getitem__", [](Call& call) {
    if (auto* slice = call.args["index"].as<Slice>()) slice->bounds[1] = slice->bounds[1].integer() - 1;
    return call.original();
  });
}

MUTANT(shared_memory_close_others_unaffected, ClosesAll, "a close ends the access of all processes") {
  adapter.override_entry("SharedMemory.close", [](Call& call) {
    claim("closed");
    return call.original();
  });
  adapter.override_entry("SharedMemory.__setitem__", [](Call& call) -> Value {
    if (is_claimed("closed")) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(shared_memory_close_keeps_block, RemovesIt, "a close removes the block") {
  adapter.override_entry("SharedMemory.close", [](Call& call) {
    ask(call, "unlink");
    return call.original();
  });
}

MUTANT(shared_memory_close_no_access, DoesNothing, "after a close the bytes can be used as before") {
  only_answer(adapter, "SharedMemory.close", None);
}

MUTANT(shared_memory_unlink_removes_name, DoesNothing, "unlink does nothing") {
  only_answer(adapter, "SharedMemory.unlink", None);
}

MUTANT(shared_memory_unlink_before_close, ForbidsClose, "a block that was unlinked cannot be closed") {
  adapter.override_entry("SharedMemory.unlink", [](Call& call) {
    const Value result = call.original();
    claim("unlinked");
    return result;
  });
  adapter.override_entry("SharedMemory.close", [](Call& call) -> Value {
    if (is_claimed("unlinked")) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(shared_memory_unlink_after_close, IsRefused, "a block that was closed cannot be unlinked") {
  adapter.override_entry("SharedMemory.close", [](Call& call) {
    claim("closed");
    return call.original();
  });
  adapter.override_entry("SharedMemory.unlink", [](Call& call) -> Value {
    if (is_claimed("closed")) raise_error("ValueError");
    return call.original();
  });
}

MUTANT(shared_memory_outlives_creator, EndsWithIt, "a block that a child created cannot be attached to by others") {
  adapter.override_entry("SharedMemory()", [](Call& call) -> Value {
    if (creates(call) && !in_main_process()) claim("by-child");
    if (!creates(call) && is_claimed("by-child")) raise_error("FileNotFoundError");
    return call.original();
  });
}

MUTANT(shared_memory_attached_child_ends, TakesItAlong, "a block that a child attached to is removed") {
  adapter.override_entry("SharedMemory()", [&adapter](Call& call) {
    const Value made = call.original();
    if (!creates(call) && !in_main_process()) {
      adapter.call_method(*made.as<Handle>(), "unlink", {}, {}, call.args.handles());
    }
    return made;
  });
}

MUTANT(shared_memory_list_sequence, HasNumbersForBooleans, "True is kept as 1") {
  adapter.override_entry("ShareableList.__getitem__", [](Call& call) {
    const Value value = call.original();
    return value == Value(true) ? Value(1) : value;
  });
}

MUTANT(shared_memory_list_attach, IsANewOne, "attaching to a list gives an empty one") {
  adapter.override_entry("ShareableList()", [](Call& call) {
    if (call.args["sequence"].is_none()) {
      call.args["name"] = None;
      call.args["sequence"] = List{None, None};
    }
    return call.original();
  });
}

MUTANT(shared_memory_list_given_name, IsIgnored, "a name that is given for a new list is not used") {
  adapter.override_entry("ShareableList()", [](Call& call) {
    if (!call.args["sequence"].is_none()) call.args["name"] = None;
    return call.original();
  });
}

MUTANT(shared_memory_list_text_beyond_ascii, IsCut, "a slot has as many bytes as the text has characters, rounded up to eight") {
  adapter.override_entry("ShareableList.__getitem__", [](Call& call) -> Value {
    const Value value = call.original();
    return value.is<std::string>() ? Value(value.text().substr(0, 6)) : value;
  });
}

MUTANT(shared_memory_list_no_slices, GivesAList, "a slice is a list of its own") {
  adapter.override_entry("ShareableList.__getitem__", [](Call& call) -> Value {
    return call.args["position"].is<Slice>() ? Value(List{1, 2}) : call.original();
  });
}

MUTANT(shared_memory_list_shm, KeepsItsName, "the name of a list cannot be removed") { only_answer(adapter, "SharedMemory.unlink", None); }

MUTANT(shared_memory_list_as_argument, IsNotShared, "what a child writes to a list goes nowhere") {
  lose_in_children(adapter, "ShareableList.__setitem__");
}

MUTANT(shared_memory_list_set_item, IsLost, "a text that is written goes nowhere") {
  drop_writes(adapter, "ShareableList.__setitem__", [](const Value& value) { return value.is<std::string>(); });
}

MUTANT(shared_memory_list_change_kind, IsRefused, "None cannot be written") {
  adapter.override_entry("ShareableList.__setitem__", [](Call& call) -> Value {
    if (call.args["value"].is_none()) raise_error("TypeError");
    return call.original();
  });
}

MUTANT(shared_memory_list_too_long, IsCut, "a text that is too long is cut") {
  adapter.override_entry("ShareableList.__setitem__", [](Call& call) {
    if (const auto* text = call.args["value"].as<std::string>()) call.args["value"] = text->substr(0, 8);
    return call.original();
  });
}

MUTANT(shared_memory_list_other_kinds, AreDropped, "a value of another kind is dropped in silence") {
  swallow_errors(adapter, "ShareableList.__setitem__");
}

MUTANT(shared_memory_list_int_range, IsDropped, "an integer that is too large is dropped in silence") {
  swallow_errors(adapter, "ShareableList.__setitem__");
}

MUTANT(shared_memory_list_index_negative, IsRefused, "a negative index is an IndexError") {
  change_positions(adapter, [](std::int64_t position, std::int64_t) {
    if (position < 0) raise_error("IndexError");
    return position;
  });
}

MUTANT(shared_memory_list_index_above, IsTheLast, "an index above the length means the last value") {
  change_positions(adapter, [](std::int64_t position, std::int64_t length) { return std::min(position, length - 1); });
}

MUTANT(shared_memory_list_index_below, IsTheFirst, "an index below the negative length means the first value") {
  change_positions(adapter, [](std::int64_t position, std::int64_t length) { return std::max(position, -length); });
}

MUTANT(shared_memory_list_length, IsTooLarge, "the length is one too large") {
  adapter.override_entry("ShareableList.__len__", [](Call& call) { return Value(call.original().integer() + 1); });
}

MUTANT(shared_memory_list_count, IsOne, "count tells whether, not how often") {
  adapter.override_entry("ShareableList.count",
                         [](Call& call) { return Value(std::min<std::int64_t>(call.original().integer(), 1)); });
}

MUTANT(shared_memory_list_index, IsOneMore, "index is one too large") {
  adapter.override_entry("ShareableList.index", [](Call& call) { return Value(call.original().integer() + 1); });
}

MUTANT(shared_memory_list_format, IsThatOfTheBeginning, "format is that of the values that the list was made with") {
  static Value first;
  adapter.override_entry("ShareableList.format", [](Call& call) {
    if (first.is_none()) first = call.original();
    return first;
  });
}

MUTANT(shared_memory_list_format_read_only, CanBeWritten, "an assignment to format is accepted") {
  adapter.type<ShareableList>("ShareableList").set("format", [](ShareableList&, Args&) {});
}

MUTANT(shared_memory_list_index_missing, IsNone, "index of a value that does not occur is None") {
  swallow_errors(adapter, "ShareableList.index");
}

}  // namespace mp::conformance

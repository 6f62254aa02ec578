#include <algorithm>
#include <string>

#include "conformance/mutants/shared_mistakes.h"
#include "spec/clauses/memory_map.h"

namespace mp::conformance {
namespace {

Value shifted(Call& call, std::int64_t by) { return Value(call.original().integer() + by); }

// Bytes that the entry gives, changed.
void change_bytes(Adapter& adapter, std::string_view entry, std::string (*change)(std::string bytes)) {
  adapter.override_entry(entry, [change](Call& call) -> Value {
    const Value result = call.original();
    return result.is<Bytes>() ? Value(Bytes(change(result.bytes()))) : result;
  });
}

std::string without_newline(std::string bytes) {
  if (bytes.ends_with('\n')) bytes.pop_back();
  return bytes;
}

void stay_in_place(Adapter& adapter, std::string_view entry) {
  adapter.override_entry(entry, [](Call& call) {
    const Value before = ask(call, "tell");
    const Value result = call.original();
    ask(call, "seek", {before});
    return result;
  });
}

}  // namespace

MUTANT(memory_map_file_content, IsEmpty, "a map of a file begins as zeros") {
  change_bytes(adapter, "mmap.__getitem__", [](std::string bytes) { return std::string(bytes.size(), '\0'); });
}

MUTANT(memory_map_file_whole, IsEight, "a length of zero maps eight bytes") {
  adapter.override_entry("mmap()", [](Call& call) {
    if (call.args.integer("length") == 0) call.args["length"] = 8;
    return call.original();
  });
}

MUTANT(memory_map_file_length, IsIgnored, "the whole file is mapped, whatever the length") {
  adapter.override_entry("mmap()", [](Call& call) {
    if (!call.args["path"].is_none()) call.args["length"] = 0;
    return call.original();
  });
}

MUTANT(memory_map_file_shared, IsNot, "what a child writes goes nowhere") {
  lose_in_children(adapter, "mmap.__setitem__");
}

MUTANT(memory_map_file_closed_first, EndsTheMap, "a map of a file whose descriptor was closed cannot be read") {
  always_raise(adapter, "mmap.readline", "ValueError");
}

MUTANT(memory_map_anonymous_zeros, IsNot, "memory without a file is not cleared") {
  adapter.override_entry("mmap()", [&adapter](Call& call) {
    const Value made = call.original();
    if (call.args["path"].is_none())
      adapter.call_method(*made.as<Handle>(), "__setitem__", {0, 1}, {}, call.args.handles());
    return made;
  });
}

MUTANT(memory_map_anonymous_shared_by_fork, IsNot, "what a child writes goes nowhere") {
  lose_in_children(adapter, "mmap.write");
}

MUTANT(memory_map_length_query, IsTooLarge, "the length is one too large") {
  adapter.override_entry("mmap.__len__", [](Call& call) { return shifted(call, 1); });
}

MUTANT(memory_map_index, HasASign, "a byte above 127 is a negative number") {
  adapter.override_entry("mmap.__getitem__", [](Call& call) -> Value {
    const Value result = call.original();
    const auto* number = result.as<std::int64_t>();
    return number != nullptr && *number > 127 ? Value(*number - 256) : result;
  });
}

MUTANT(memory_map_index_outside, IsZero, "a byte outside is zero") {
  adapter.override_entry("mmap.__getitem__", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return 0;
    }
  });
}

MUTANT(memory_map_slice_read, HasNoStep, "the step of a slice is ignored") {
  adapter.override_entry("mmap.__getitem__", [](Call& call) {
    if (auto* slice = call.args["index"].as<Slice>()) slice->bounds[2] = None;
    return call.original();
  });
}

MUTANT(memory_map_slice_write, DoesNothing, "a slice that is assigned stays as it is") {
  adapter.override_entry("mmap.__setitem__",
                         [](Call& call) { return call.args["index"].is<Slice>() ? Value() : call.original(); });
}

MUTANT(memory_map_slice_write_size, SaysNothing, "a slice of a wrong size is dropped in silence") {
  swallow_errors(adapter, "mmap.__setitem__");
}

MUTANT(memory_map_read_count, StaysInPlace, "read with a number does not move the position") {
  stay_in_place(adapter, "mmap.read");
}

MUTANT(memory_map_read_rest, IsEmpty, "a negative number of bytes is taken for zero") {
  adapter.override_entry("mmap.read", [](Call& call) {
    if (!call.args["n"].is_none() && call.args.integer("n") < 0) call.args["n"] = 0;
    return call.original();
  });
}

MUTANT(memory_map_read_byte, IsMinusOneAtTheEnd, "read_byte gives -1 at the end") {
  adapter.override_entry("mmap.read_byte", [](Call& call) -> Value {
    try {
      return call.original();
    } catch (const std::exception&) {
      return -1;
    }
  });
}

MUTANT(memory_map_readline, DropsTheNewline, "a line comes without its newline") {
  change_bytes(adapter, "mmap.readline", without_newline);
}

MUTANT(memory_map_readline_last, IsNotGiven, "a last line without a newline is not given") {
  change_bytes(adapter, "mmap.readline", [](std::string line) { return line.ends_with('\n') ? line : std::string(); });
}

MUTANT(memory_map_write, TellsNothing, "write returns None") { answer_wrongly(adapter, "mmap.write", None); }

MUTANT(memory_map_write_too_long, IsDropped, "a write that does not fit is dropped in silence") {
  swallow_errors(adapter, "mmap.write");
}

MUTANT(memory_map_write_byte, StaysInPlace, "write_byte does not move the position") {
  stay_in_place(adapter, "mmap.write_byte");
}

MUTANT(memory_map_seek, IsFromTheBeginning, "seek always counts from the beginning") {
  adapter.override_entry("mmap.seek", [](Call& call) {
    if (call.args.integer("pos") >= 0) call.args["whence"] = 0;
    return call.original();
  });
}

MUTANT(memory_map_seek_outside, IsCut, "a position outside is ignored") { swallow_errors(adapter, "mmap.seek"); }

MUTANT(memory_map_find, IsFromTheBeginning, "find begins at the beginning, wherever the position is") {
  adapter.override_entry("mmap.find", [](Call& call) {
    if (call.args["start"].is_none()) call.args["start"] = 0;
    return call.original();
  });
}

MUTANT(memory_map_find_missing, IsNone, "find gives None if there is nothing") {
  adapter.override_entry("mmap.find", [](Call& call) -> Value {
    const Value found = call.original();
    return found == Value(-1) ? Value() : found;
  });
}

MUTANT(memory_map_rfind, IsTheLowest, "rfind gives the lowest place") {
  adapter.override_entry("mmap.rfind", [](Call& call) {
    return ask(call, "find", {call.args["sub"], call.args["start"], call.args["end"]});
  });
}

MUTANT(memory_map_flush, TellsZero, "flush gives zero") { answer_wrongly(adapter, "mmap.flush", 0); }

MUTANT(memory_map_move, CopiesByteByByte, "move copies from the front, over what it has still to copy") {
  adapter.override_entry("mmap.move", [](Call& call) -> Value {
    const std::int64_t to = call.args.integer("dest"), from = call.args.integer("src");
    for (std::int64_t i = 0; i < call.args.integer("count"); ++i) {
      ask(call, "__setitem__", {to + i, ask(call, "__getitem__", {from + i})});
    }
    return None;
  });
}

MUTANT(memory_map_size, IsThatOfTheMap, "size gives the length of the map") {
  adapter.override_entry("mmap.size", [](Call& call) { return ask(call, "__len__"); });
}

MUTANT(memory_map_close, DoesNothing, "close does nothing") { only_answer(adapter, "mmap.close", None); }

MUTANT(memory_map_closed, IsAlwaysFalse, "closed is always False") { answer_wrongly(adapter, "mmap.closed", false); }

MUTANT(memory_map_context, LeavesItOpen, "leaving a with statement leaves the map open") {
  only_answer(adapter, "mmap.__exit__", None);
}

}  // namespace mp::conformance

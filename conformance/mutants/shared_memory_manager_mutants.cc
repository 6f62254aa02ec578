#include <string>
#include <vector>

#include "conformance/mutants/manager_mistakes.h"
#include "spec/clauses/shared_memory.h"

namespace mp::conformance {
namespace {

const std::string kBlock = "SharedMemoryManager.SharedMemory";
const std::string kList = "SharedMemoryManager.ShareableList";

// One of whose end no manager knows.
Value own_block(Call& call) {
  return adapter().make_object("SharedMemory", {}, Kwargs{{"create", true}, {"size", call.args["size"]}},
                               call.args.handles());
}
Value own_list(Call& call) {
  return adapter().make_object("ShareableList", {call.args["sequence"]}, {}, call.args.handles());
}

// Nobody can attach any more once that was claimed.
void refuse_to_attach_when(Adapter& adapter, const std::string& claimed) {
  adapter.override_entry("SharedMemory()", [claimed](Call& call) -> Value {
    if (call.args["create"] != Value(true) && is_claimed(claimed)) raise_error("FileNotFoundError");
    return call.original();
  });
}

}  // namespace

MUTANT(shared_memory_manager_start_process, StartsNone, "start starts nothing") {
  only_answer(adapter, "SharedMemoryManager.start", None);
}

MUTANT(shared_memory_manager_start_needed, IsNot, "a block can be made without a server, and is nobody's") {
  adapter.override_entry(kBlock, own_block);
}

MUTANT(shared_memory_manager_start_needed, IsNotForLists, "a list can be made without a server, and is nobody's") {
  adapter.override_entry(kList, own_list);
}

// ---- What it makes

MUTANT(shared_memory_manager_block_size, IsHalf, "a block is half as large as was asked for") {
  change_arguments(adapter, kBlock, [](Args& args) { args["size"] = args.integer("size") / 2; });
}

MUTANT(shared_memory_manager_block_new, IsTheFirst, "each call gives the block that the first one made") {
  static Value first;
  adapter.override_entry(kBlock, [](Call& call) {
    if (first.is_none()) first = call.original();
    return first;
  });
}

MUTANT(shared_memory_manager_block_other_process, IsNotFound, "only the maker of a block can attach to it") {
  adapter.override_entry("SharedMemory()", [](Call& call) -> Value {
    if (!in_main_process()) raise_error("FileNotFoundError");
    return call.original();
  });
}

MUTANT(shared_memory_manager_block_as_argument, IsNotShared, "what a child writes to a block goes nowhere") {
  lose_of_children(adapter, "SharedMemory.__setitem__");
}

MUTANT(shared_memory_manager_list_sequence, LosesTheLast, "the last value of the sequence is left out") {
  change_arguments(adapter, kList, [](Args& args) {
    Values values = args["sequence"].items();
    values.pop_back();
    args["sequence"] = List::of(values);
  });
}

MUTANT(shared_memory_manager_list_text, IsOneValue, "a text is the only value of the list") {
  change_arguments(adapter, kList, [](Args& args) {
    if (args["sequence"].is<std::string>()) args["sequence"] = List{args["sequence"]};
  });
}

MUTANT(shared_memory_manager_list_as_argument, IsNotShared, "what a child writes to a list goes nowhere") {
  lose_of_children(adapter, "ShareableList.__setitem__");
}

MUTANT(shared_memory_manager_example_divided_work, LosesTheSecondHalf, "nobody but the first child writes to a list") {
  adapter.override_entry("ShareableList.__setitem__", [](Call& call) {
    static const bool first = claim("first");
    return first ? call.original() : Value();
  });
}

// ---- Its end

MUTANT(shared_memory_manager_shutdown_blocks, AreNobodys, "the server is not told of blocks") {
  adapter.override_entry(kBlock, own_block);
}

MUTANT(shared_memory_manager_shutdown_blocks, OnlyTheLast, "the server knows one block only, the last") {
  static Value last;
  adapter.override_entry(kBlock, [](Call& call) -> Value {
    if (last.is_none()) return last = own_block(call);
    return call.original();
  });
}

MUTANT(shared_memory_manager_shutdown_lists, AreNobodys, "the server is not told of lists") {
  adapter.override_entry(kList, own_list);
}

MUTANT(shared_memory_manager_shutdown_only_its_own, TakesAnothers,
       "a shutdown takes along the blocks of all managers") {
  static std::vector<Kept> blocks;
  adapter.override_entry(kBlock, [](Call& call) {
    const Value made = call.original();
    blocks.push_back(call.args.handles().find(*made.as<Handle>()));
    return made;
  });
  adapter.override_entry("SharedMemoryManager.shutdown", [](Call& call) {
    Handles& handles = call.args.handles();
    for (const Kept& block : blocks) {
      mp::conformance::adapter().call_method(*handles.keep(block).as<Handle>(), "unlink", {}, {}, handles);
    }
    return call.original();
  });
}

MUTANT(shared_memory_manager_shutdown_only_its_own, TakesNobodys, "a shutdown takes along all blocks of its process") {
  adapter.override_entry("SharedMemoryManager.shutdown", [](Call& call) {
    claim("shut-down");
    return call.original();
  });
  refuse_to_attach_when(adapter, "shut-down");
}

MUTANT(shared_memory_manager_shutdown_ends_process, DoesNot, "shutdown does nothing") {
  only_answer(adapter, "SharedMemoryManager.shutdown", None);
}

MUTANT(shared_memory_manager_shutdown_maker_exit, LeavesAFile, "a server that nobody shut down leaves its files") {
  adapter.override_entry("SharedMemoryManager.start", [](Call& call) {
    claim("left");
    return call.original();
  });
}

// ---- In a with statement

MUTANT(shared_memory_manager_with_enter, StartsNothing, "entering starts nothing") {
  give_itself(adapter, "SharedMemoryManager.__enter__");
}

MUTANT(shared_memory_manager_with_exit, DoesNothing, "leaving does nothing") {
  only_answer(adapter, "SharedMemoryManager.__exit__", None);
}

// ---- From other processes

MUTANT(shared_memory_manager_connect, DoesNothing, "connect does nothing") {
  only_answer(adapter, "SharedMemoryManager.connect", None);
}

MUTANT(shared_memory_manager_connect_outlives_maker, EndsWithIt, "a block that a child made is gone with it") {
  adapter.override_entry(kBlock, [](Call& call) {
    if (!in_main_process()) claim("by-child");
    return call.original();
  });
  refuse_to_attach_when(adapter, "by-child");
}

MUTANT(shared_memory_manager_connect_shutdown, KnowsOnlyItsOwn, "the server is not told of the blocks of clients") {
  adapter.override_entry(kBlock, [](Call& call) { return in_main_process() ? call.original() : own_block(call); });
}

// ---- Beyond the documentation

MUTANT(shared_memory_manager_robust_unlinked_by_hand, StopsThere, "a block that is gone already ends the removal") {
  adapter.override_entry("SharedMemory.unlink", [](Call& call) {
    claim("unlinked");
    return call.original();
  });
  adapter.override_entry("SharedMemoryManager.shutdown",
                         [](Call& call) { return is_claimed("unlinked") ? Value() : call.original(); });
}

MUTANT(shared_memory_manager_robust_dead_maker, LeavesThem,
       "the server does not know of blocks whose maker is killed") {
  adapter.override_entry(kBlock, own_block);
}

}  // namespace mp::conformance

// Blocks and lists whose end a manager looks after.
#include <chrono>
#include <string>

#include "conformance/suites/manager_moments.h"
#include "spec/clauses/shared_memory.h"

namespace mp::conformance {
namespace {

Ref start_memory_manager(Caller& caller, const Kwargs& options = {}) {
  const Ref manager = caller.make("SharedMemoryManager", options);
  caller.call(manager, "start");
  return manager;
}

// Arrangement: a manager of shared memory in that process, which is connected to one that runs in the main one.
Ref connect_to(const Value& address, Caller& caller) {
  const Ref client = caller.make("SharedMemoryManager", served_at(address));
  caller.call(client, "connect");
  return client;
}

std::string name_of(Caller& caller, Ref block) { return Value(caller.get(block, "name")).text(); }
std::string name_of_list(Caller& caller, Ref list) { return name_of(caller, Ref(caller.get(list, "shm"))); }

// Arrangement: the name of a new block of the manager, or of a new list.
std::string new_block(Caller& caller, Ref manager) {
  return name_of(caller, Ref(caller.call(manager, "SharedMemory", 10)));
}
std::string new_list(Caller& caller, Ref manager) {
  return name_of_list(caller, Ref(caller.call(manager, "ShareableList", List{1, "a"})));
}

Step attach(const std::string& name) { return Step::make("SharedMemory", Kwargs{{"name", name}}); }

testing::AssertionResult goes_away(const char*, const char*, Actor& actor, const std::string& name) {
  const auto limit = Clock::now() + Testee::in_clock(Testee::limits().answer);
  for (;;) {
    const Reply reply = actor.ask(attach(name));
    if (reply.error() != nullptr) return testing::AssertionSuccess();
    if (reply.value() == nullptr || Clock::now() >= limit) {
      return testing::AssertionFailure() << reply.exchange().call << "\n  expected: it is refused in the end"
                                         << "\n  seen:     " << reply.text();
    }
    actor.drop(reply);
    actor.testee().pass(std::chrono::milliseconds(20));
  }
}

}  // namespace

// Whoever attaches again and again is refused in the end.
#define EXPECT_GOES_AWAY(actor, name) EXPECT_PRED_FORMAT2(goes_away, actor, name)

CLAUSE_TEST(shared_memory_manager_start_process, IsOneProcessMore) {
  Ref manager = main().make("SharedMemoryManager");
  EXPECT_EQ(main().call("active_children"), List{});
  EXPECT_RETURNED(main().call(manager, "start"));
  EXPECT_EQ(children_of(main()).size(), 1u);
}

CLAUSE_TEST(shared_memory_manager_start_needed, NothingIsMadeWithout) {
  Ref manager = main().make("SharedMemoryManager");
  EXPECT_RAISES(main().call(manager, "SharedMemory", 10), "Exception");
  EXPECT_RAISES(main().call(manager, "ShareableList", List{1}), "Exception");
}

// ---- What it makes

CLAUSE_TEST(shared_memory_manager_block_size, IsAtLeastThat) {
  Ref manager = start_memory_manager(main());
  Ref block = object_in(main().call(manager, "SharedMemory", 10'000));
  EXPECT_GE(main().get(block, "size"), 10'000);
  EXPECT_RETURNED(main().call(block, "__setitem__", 9'999, 7));
  EXPECT_EQ(main().call(block, "__getitem__", 9'999), 7);
}

CLAUSE_TEST(shared_memory_manager_block_size, IsGivenByItsName) {
  Ref manager = start_memory_manager(main());
  Ref block = object_in(main().call(manager, "SharedMemory", Kwargs{{"size", 128}}));
  EXPECT_GE(main().get(block, "size"), 128);
}

CLAUSE_TEST(shared_memory_manager_block_new, HasANameOfItsOwn) {
  Ref manager = start_memory_manager(main());
  Ref one = object_in(main().call(manager, "SharedMemory", 10));
  Ref other = object_in(main().call(manager, "SharedMemory", 10));
  EXPECT_NE(main().get(one, "name"), name_of(main(), other));
  EXPECT_RETURNED(main().call(one, "__setitem__", 0, 7));
  EXPECT_EQ(main().call(other, "__getitem__", 0), 0);
}

CLAUSE_TEST(shared_memory_manager_block_other_process, AttachesByTheName) {
  Ref manager = start_memory_manager(main());
  Ref block = main().call(manager, "SharedMemory", 10);
  Actor& child = start_process();
  Ref same = object_in(child.ask(attach(name_of(main(), block))));
  EXPECT_RETURNED(child.call(same, "__setitem__", 3, 9));
  EXPECT_EQ(main().call(block, "__getitem__", 3), 9);
}

CLAUSE_TEST(shared_memory_manager_block_as_argument, IsTheSameBlock) {
  Ref manager = start_memory_manager(main());
  Ref block = main().call(manager, "SharedMemory", 10);
  Actor& child = start_process({block});
  EXPECT_RETURNED(child.call(block, "__setitem__", 2, 5));
  EXPECT_EQ(main().call(block, "__getitem__", 2), 5);
}

CLAUSE_TEST(shared_memory_manager_list_sequence, KeepsAllKinds) {
  const List values{1, -2.5, true, "hello", Bytes("bytes"), None};
  Ref manager = start_memory_manager(main());
  Ref list = object_in(main().call(manager, "ShareableList", values));
  EXPECT_EQ(main().call(list, "__len__"), values.items.size());
  for (std::size_t i = 0; i < values.items.size(); ++i) {
    EXPECT_EQ(main().call(list, "__getitem__", i), values.items[i]);
  }
}

CLAUSE_TEST(shared_memory_manager_list_text, HasItsCharacters) {
  Ref manager = start_memory_manager(main());
  Ref list = object_in(main().call(manager, "ShareableList", "alpha"));
  EXPECT_EQ(main().call(list, "__len__"), 5);
  EXPECT_EQ(main().call(list, "__getitem__", 1), "l");
}

CLAUSE_TEST(shared_memory_manager_list_as_argument, IsTheSameList) {
  Ref manager = start_memory_manager(main());
  Ref list = main().call(manager, "ShareableList", List{1, 2});
  Actor& child = start_process({list});
  EXPECT_RETURNED(child.call(list, "__setitem__", 0, 7));
  EXPECT_EQ(main().call(list, "__getitem__", 0), 7);
}

CLAUSE_TEST(shared_memory_manager_example_divided_work, IsInOneList) {
  Ref manager = main().make("SharedMemoryManager");
  EXPECT_RETURNED(main().call(manager, "__enter__"));
  Ref list = object_in(main().call(manager, "ShareableList", List{0, 1, 2, 3}));
  Actor& one = start_process({list});
  Actor& other = start_process({list});
  const auto half = [&](int first) {
    return std::vector{Step::call(list, "__setitem__", first, 10 + first),
                       Step::call(list, "__setitem__", first + 1, 11 + first)};
  };
  const Pending first_half = one.begin_batch(half(0));
  const Pending second_half = other.begin_batch(half(2));
  for (const Pending& work : {first_half, second_half}) {
    for (const Reply& reply : replies_of(work)) EXPECT_RETURNED(reply);
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(main().call(list, "__getitem__", i), 10 + i);
  EXPECT_RETURNED(main().call(manager, "__exit__"));
}

// ---- Its end

CLAUSE_TEST(shared_memory_manager_shutdown_blocks, AreGone) {
  Ref manager = start_memory_manager(main());
  const std::string one = new_block(main(), manager), other = new_block(main(), manager);
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_RAISES(main().ask(attach(one)), "Exception");
  EXPECT_RAISES(main().ask(attach(other)), "Exception");
}

CLAUSE_TEST(shared_memory_manager_shutdown_lists, AreGone) {
  Ref manager = start_memory_manager(main());
  const std::string one = new_list(main(), manager), other = new_list(main(), manager);
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_RAISES(main().make("ShareableList", Kwargs{{"name", one}}), "Exception");
  EXPECT_RAISES(main().make("ShareableList", Kwargs{{"name", other}}), "Exception");
}

CLAUSE_TEST(shared_memory_manager_shutdown_only_its_own, OthersStay) {
  Ref manager = start_memory_manager(main());
  Ref other = start_memory_manager(main());
  new_block(main(), manager);
  Ref anothers = main().call(other, "SharedMemory", 10);
  Ref nobodys = main().make("SharedMemory", Kwargs{{"create", true}, {"size", 10}});
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_RETURNED(main().ask(attach(name_of(main(), anothers))));
  EXPECT_RETURNED(main().ask(attach(name_of(main(), nobodys))));
  main().call(nobodys, "unlink");
}

CLAUSE_TEST(shared_memory_manager_shutdown_ends_process, NoChildIsLeft) {
  Ref manager = start_memory_manager(main());
  new_block(main(), manager);
  Ref server = only_child_of(main());
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_EQ(main().call(server, "is_alive"), false);
}

CLAUSE_TEST(shared_memory_manager_shutdown_maker_exit, NothingIsLeft) {
  Actor& child = start_process();
  Ref manager = start_memory_manager(child);
  new_block(child, manager);
  new_list(child, manager);
  child.bye();
  EXPECT_TRUE(finish().empty());
}

// ---- In a with statement

CLAUSE_TEST(shared_memory_manager_with_enter, BlocksAreMadeAtOnce) {
  Ref manager = main().make("SharedMemoryManager");
  EXPECT_RETURNED(main().call(manager, "__enter__"));
  EXPECT_RETURNED(main().call(manager, "SharedMemory", 10));
}

CLAUSE_TEST(shared_memory_manager_with_exit, AllAreGone) {
  Ref manager = main().make("SharedMemoryManager");
  main().call(manager, "__enter__");
  const std::string block = new_block(main(), manager), list = new_list(main(), manager);
  EXPECT_RETURNED(main().call(manager, "__exit__"));
  EXPECT_RAISES(main().ask(attach(block)), "Exception");
  EXPECT_RAISES(main().ask(attach(list)), "Exception");
}

// ---- From other processes

CLAUSE_TEST(shared_memory_manager_connect, AnotherProcessMakesThem) {
  Ref manager = start_memory_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  Actor& child = start_process();
  Ref client = child.make("SharedMemoryManager", served_at(address_of_manager(main(), manager)));
  EXPECT_RETURNED(child.call(client, "connect"));
  Ref block = object_in(child.call(client, "SharedMemory", 10));
  EXPECT_RETURNED(child.call(block, "__setitem__", 0, 7));
  Ref list = object_in(child.call(client, "ShareableList", List{1, "a"}));
  EXPECT_EQ(child.call(list, "__getitem__", 1), "a");
}

CLAUSE_TEST(shared_memory_manager_connect_outlives_maker, ItIsStillThere) {
  Ref manager = start_memory_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  Actor& child = start_process();
  Ref client = connect_to(address_of_manager(main(), manager), child);
  Ref block = child.call(client, "SharedMemory", 10);
  child.call(block, "__setitem__", 0, 7);
  const std::string name = name_of(child, block);
  child.bye();
  main().call(child.process(), "join");
  Ref same = object_in(main().ask(attach(name)));
  EXPECT_EQ(main().call(same, "__getitem__", 0), 7);
}

CLAUSE_TEST(shared_memory_manager_connect_shutdown, TakesThemAlong) {
  Ref manager = start_memory_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  Actor& child = start_process();
  Ref client = connect_to(address_of_manager(main(), manager), child);
  const std::string block = new_block(child, client), list = new_list(child, client);
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_RAISES(main().ask(attach(block)), "Exception");
  EXPECT_RAISES(main().ask(attach(list)), "Exception");
}

// ---- Beyond the documentation

CLAUSE_TEST(shared_memory_manager_robust_unlinked_by_hand, TheOthersAreGone) {
  Ref manager = start_memory_manager(main());
  Ref first = main().call(manager, "SharedMemory", 10);
  const std::string last = new_block(main(), manager);
  main().call(first, "unlink");
  EXPECT_RETURNED(main().call(manager, "shutdown"));
  EXPECT_RAISES(main().ask(attach(last)), "Exception");
  allow_leftovers();
}

CLAUSE_TEST(shared_memory_manager_robust_dead_maker, AllAreGone) {
  Actor& child = start_process();
  Ref manager = start_memory_manager(child);
  const std::string block = new_block(child, manager), list = new_list(child, manager);
  kill_and_await(child);
  EXPECT_GOES_AWAY(main(), block);
  EXPECT_GOES_AWAY(main(), list);
}

}  // namespace mp::conformance

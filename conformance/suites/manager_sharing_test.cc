// Lists, dictionaries, values, arrays and namespaces of a manager, and who shares them.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {

CLAUSE_TEST(manager_list_empty, HasNoItems) {
  Ref manager = main().make("Manager");
  Ref list = object_in(main().call(manager, "list"));
  EXPECT_EQ(main().call(list, "__len__"), 0);
  EXPECT_EQ(main().ask(items_of(list)), List{});
}

CLAUSE_TEST(manager_list_sequence, HasTheItems) {
  Ref manager = main().make("Manager");
  Ref of_list = object_in(main().call(manager, "list", List{1, "two", 3.0}));
  EXPECT_EQ(main().ask(items_of(of_list)), List({1, "two", 3.0}));
  Ref of_tuple = object_in(main().call(manager, "list", Tuple{1, None}));
  EXPECT_EQ(main().ask(items_of(of_tuple)), List({1, None}));
}

CLAUSE_TEST(manager_dict_empty, HasNoEntries) {
  Ref manager = main().make("Manager");
  Ref dict = object_in(main().call(manager, "dict"));
  EXPECT_EQ(main().call(dict, "__len__"), 0);
  EXPECT_EQ(main().call(dict, "copy"), Dict{});
}

CLAUSE_TEST(manager_dict_mapping, HasTheEntries) {
  Ref manager = main().make("Manager");
  Ref dict = object_in(main().call(manager, "dict", Dict{{"a", 1}, {2, "b"}}));
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"a", 1}, {2, "b"}}));
}

CLAUSE_TEST(manager_dict_pairs, HasTheEntries) {
  Ref manager = main().make("Manager");
  Ref dict = object_in(main().call(manager, "dict", List{Tuple{"a", 1}, Tuple{2, "b"}}));
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"a", 1}, {2, "b"}}));
}

CLAUSE_TEST(manager_dict_key_kinds, AreKeptApart) {
  Ref manager = main().make("Manager");
  Ref dict = main().call(manager, "dict");
  EXPECT_RETURNED(main().call(dict, "__setitem__", 1, "integer"));
  EXPECT_RETURNED(main().call(dict, "__setitem__", "1", "text"));
  EXPECT_RETURNED(main().call(dict, "__setitem__", 0.25, "float"));
  EXPECT_EQ(main().call(dict, "__getitem__", 1), "integer");
  EXPECT_EQ(main().call(dict, "__getitem__", "1"), "text");
  EXPECT_EQ(main().call(dict, "__getitem__", 0.25), "float");
}

CLAUSE_TEST(manager_value, IsReadAndWrittenByAll) {
  Ref manager = main().make("Manager");
  Ref value = object_in(main().call(manager, "Value", "d", 0.5));
  Actor& child = start_process({value});
  EXPECT_EQ(child.get(value, "value"), 0.5);
  EXPECT_RETURNED(child.set(value, "value", 3.14));
  EXPECT_EQ(main().get(value, "value"), 3.14);
}

CLAUSE_TEST(manager_array, IsReadAndWrittenByAll) {
  Ref manager = main().make("Manager");
  Ref array = object_in(main().call(manager, "Array", "i", List{1, 2, 3}));
  Actor& child = start_process({array});
  EXPECT_EQ(child.call(array, "__len__"), 3);
  EXPECT_EQ(child.call(array, "__getitem__", 2), 3);
  EXPECT_RETURNED(child.call(array, "__setitem__", 0, 5));
  EXPECT_EQ(main().call(array, "__getitem__", 0), 5);
}

// ---- Namespace

CLAUSE_TEST(manager_namespace_shared, AnotherProcessReadsIt) {
  Ref manager = main().make("Manager");
  Ref space = object_in(main().call(manager, "Namespace"));
  Actor& child = start_process({space});
  EXPECT_RETURNED(child.set(space, "x", 10));
  EXPECT_EQ(main().get(space, "x"), 10);
}

CLAUSE_TEST(manager_namespace_initial, AreThere) {
  Ref manager = main().make("Manager");
  Ref space = object_in(main().call(manager, "Namespace", Kwargs{{"x", 1}, {"y", "two"}}));
  EXPECT_EQ(main().get(space, "x"), 1);
  EXPECT_EQ(main().get(space, "y"), "two");
}

CLAUSE_TEST(manager_namespace_text, ShowsTheAttributes) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace");
  main().set(space, "x", 10);
  main().set(space, "y", "hello");
  main().set(space, "_z", 12.3);
  EXPECT_EQ(main().call(space, "__str__"), "Namespace(x=10, y='hello')");
}

CLAUSE_TEST(manager_namespace_underscore, StaysWithTheProxy) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace");
  EXPECT_RETURNED(main().set(space, "_z", 12.3));
  EXPECT_EQ(main().get(space, "_z"), 12.3);
}

CLAUSE_TEST(manager_namespace_underscore_not_shared, AnotherProxyDoesNotFindIt) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace");
  Actor& child = start_process({space});
  main().set(space, "_z", 12.3);
  EXPECT_RAISES(child.get(space, "_z"), "AttributeError");
}

CLAUSE_TEST(manager_namespace_missing, RaisesAttributeError) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace");
  EXPECT_RAISES(main().get(space, "x"), "AttributeError");
}

CLAUSE_TEST(manager_namespace_delete, GoneForAll) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace", Kwargs{{"x", 1}});
  Actor& child = start_process({space});
  child.get(space, "x");
  EXPECT_RETURNED(main().call(space, "__delattr__", "x"));
  EXPECT_RAISES(child.get(space, "x"), "AttributeError");
}

CLAUSE_TEST(manager_namespace_reassigned, AllSeeIt) {
  Ref manager = main().make("Manager");
  Ref space = main().call(manager, "Namespace", Kwargs{{"x", List{}}, {"y", List{}}});
  Actor& child = start_process({space});
  EXPECT_RETURNED(child.set(space, "x", List{1}));
  EXPECT_RETURNED(child.set(space, "y", List{"x"}));
  EXPECT_EQ(main().get(space, "x"), List{1});
  EXPECT_EQ(main().get(space, "y"), List{"x"});
}

// ---- Who shares them

// Without the lock one of them would find the list empty, and pop would raise. They do it in batches, at the same time.
CLAUSE_TEST(manager_compound_with_lock, NobodyMeetsTheEmptyList) {
  constexpr int kRounds = 50;
  Ref manager = main().make("Manager");
  Ref lock = main().call(manager, "Lock");
  Ref list = main().call(manager, "list", List{1});
  Actor& first = start_process({lock, list});
  Actor& second = start_process({lock, list});
  const std::vector<Step> round = {Step::call(lock, "acquire"), Step::call(list, "pop"), Step::call(list, "append", 1),
                                   Step::call(lock, "release")};
  Pending one = first.begin_batch(round, kRounds);
  Pending other = second.begin_batch(round, kRounds);
  for (const Pending& batch : {one, other}) {
    for (const Reply& reply : replies_of(batch)) EXPECT_RETURNED(reply);
  }
  EXPECT_EQ(main().ask(items_of(list)), List{1});
}

// The same with one of them known to be between its two steps.
CLAUSE_TEST(manager_compound_with_lock, AnotherWaitsWhileTheListIsEmpty) {
  Ref manager = main().make("Manager");
  Ref lock = main().call(manager, "Lock");
  Ref list = main().call(manager, "list", List{1});
  Actor& child = start_process({lock, list});
  main().call(lock, "acquire");
  main().call(list, "pop");
  Pending other =
      child.begin_batch({Step::call(lock, "acquire"), Step::call(list, "pop"), Step::call(lock, "release")}, 1);
  EXPECT_BLOCKED(other);
  main().call(list, "append", 1);
  main().call(lock, "release");
  for (const Reply& reply : replies_of(other)) EXPECT_RETURNED(reply);
}

CLAUSE_TEST(manager_any_process_sibling, IsOneObject) {
  Ref manager = main().make("Manager");
  Ref dict = main().call(manager, "dict");
  Actor& first = start_process({dict});
  Actor& second = start_process({dict});
  EXPECT_RETURNED(first.call(dict, "__setitem__", "key", 1));
  EXPECT_EQ(second.call(dict, "__getitem__", "key"), 1);
}

CLAUSE_TEST(manager_any_process_grandchild, IsOneObject) {
  Ref manager = main().make("Manager");
  Ref dict = main().call(manager, "dict");
  Actor& child = start_process({dict});
  Actor& grandchild = start_process({dict}, {.parent = &child});
  EXPECT_RETURNED(grandchild.call(dict, "__setitem__", "key", 1));
  EXPECT_EQ(main().call(dict, "__getitem__", "key"), 1);
}

CLAUSE_TEST(manager_any_process_maker_elsewhere, TheObjectLivesOn) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Actor& child = start_process({list});
  child.call(list, "__len__");
  main().drop(list);
  EXPECT_RETURNED(child.call(list, "append", 2));
  EXPECT_EQ(child.ask(items_of(list)), List({1, 2}));
}

// ---- Examples

CLAUSE_TEST(manager_example_dict_and_list, TheParentSeesTheChanges) {
  Ref manager = main().make("Manager");
  Ref dict = main().call(manager, "dict");
  Ref list = main().call(manager, "list", List{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  Actor& child = start_process({dict, list});
  child.call(dict, "__setitem__", 1, "1");
  child.call(dict, "__setitem__", "2", 2);
  child.call(dict, "__setitem__", 0.25, None);
  child.call(list, "reverse");
  child.bye();
  EXPECT_EQ(main().call(dict, "copy"), Dict({{1, "1"}, {"2", 2}, {0.25, None}}));
  EXPECT_EQ(main().ask(items_of(list)), List({9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
}

CLAUSE_TEST(manager_example_maths, SumAndProduct) {
  Ref manager = main().make("BaseManager");
  main().call(manager, "__enter__");
  Ref maths = main().call(manager, "Maths");
  EXPECT_EQ(main().call(maths, "add", 4, 3), 7);
  EXPECT_EQ(main().call(maths, "mul", 7, 8), 56);
}

CLAUSE_TEST(manager_example_five_kinds, TheParentSeesTheChanges) {
  Ref manager = main().make("Manager");
  Ref value = main().call(manager, "Value", "d", 0.0);
  Ref array = main().call(manager, "Array", "i", List{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  Ref list = main().call(manager, "list");
  Ref dict = main().call(manager, "dict");
  Ref space = main().call(manager, "Namespace");
  Actor& child = start_process({value, array, list, dict, space});
  child.set(value, "value", 3.14);
  child.call(array, "__setitem__", 0, 5);
  child.call(list, "append", "Hello");
  child.call(dict, "__setitem__", "name", "xxx");
  child.set(space, "a", 10);
  child.bye();
  EXPECT_EQ(main().get(value, "value"), 3.14);
  EXPECT_EQ(main().call(array, "__getitem__", 0), 5);
  EXPECT_EQ(main().ask(items_of(list)), List{"Hello"});
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"name", "xxx"}}));
  EXPECT_EQ(main().get(space, "a"), 10);
}

CLAUSE_TEST(manager_example_own_object, HasWhatAllAdded) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  std::int64_t sum = 0;
  for (int i = 1; i <= 3; ++i) {
    Actor& child = start_process({counter});
    EXPECT_EQ(child.call(counter, "add", i), sum += i);
  }
  EXPECT_EQ(main().call(counter, "value"), sum);
}

}  // namespace mp::conformance

#include <string>

#include "conformance/suites/manager_moments.h"
#include "spec/clauses/shared_memory.h"

namespace mp::conformance {
namespace {

Ref create(Actor& actor, std::int64_t size) {
  return actor.make("SharedMemory", Kwargs{{"create", true}, {"size", size}});
}

// A name that no other test has, taken from a block that is gone.
std::string new_name(Actor& actor) {
  Ref block = create(actor, 1);
  const std::string name = Value(actor.get(block, "name")).text();
  actor.call(block, "close");
  actor.call(block, "unlink");
  return name;
}

Reply attach(Actor& actor, const std::string& name) { return actor.make("SharedMemory", Kwargs{{"name", name}}); }

}  // namespace

CLAUSE_TEST(shared_memory_create_generated_name, IsNewEachTime) {
  Ref one = create(main(), 10);
  Ref other = create(main(), 10);
  const Reply name = main().get(one, "name");
  EXPECT_NE(name, "");
  EXPECT_NE(main().get(other, "name"), Value(name));
  main().call(one, "unlink");
  main().call(other, "unlink");
}

CLAUSE_TEST(shared_memory_create_given_name, IsItsName) {
  const std::string name = new_name(main());
  const Reply made = main().make("SharedMemory", Kwargs{{"name", name}, {"create", true}, {"size", 10}});
  EXPECT_RETURNED(made);
  Ref block = made;
  EXPECT_EQ(main().get(block, "name"), name);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_create_size, IsAtLeastThat) {
  Ref block = create(main(), 10'000);
  EXPECT_GE(main().get(block, "size"), 10'000);
  EXPECT_RETURNED(main().call(block, "__setitem__", 9'999, 7));
  EXPECT_EQ(main().call(block, "__getitem__", 9'999), 7);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_create_existing_name, IsRefusedAndChangesNothing) {
  Ref block = create(main(), 10);
  main().call(block, "__setitem__", 0, 7);
  const Value name = main().get(block, "name");
  EXPECT_RAISES(main().make("SharedMemory", Kwargs{{"name", name}, {"create", true}, {"size", 20}}), "FileExistsError");
  Ref again = attach(main(), name.text());
  EXPECT_EQ(main().call(again, "__getitem__", 0), 7);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_create_size_zero, IsRefused) {
  EXPECT_RAISES(main().make("SharedMemory", Kwargs{{"create", true}, {"size", 0}}), "ValueError");
  EXPECT_RAISES(main().make("SharedMemory", Kwargs{{"create", true}, {"size", -1}}), "ValueError");
}

CLAUSE_TEST(shared_memory_create_zero_filled, AllBytes) {
  Ref block = create(main(), 300);
  EXPECT_EQ(main().call(block, "__getitem__", Slice{0, 300, None}), Bytes(300, '\0'));
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_name_read_only, AssignmentIsRefused) {
  Ref block = create(main(), 10);
  const Value name = main().get(block, "name");
  EXPECT_NOT_THERE(main().begin(Step::set(block, "name", "another")));
  EXPECT_EQ(main().get(block, "name"), name);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_size_read_only, AssignmentIsRefused) {
  Ref block = create(main(), 10);
  const Value size = main().get(block, "size");
  EXPECT_NOT_THERE(main().begin(Step::set(block, "size", 5)));
  EXPECT_EQ(main().get(block, "size"), size);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_attach_same_block, SeesAndIsSeen) {
  Ref block = create(main(), 10);
  main().call(block, "__setitem__", 0, 7);
  const Reply attached = attach(main(), Value(main().get(block, "name")).text());
  EXPECT_RETURNED(attached);
  Ref same = attached;
  EXPECT_EQ(main().call(same, "__getitem__", 0), 7);
  EXPECT_RETURNED(main().call(same, "__setitem__", 1, 8));
  EXPECT_EQ(main().call(block, "__getitem__", 1), 8);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_attach_other_process, ByItsName) {
  Ref block = create(main(), 10);
  Actor& child = start_process({});
  Ref same = attach(child, Value(main().get(block, "name")).text());
  child.call(same, "__setitem__", 3, 9);
  EXPECT_EQ(main().call(block, "__getitem__", 3), 9);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_attach_unknown_name, IsRefused) {
  const std::string name = new_name(main());
  EXPECT_RAISES(attach(main(), name), "FileNotFoundError");
}

CLAUSE_TEST(shared_memory_attach_without_name, IsRefused) { EXPECT_RAISES(main().make("SharedMemory"), "ValueError"); }

CLAUSE_TEST(shared_memory_attach_size, IsThatOfTheBlock) {
  Ref block = create(main(), 10'000);
  const Value name = main().get(block, "name");
  Ref same = main().make("SharedMemory", Kwargs{{"name", name}, {"size", 5}});
  EXPECT_GE(main().get(same, "size"), 10'000);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_share_as_argument, IsTheSameBlock) {
  Ref block = create(main(), 10);
  Actor& child = start_process({block});
  EXPECT_RETURNED(child.call(block, "__setitem__", 2, 5));
  EXPECT_EQ(main().call(block, "__getitem__", 2), 5);
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_buffer_slices, AreReadAndWritten) {
  Ref block = create(main(), 10);
  EXPECT_RETURNED(main().call(block, "__setitem__", Slice{0, 4, None}, Bytes("abcd")));
  EXPECT_RETURNED(main().call(block, "__setitem__", 4, 100));
  EXPECT_EQ(main().call(block, "__getitem__", Slice{0, 5, None}), Bytes("abcdd"));
  EXPECT_EQ(main().call(block, "__getitem__", Slice{1, 3, None}), Bytes("bc"));
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_close_others_unaffected, OfAnotherProcess) {
  Ref block = create(main(), 10);
  Actor& child = start_process({block});
  main().call(block, "close");
  EXPECT_RETURNED(child.call(block, "__setitem__", 2, 5));
  EXPECT_EQ(child.call(block, "__getitem__", 2), 5);
  child.call(block, "unlink");
}

CLAUSE_TEST(shared_memory_close_keeps_block, IsAttachedAgain) {
  Ref block = create(main(), 10);
  Ref other = attach(main(), Value(main().get(block, "name")).text());
  main().call(block, "__setitem__", 0, 7);
  EXPECT_RETURNED(main().call(block, "close"));
  const Reply attached = attach(main(), Value(main().get(other, "name")).text());
  EXPECT_RETURNED(attached);
  EXPECT_EQ(main().call(Ref(attached), "__getitem__", 0), 7);
  main().call(other, "unlink");
}

CLAUSE_TEST(shared_memory_close_no_access, IsRefused) {
  Ref block = create(main(), 10);
  main().call(block, "close");
  EXPECT_RAISES(main().call(block, "__getitem__", Slice{0, 1, None}), "Exception");
  main().call(block, "unlink");
}

CLAUSE_TEST(shared_memory_unlink_removes_name, IsNotAttachedAgain) {
  Ref block = create(main(), 10);
  const Value name = main().get(block, "name");
  EXPECT_RETURNED(main().call(block, "unlink"));
  EXPECT_RAISES(attach(main(), name.text()), "FileNotFoundError");
}

CLAUSE_TEST(shared_memory_unlink_before_close, ThenCloses) {
  Ref block = create(main(), 10);
  EXPECT_RETURNED(main().call(block, "unlink"));
  EXPECT_RETURNED(main().call(block, "close"));
}

CLAUSE_TEST(shared_memory_unlink_after_close, IsAllowed) {
  Ref block = create(main(), 10);
  main().call(block, "close");
  EXPECT_RETURNED(main().call(block, "unlink"));
}

CLAUSE_TEST(shared_memory_outlives_creator, ForItsParent) {
  new_name(main());  // so that the family has what looks after its blocks, where it needs something
  Actor& child = start_process({});
  Ref made = create(child, 10);
  child.call(made, "__setitem__", 0, 7);
  const std::string name = Value(child.get(made, "name")).text();
  child.bye();
  main().call(child.process(), "join");
  const Reply attached = attach(main(), name);
  EXPECT_RETURNED(attached);
  EXPECT_EQ(main().call(Ref(attached), "__getitem__", 0), 7);
  main().call(Ref(attached), "unlink");
}

CLAUSE_TEST(shared_memory_attached_child_ends, TheBlockStays) {
  Ref block = create(main(), 10);
  main().call(block, "__setitem__", 0, 7);
  Actor& child = start_process({});
  const std::string name = Value(main().get(block, "name")).text();
  child.call(Ref(attach(child, name)), "__getitem__", 0);
  child.bye();
  main().call(child.process(), "join");
  const Reply attached = attach(main(), name);
  EXPECT_RETURNED(attached);
  EXPECT_EQ(main().call(Ref(attached), "__getitem__", 0), 7);
  main().call(block, "unlink");
}

namespace {

const List kValues{1, -2.5, true, "hello", Bytes("bytes"), None};

void unlink(Actor& actor, Ref list) { actor.call(Ref(actor.get(list, "shm")), "unlink"); }

std::string name_of(Actor& actor, Ref list) { return Value(actor.get(Ref(actor.get(list, "shm")), "name")).text(); }

}  // namespace

CLAUSE_TEST(shared_memory_list_sequence, KeepsAllKinds) {
  Ref list = main().make("ShareableList", kValues);
  for (std::size_t i = 0; i < kValues.items.size(); ++i) {
    EXPECT_EQ(main().call(list, "__getitem__", i), kValues.items[i]);
  }
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_text_beyond_ascii, OfTwoAndThreeBytes) {
  const Values texts = {"\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", "\u20ac\u20ac\u20ac"};
  Ref list = main().make("ShareableList", List::of(texts));
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(main().call(list, "__getitem__", i), texts[i]);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_attach, InAnotherProcess) {
  Ref list = main().make("ShareableList", List{1, "a"});
  Actor& child = start_process({});
  Ref same = child.make("ShareableList", Kwargs{{"name", name_of(main(), list)}});
  EXPECT_EQ(child.call(same, "__getitem__", 1), "a");
  EXPECT_EQ(child.call(same, "__len__"), 2);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_given_name, IsThatOfItsBlock) {
  const std::string name = new_name(main());
  Ref list = main().make("ShareableList", List{1}, Kwargs{{"name", name}});
  EXPECT_EQ(main().get(Ref(main().get(list, "shm")), "name"), name);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_as_argument, IsTheSameList) {
  Ref list = main().make("ShareableList", List{1, 2});
  Actor& child = start_process({list});
  EXPECT_RETURNED(child.call(list, "__setitem__", 0, 7));
  EXPECT_EQ(main().call(list, "__getitem__", 0), 7);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_set_item, IsSeenByAll) {
  Ref list = main().make("ShareableList", List{1, "hello", 2});
  Ref same = main().make("ShareableList", Kwargs{{"name", name_of(main(), list)}});
  EXPECT_RETURNED(main().call(list, "__setitem__", 1, "howdy"));
  EXPECT_RETURNED(main().call(list, "__setitem__", 2, -999));
  EXPECT_EQ(main().call(same, "__getitem__", 1), "howdy");
  EXPECT_EQ(main().call(same, "__getitem__", 2), -999);
  EXPECT_EQ(main().call(same, "__getitem__", 0), 1);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_change_kind, KeepsTheNewOne) {
  Ref list = main().make("ShareableList", List{1, 2.5, "hello"});
  for (const Value& value : {Value("text"), Value(true), Value(None), Value(-0.5), Value(Bytes("b")), Value(3)}) {
    EXPECT_RETURNED(main().call(list, "__setitem__", 1, value));
    EXPECT_EQ(main().call(list, "__getitem__", 1), value);
  }
  EXPECT_EQ(main().call(list, "__getitem__", 2), "hello");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_too_long, IsRefusedAndTheOldStays) {
  Ref list = main().make("ShareableList", List{"hello", 1});
  EXPECT_RAISES(main().call(list, "__setitem__", 0, std::string(100, 'x')), "ValueError");
  EXPECT_EQ(main().call(list, "__getitem__", 0), "hello");
  EXPECT_EQ(main().call(list, "__getitem__", 1), 1);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_other_kinds, AreRefused) {
  Ref list = main().make("ShareableList", List{1});
  EXPECT_RAISES(main().call(list, "__setitem__", 0, List{1}), "Exception");
  EXPECT_RAISES(main().call(list, "__setitem__", 0, Tuple{1}), "Exception");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_int_range, HasSixtyFourBits) {
  const Value lowest = big("-9223372036854775808"), highest = big("9223372036854775807");
  Ref list = main().make("ShareableList", List{lowest, highest});
  EXPECT_EQ(main().call(list, "__getitem__", 0), lowest);
  EXPECT_EQ(main().call(list, "__getitem__", 1), highest);
  EXPECT_RAISES(main().call(list, "__setitem__", 0, big("9223372036854775808")), "Exception");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_index_negative, CountsFromTheEnd) {
  Ref list = main().make("ShareableList", List{1, 2, 3});
  EXPECT_EQ(main().call(list, "__getitem__", -1), 3);
  EXPECT_RETURNED(main().call(list, "__setitem__", -3, 7));
  EXPECT_EQ(main().call(list, "__getitem__", 0), 7);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_index_above, IsAnIndexError) {
  Ref list = main().make("ShareableList", List{1, 2, 3});
  EXPECT_RAISES(main().call(list, "__getitem__", 3), "IndexError");
  EXPECT_RAISES(main().call(list, "__setitem__", 3, 1), "IndexError");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_index_below, IsAnIndexError) {
  Ref list = main().make("ShareableList", List{1, 2, 3});
  EXPECT_RAISES(main().call(list, "__getitem__", -4), "IndexError");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_length, IsThatOfTheSequence) {
  Ref list = main().make("ShareableList", List{1, "a", None});
  EXPECT_EQ(main().call(list, "__len__"), 3);
  main().call(list, "__setitem__", 0, None);
  EXPECT_EQ(main().call(list, "__len__"), 3);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_no_slices, IsRefused) {
  Ref list = main().make("ShareableList", List{1, 2, 3});
  EXPECT_RAISES(main().call(list, "__getitem__", Slice{0, 2, None}), "Exception");
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_shm, IsAttachedByItsNameAndGoneWithIt) {
  Ref list = main().make("ShareableList", List{1, 2});
  ASSERT_RETURNED(main().get(list, "shm"));
  Ref block = main().get(list, "shm");
  const Value name = main().get(block, "name");
  Ref same = main().make("ShareableList", Kwargs{{"name", name}});
  EXPECT_EQ(main().call(same, "__getitem__", 1), 2);
  EXPECT_RETURNED(main().call(block, "unlink"));
  EXPECT_RAISES(main().make("ShareableList", Kwargs{{"name", name}}), "FileNotFoundError");
}

CLAUSE_TEST(shared_memory_list_count, TellsHowOften) {
  Ref list = main().make("ShareableList", List{"a", Bytes("a"), "a", "A", 5});
  EXPECT_EQ(main().call(list, "count", "a"), 2);
  EXPECT_EQ(main().call(list, "count", Bytes("a")), 1);
  EXPECT_EQ(main().call(list, "count", "none"), 0);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_index, IsTheFirst) {
  Ref list = main().make("ShareableList", List{5, "a", 6, "a"});
  EXPECT_EQ(main().call(list, "index", "a"), 1);
  EXPECT_EQ(main().call(list, "index", 5), 0);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_format, IsThatOfTheValuesOfNow) {
  Ref list = main().make("ShareableList", List{1, 2.5});
  EXPECT_NE(main().get(list, "format"), "");
  const Value before = main().get(list, "format");
  main().call(list, "__setitem__", 0, 1.5);
  EXPECT_NE(main().get(list, "format"), before);
  main().call(list, "__setitem__", 0, 2);
  EXPECT_EQ(main().get(list, "format"), before);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_format_read_only, AssignmentIsRefused) {
  Ref list = main().make("ShareableList", List{1, 2.5});
  const Value format = main().get(list, "format");
  EXPECT_NOT_THERE(main().begin(Step::set(list, "format", "another")));
  EXPECT_EQ(main().get(list, "format"), format);
  unlink(main(), list);
}

CLAUSE_TEST(shared_memory_list_index_missing, IsAValueError) {
  Ref list = main().make("ShareableList", List{5, "a"});
  EXPECT_RAISES(main().call(list, "index", "b"), "ValueError");
  unlink(main(), list);
}

}  // namespace mp::conformance

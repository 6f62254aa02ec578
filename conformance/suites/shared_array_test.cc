#include <string>

#include "conformance/suites/moments.h"
#include "spec/clauses/shared_array.h"

namespace mp::conformance {
namespace {

const Slice kAll{None, None, None};

Value zeros_and(std::string text, std::size_t size) {
  text.resize(size);
  return Bytes(text);
}

}  // namespace

CLAUSE_TEST(shared_array_size_zeroed, AllElements) {
  EXPECT_EQ(main().call(main().make("Array", "i", 3), "__getitem__", kAll), (List{0, 0, 0}));
  EXPECT_EQ(main().call(main().make("RawArray", "d", 2), "__getitem__", kAll), (List{0.0, 0.0}));
}

// What was dropped may be used again: it has to be cleaned.
CLAUSE_TEST(shared_array_size_zeroed, AlsoWhereAnotherHasBeen) {
  for (int i = 0; i < 5; ++i) {
    Ref dirty = main().make("Array", "i", List{1, 2, 3});
    main().drop(dirty);
    EXPECT_EQ(main().call(main().make("Array", "i", 3), "__getitem__", kAll), (List{0, 0, 0}));
  }
}

CLAUSE_TEST(shared_array_sequence, GivesElementsAndLength) {
  Ref array = main().make("Array", "i", List{9, 2, 8});
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{9, 2, 8}));
  EXPECT_EQ(main().call(main().make("Array", "h", Tuple{5}), "__getitem__", kAll), (List{5}));
}

CLAUSE_TEST(shared_array_length, IsTheNumberOfElements) {
  EXPECT_EQ(main().call(main().make("Array", "d", 7), "__len__"), 7);
  EXPECT_EQ(main().call(main().make("RawArray", "i", List{1, 2}), "__len__"), 2);
}

CLAUSE_TEST(shared_array_negative_length, IsRefused) { EXPECT_RAISES(main().make("Array", "i", -1), "Exception"); }

CLAUSE_TEST(shared_array_index_read_write, ReachesOneElement) {
  Ref array = main().make("Array", "i", List{1, 2, 3});
  EXPECT_RETURNED(main().call(array, "__setitem__", 1, 5));
  EXPECT_EQ(main().call(array, "__getitem__", 1), 5);
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{1, 5, 3}));
}

CLAUSE_TEST(shared_array_index_negative, CountsFromTheEnd) {
  Ref array = main().make("Array", "i", List{1, 2, 3});
  EXPECT_EQ(main().call(array, "__getitem__", -1), 3);
  EXPECT_EQ(main().call(array, "__getitem__", -3), 1);
  EXPECT_RETURNED(main().call(array, "__setitem__", -2, 5));
  EXPECT_EQ(main().call(array, "__getitem__", 1), 5);
}

CLAUSE_TEST(shared_array_index_above, IsAnIndexError) {
  Ref array = main().make("Array", "i", List{1, 2, 3});
  EXPECT_RAISES(main().call(array, "__getitem__", 3), "IndexError");
  EXPECT_RAISES(main().call(array, "__setitem__", 3, 1), "IndexError");
}

CLAUSE_TEST(shared_array_index_below, IsAnIndexError) {
  Ref array = main().make("Array", "i", List{1, 2, 3});
  EXPECT_RAISES(main().call(array, "__getitem__", -4), "IndexError");
  EXPECT_RAISES(main().call(array, "__setitem__", -4, 1), "IndexError");
}

CLAUSE_TEST(shared_array_slice_read, GivesThoseElements) {
  Ref array = main().make("Array", "i", List{0, 1, 2, 3, 4, 5});
  EXPECT_EQ(main().call(array, "__getitem__", Slice{1, 3, None}), (List{1, 2}));
  EXPECT_EQ(main().call(array, "__getitem__", Slice{-2, None, None}), (List{4, 5}));
  EXPECT_EQ(main().call(array, "__getitem__", Slice{None, None, 2}), (List{0, 2, 4}));
  EXPECT_EQ(main().call(array, "__getitem__", Slice{4, 100, None}), (List{4, 5}));
  EXPECT_EQ(main().call(array, "__getitem__", Slice{4, 2, None}), (List{}));
}

CLAUSE_TEST(shared_array_slice_read, AlsoBackwards) {
  Ref array = main().make("Array", "i", List{0, 1, 2, 3});
  EXPECT_EQ(main().call(array, "__getitem__", Slice{None, None, -1}), (List{3, 2, 1, 0}));
  EXPECT_EQ(main().call(array, "__getitem__", Slice{-1, 0, -2}), (List{3, 1}));
}

CLAUSE_TEST(shared_array_slice_write, ReplacesThoseElements) {
  Ref array = main().make("Array", "i", List{0, 1, 2, 3, 4});
  EXPECT_RETURNED(main().call(array, "__setitem__", Slice{1, 3, None}, List{7, 8}));
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{0, 7, 8, 3, 4}));
  EXPECT_RETURNED(main().call(array, "__setitem__", Slice{None, None, None}, List{5, 6, 7, 8, 9}));
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{5, 6, 7, 8, 9}));
}

CLAUSE_TEST(shared_array_slice_write_size, MustFit) {
  Ref array = main().make("Array", "i", List{0, 1, 2, 3});
  EXPECT_RAISES(main().call(array, "__setitem__", Slice{1, 3, None}, List{7}), "ValueError");
  EXPECT_RAISES(main().call(array, "__setitem__", Slice{1, 3, None}, List{7, 8, 9}), "ValueError");
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{0, 1, 2, 3}));
}

CLAUSE_TEST(shared_array_change_seen_by_parent, AfterTheChildWrote) {
  Ref array = main().make("Array", "i", List{0, 1, 2});
  Actor& child = start_process({array});
  child.call(array, "__setitem__", 0, 5);
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{5, 1, 2}));
}

CLAUSE_TEST(shared_array_change_seen_by_child, AfterTheParentWrote) {
  Ref array = main().make("Array", "i", List{0, 1, 2});
  Actor& child = start_process({array});
  main().call(array, "__setitem__", 2, 5);
  EXPECT_EQ(child.call(array, "__getitem__", kAll), (List{0, 1, 5}));
}

CLAUSE_TEST(shared_array_types, AreThoseOfValues) {
  const auto kept = [&](const char* type, List elements) {
    EXPECT_EQ(main().call(main().make("Array", type, elements), "__getitem__", kAll), elements) << type;
  };
  kept("b", {-128, 127});
  kept("B", {0, 255});
  kept("h", {-32768, 32767});
  kept("H", {0, 65535});
  kept("i", {-2147483648LL, 2147483647});
  kept("I", {0, 4294967295LL});
  kept("l", {-2147483648LL, 2147483647});
  kept("L", {0, 4294967295LL});
  kept("f", {0.5, -2.0});
  kept("d", {0.1, -1e300});
  kept("c_bool", {true, false});
  kept("c_short", {-32768, 32767});
  kept("c_ulonglong", {0, big("18446744073709551615")});
  kept("c_double", {0.1, 0.2});
}

CLAUSE_TEST(shared_array_types, CharactersAreOneByteEach) {
  Ref array = main().make("Array", "c", Bytes("ab"));
  EXPECT_EQ(main().call(array, "__getitem__", 1), Bytes("b"));
  EXPECT_EQ(main().call(array, "__len__"), 2);
}

CLAUSE_TEST(shared_array_structures, FieldsAreShared) {
  Ref array = main().make("Array", "Point", 3);
  Actor& child = start_process({array});
  Ref inside = child.call(array, "__getitem__", 1);
  EXPECT_RETURNED(child.set(inside, "y", 2.5));
  Ref seen = main().call(array, "__getitem__", 1);
  EXPECT_EQ(main().get(seen, "y"), 2.5);
  EXPECT_EQ(main().get(seen, "x"), 0.0);
}

CLAUSE_TEST(shared_array_char_value_get, EndsBeforeTheFirstNul) {
  Ref text = main().make("Array", "c", Bytes(std::string_view("ab\0cd", 5)));
  EXPECT_EQ(main().get(text, "value"), Bytes("ab"));
  EXPECT_EQ(main().get(main().make("RawArray", "c", Bytes("abc")), "value"), Bytes("abc"));
}

CLAUSE_TEST(shared_array_char_value_set_short, LeavesTheRest) {
  Ref text = main().make("Array", "c", Bytes("hello world"));
  EXPECT_RETURNED(main().set(text, "value", Bytes("HI")));
  EXPECT_EQ(main().get(text, "value"), Bytes("HI"));
  EXPECT_EQ(main().get(text, "raw"), Bytes(std::string_view("HI\0lo world", 11)));
}

CLAUSE_TEST(shared_array_char_value_set_full, NeedsNoNul) {
  Ref text = main().make("Array", "c", 5);
  EXPECT_RETURNED(main().set(text, "value", Bytes("hello")));
  EXPECT_EQ(main().get(text, "value"), Bytes("hello"));
}

CLAUSE_TEST(shared_array_char_value_set_long, IsRefused) {
  Ref text = main().make("Array", "c", Bytes("hello"));
  EXPECT_RAISES(main().set(text, "value", Bytes("hello!")), "Exception");
  EXPECT_EQ(main().get(text, "value"), Bytes("hello"));
}

CLAUSE_TEST(shared_array_char_raw_get, HasAllBytes) {
  Ref text = main().make("Array", "c", 5);
  main().set(text, "value", Bytes("ab"));
  EXPECT_EQ(main().get(text, "raw"), zeros_and("ab", 5));
}

CLAUSE_TEST(shared_array_char_raw_set, TakesNuls) {
  Ref text = main().make("Array", "c", Bytes("hello"));
  EXPECT_RETURNED(main().set(text, "raw", Bytes(std::string_view("a\0b\0c", 5))));
  EXPECT_EQ(main().get(text, "raw"), Bytes(std::string_view("a\0b\0c", 5)));
  EXPECT_EQ(main().get(text, "value"), Bytes("a"));
}

CLAUSE_TEST(shared_array_lock_default_recursive, LetsTheHolderInAgain) {
  Ref array = main().make("Array", "i", 3);
  main().call(array, "acquire");
  EXPECT_RETURNED(main().call(array, "acquire", false), true);
  EXPECT_RETURNED(main().call(array, "__setitem__", 0, 8));
  EXPECT_EQ(main().call(array, "__getitem__", 0), 8);
}

CLAUSE_TEST(shared_array_lock_given, GuardsTheArray) {
  Ref lock = main().make("Lock");
  Ref array = main().make("Array", "i", 3, Kwargs{{"lock", lock}});
  Actor& child = start_process({lock, array});
  child.call(lock, "acquire");
  EXPECT_BLOCKED(main().begin(array, "__getitem__", 0));
}

CLAUSE_TEST(shared_array_lock_given, MayBeRecursive) {
  Ref lock = main().make("RLock");
  Ref array = main().make("Array", "i", 3, Kwargs{{"lock", lock}});
  Actor& child = start_process({lock, array});
  main().call(lock, "acquire");
  EXPECT_BLOCKED(child.begin(array, "__getitem__", 0));
}

CLAUSE_TEST(shared_array_lock_given_to_several, GuardsEach) {
  Ref lock = main().make("Lock");
  Ref one = main().make("Array", "i", 3, Kwargs{{"lock", lock}});
  Ref other = main().make("Array", "d", 3, Kwargs{{"lock", lock}});
  Actor& child = start_process({one, other});
  child.call(one, "acquire");
  EXPECT_BLOCKED(main().begin(other, "__getitem__", 0));
}

CLAUSE_TEST(shared_array_lock_own, OneIsFreeWhileTheOtherIsHeld) {
  Ref one = main().make("Array", "i", 3);
  Ref other = main().make("Array", "i", 3);
  Actor& child = start_process({one, other});
  child.call(one, "acquire");
  EXPECT_EQ(main().call(other, "acquire", false), true);
}

CLAUSE_TEST(shared_array_lock_false, IsSharedAsWell) {
  Ref array = main().make("Array", "i", List{1, 2}, Kwargs{{"lock", false}});
  Actor& child = start_process({array});
  EXPECT_EQ(child.call(array, "__getitem__", kAll), (List{1, 2}));
  EXPECT_RETURNED(child.call(array, "__setitem__", 0, 5));
  EXPECT_EQ(main().call(array, "__getitem__", 0), 5);
}

CLAUSE_TEST(shared_array_lock_keyword_only, ByPlaceIsATypeError) {
  Ref lock = main().make("Lock");
  EXPECT_RAISES(main().make("Array", "i", 3, lock), "TypeError");
}

CLAUSE_TEST(shared_array_element_waits, ForTheHolder) {
  Ref array = main().make("Array", "i", List{1, 2});
  Actor& holder = start_process({array});
  Actor& reader = start_process({array});
  holder.call(array, "acquire");
  EXPECT_BLOCKED(reader.begin(array, "__getitem__", 0));
  Pending write = main().begin(array, "__setitem__", 0, 5);
  EXPECT_BLOCKED(write);
  EXPECT_EQ(holder.call(array, "__getitem__", 0), 1);
  holder.call(array, "release");
  EXPECT_RETURNED(write);
}

CLAUSE_TEST(shared_array_slice_waits, ForTheHolder) {
  Ref array = main().make("Array", "i", List{1, 2});
  Actor& holder = start_process({array});
  Actor& reader = start_process({array});
  holder.call(array, "acquire");
  Pending read = reader.begin(array, "__getitem__", kAll);
  EXPECT_BLOCKED(read);
  EXPECT_BLOCKED(main().begin(array, "__setitem__", kAll, List{3, 4}));
}

CLAUSE_TEST(shared_array_get_lock, GivesTheLockThatGuards) {
  Ref array = main().make("Array", "i", 3);
  Actor& child = start_process({array});
  Ref lock = child.call(array, "get_lock");
  EXPECT_RETURNED(child.call(lock, "acquire"));
  EXPECT_BLOCKED(main().begin(array, "__getitem__", 0));
}

CLAUSE_TEST(shared_array_get_obj, IsNotGuarded) {
  Ref array = main().make("Array", "i", List{1, 2});
  Actor& child = start_process({array});
  Ref obj = main().call(array, "get_obj");
  child.call(array, "acquire");
  child.call(array, "__setitem__", 1, 5);
  EXPECT_EQ(main().call(obj, "__getitem__", kAll), (List{1, 5}));
}

CLAUSE_TEST(shared_array_acquire_release, KeepOthersOut) {
  Ref array = main().make("Array", "i", 3);
  Actor& child = start_process({array});
  EXPECT_EQ(main().call(array, "acquire"), true);
  EXPECT_EQ(child.call(array, "acquire", false), false);
  EXPECT_RETURNED(main().call(array, "release"));
  EXPECT_EQ(child.call(array, "acquire", false), true);
}

CLAUSE_TEST(shared_array_context, TakesAndFreesTheLock) {
  Ref array = main().make("Array", "i", 3);
  Actor& child = start_process({array});
  EXPECT_RETURNED(main().call(array, "__enter__"));
  EXPECT_EQ(child.call(array, "acquire", false), false);
  EXPECT_RETURNED(main().call(array, "__exit__"));
  EXPECT_EQ(child.call(array, "acquire", false), true);
}

CLAUSE_TEST(shared_array_update_not_atomic, AnotherWritesInBetween) {
  Ref array = main().make("Array", "i", List{1, 1});
  Actor& child = start_process({array});
  EXPECT_EQ(main().call(array, "__getitem__", 0), 1);
  EXPECT_RETURNED(child.call(array, "__setitem__", 0, 10));
  EXPECT_RETURNED(main().call(array, "__setitem__", 0, 2));
  EXPECT_EQ(child.call(array, "__getitem__", 0), 2);
}

CLAUSE_TEST(shared_array_share_as_argument_only, SendingIsRefused) {
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", main().make("Array", "i", 3)), "Exception");
  EXPECT_RAISES(main().call(sender, "send", main().make("RawArray", "i", 3)), "Exception");
}

CLAUSE_TEST(shared_array_raw_sequence, GivesElementsAndLength) {
  Ref array = main().make("RawArray", "i", Tuple{9, 2, 8});
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{9, 2, 8}));
  EXPECT_EQ(main().call(array, "__len__"), 3);
}

CLAUSE_TEST(shared_array_raw_shared, WithTheChild) {
  Ref array = main().make("RawArray", "h", 7);
  Actor& child = start_process({array});
  child.call(array, "__setitem__", 6, 5);
  EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{0, 0, 0, 0, 0, 0, 5}));
}

CLAUSE_TEST(shared_array_copy_independent, OfTheOriginal) {
  Ref original = main().make("RawArray", "i", List{1, 2});
  Ref copy = main().call("copy", original);
  main().call(original, "__setitem__", 0, 5);
  EXPECT_EQ(main().call(copy, "__getitem__", kAll), (List{1, 2}));
}

CLAUSE_TEST(shared_array_robust_dead_holder, IsNotWaitedForForEver) {
  Ref array = main().make("Array", "i", List{1, 2});
  Actor& child = start_process({array});
  child.call(array, "acquire");
  kill_and_await(child);
  const Reply read = main().call(array, "__getitem__", kAll);
  ASSERT_CAME_BACK(read);
  if (read.error() != nullptr) {
    EXPECT_RAISES(read, "OwnerDied");
    EXPECT_EQ(main().call(array, "__getitem__", kAll), (List{1, 2}));
  }
}

}  // namespace mp::conformance

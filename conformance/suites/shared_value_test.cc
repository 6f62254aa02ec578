#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/suites/moments.h"
#include "spec/clauses/shared_value.h"

namespace mp::conformance {
namespace {

// A type, a content, and what is read of it.
struct Content {
  const char* type;
  Value written;
  Value read;
};

Content same(const char* type, const Value& value) { return {type, value, value}; }

// Each is written in one process and read in another.
void expect_kept(Actor& main, const std::function<Actor&(Values)>& start, const std::vector<Content>& contents) {
  std::vector<Ref> values;
  Values arguments;
  for (const Content& content : contents) {
    values.push_back(main.make("Value", content.type));
    arguments.push_back(values.back());
  }
  Actor& child = start(arguments);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    EXPECT_RETURNED(main.set(values[i], "value", contents[i].written));
    EXPECT_EQ(child.get(values[i], "value"), contents[i].read) << contents[i].type;
  }
}

}  // namespace

CLAUSE_TEST(shared_value_initial, IsTheFirstContent) {
  EXPECT_EQ(main().get(main().make("Value", "i", 7), "value"), 7);
  EXPECT_EQ(main().get(main().make("RawValue", "d", 0.25), "value"), 0.25);
}

CLAUSE_TEST(shared_value_default_zero, WithoutArguments) {
  EXPECT_EQ(main().get(main().make("Value", "i"), "value"), 0);
  EXPECT_EQ(main().get(main().make("RawValue", "d"), "value"), 0.0);
}

CLAUSE_TEST(shared_value_change_seen_by_parent, AfterTheChildWrote) {
  Ref number = main().make("Value", "d", 0.0);
  Actor& child = start_process({number});
  child.set(number, "value", 3.1415927);
  EXPECT_EQ(main().get(number, "value"), 3.1415927);
}

CLAUSE_TEST(shared_value_change_seen_by_child, AfterTheParentWrote) {
  Ref number = main().make("Value", "i", 1);
  Actor& child = start_process({number});
  main().set(number, "value", 2);
  EXPECT_EQ(child.get(number, "value"), 2);
}

CLAUSE_TEST(shared_value_siblings, OneReadsWhatTheOtherWrote) {
  Ref number = main().make("Value", "i", 1);
  Actor& one = start_process({number});
  Actor& other = start_process({number});
  one.set(number, "value", 5);
  EXPECT_EQ(other.get(number, "value"), 5);
}

CLAUSE_TEST(shared_value_global_variable, IsTheSameInTheChild) {
  Ref number = main().make("Value", "i", 1);
  main().call("remember", "number", number);
  Actor& child = start_process({});
  Ref recalled = child.call("recall", "number");
  EXPECT_RETURNED(child.set(recalled, "value", 6));
  EXPECT_EQ(main().get(number, "value"), 6);
}

CLAUSE_TEST(shared_value_typecode_char, IsOneByte) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("c", Bytes("x")), same("c", Bytes(1, '\xff'))});
}

CLAUSE_TEST(shared_value_typecode_wide_char, IsOneCharacter) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("u", "x"), same("u", "\u20ac")});
}

CLAUSE_TEST(shared_value_typecode_integers, KeepTheirLimits) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("b", -128), same("b", 127), same("B", 255), same("h", -32768), same("h", 32767), same("H", 65535),
               same("i", -2147483648LL), same("i", 2147483647), same("I", 4294967295LL)});
}

CLAUSE_TEST(shared_value_typecode_integers, KeepWhatEveryLongHolds) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("l", -2147483648LL), same("l", 2147483647), same("L", 4294967295LL), same("L", 0)});
}

CLAUSE_TEST(shared_value_typecode_long_long, KeepTheirLimits) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("q", big("-9223372036854775808")), same("q", big("9223372036854775807")),
               same("Q", big("18446744073709551615")), same("Q", 0)});
}

CLAUSE_TEST(shared_value_typecode_float, RoundsToSinglePrecision) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("f", 0.5), {"f", 0.1, 0.10000000149011612}});
}

CLAUSE_TEST(shared_value_typecode_double, KeepsAllDigits) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("d", 0.1), same("d", 3.1415927), same("d", -1e300)});
}

CLAUSE_TEST(shared_value_typecode_unknown, IsRefused) { EXPECT_RAISES(main().make("Value", "?"), "Exception"); }

CLAUSE_TEST(shared_value_ctype_integers, KeepTheirLimits) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("c_byte", -128), same("c_ubyte", 255), same("c_short", -32768), same("c_ushort", 65535),
               same("c_int", -2147483648LL), same("c_uint", 4294967295LL), same("c_long", 2147483647),
               same("c_ulong", 4294967295LL), same("c_longlong", big("-9223372036854775808")),
               same("c_ulonglong", big("18446744073709551615"))});
}

CLAUSE_TEST(shared_value_ctype_bool, IsTrueOrFalse) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("c_bool", true), same("c_bool", false), {"c_bool", 5, true}});
}

CLAUSE_TEST(shared_value_ctype_characters, KeepOneEach) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("c_char", Bytes("x")), same("c_wchar", "\u20ac")});
}

CLAUSE_TEST(shared_value_ctype_floats, KeepTheirNumbers) {
  expect_kept(main(), [&](Values all) -> Actor& { return start_process(std::move(all)); },
              {same("c_float", 0.5), same("c_double", 0.1), same("c_longdouble", 0.1)});
}

CLAUSE_TEST(shared_value_ctype_structure, HasItsFields) {
  Ref point = main().make("Value", "Point", 1.875, -6.25);
  EXPECT_EQ(main().get(point, "x"), 1.875);
  EXPECT_EQ(main().get(point, "y"), -6.25);
  EXPECT_RETURNED(main().set(point, "x", 2.5));
  EXPECT_EQ(main().get(point, "x"), 2.5);
  EXPECT_EQ(main().get(point, "y"), -6.25);
}

CLAUSE_TEST(shared_value_ctype_structure_shared, BothFields) {
  Ref point = main().make("Value", "Point", 1.0, 2.0);
  Actor& child = start_process({point});
  child.set(point, "x", 3.0);
  child.set(point, "y", 4.0);
  EXPECT_EQ(main().get(point, "x"), 3.0);
  EXPECT_EQ(main().get(point, "y"), 4.0);
}

CLAUSE_TEST(shared_value_overflow, IsCut) {
  Ref value = main().make("Value", "b", 0);
  EXPECT_RETURNED(main().set(value, "value", 300));
  EXPECT_EQ(main().get(value, "value"), 44);
  Ref other = main().make("Value", "B", 0);
  EXPECT_RETURNED(main().set(other, "value", -1));
  EXPECT_EQ(main().get(other, "value"), 255);
}

CLAUSE_TEST(shared_value_wrong_kind, IsRefusedAndTheOldStays) {
  Ref value = main().make("Value", "i", 7);
  EXPECT_RAISES(main().set(value, "value", "seven"), "Exception");
  EXPECT_EQ(main().get(value, "value"), 7);
}

CLAUSE_TEST(shared_value_lock_default_recursive, LetsTheHolderInAgain) {
  Ref value = main().make("Value", "i", 7);
  main().call(value, "acquire");
  EXPECT_RETURNED(main().call(value, "acquire", false), true);
  EXPECT_RETURNED(main().set(value, "value", 8));
  EXPECT_EQ(main().get(value, "value"), 8);
}

CLAUSE_TEST(shared_value_lock_own, OneIsFreeWhileTheOtherIsHeld) {
  Ref one = main().make("Value", "i", 7);
  Ref other = main().make("Value", "i", 8);
  Actor& child = start_process({one, other});
  child.call(one, "acquire");
  EXPECT_EQ(main().call(other, "acquire", false), true);
}

CLAUSE_TEST(shared_value_lock_given, GuardsTheValue) {
  Ref lock = main().make("Lock");
  Ref value = main().make("Value", "i", 7, Kwargs{{"lock", lock}});
  Actor& child = start_process({lock, value});
  child.call(lock, "acquire");
  EXPECT_BLOCKED(main().begin(Step::get(value, "value")));
}

CLAUSE_TEST(shared_value_lock_given, IsTheSameInTheChild) {
  Ref lock = main().make("Lock");
  Ref value = main().make("Value", "i", 7, Kwargs{{"lock", lock}});
  Actor& child = start_process({lock, value});
  main().call(lock, "acquire");
  EXPECT_BLOCKED(child.begin(Step::get(value, "value")));
}

CLAUSE_TEST(shared_value_lock_given_recursive, GuardsTheValue) {
  Ref lock = main().make("RLock");
  Ref value = main().make("Value", "i", 7, Kwargs{{"lock", lock}});
  Actor& child = start_process({lock, value});
  child.call(lock, "acquire");
  EXPECT_BLOCKED(main().begin(Step::get(value, "value")));
}

CLAUSE_TEST(shared_value_lock_false, IsSharedAsWell) {
  Ref value = main().make("Value", "i", 7, Kwargs{{"lock", false}});
  Actor& child = start_process({value});
  EXPECT_EQ(child.get(value, "value"), 7);
  EXPECT_RETURNED(child.set(value, "value", 8));
  EXPECT_EQ(main().get(value, "value"), 8);
}

CLAUSE_TEST(shared_value_lock_keyword_only, ByPlaceItIsAnArgumentOfTheType) {
  Ref lock = main().make("Lock");
  EXPECT_RAISES(main().make("Value", "i", 7, lock), "TypeError");
}

CLAUSE_TEST(shared_value_read_waits, ForTheHolder) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  child.call(value, "acquire");
  Pending read = main().begin(Step::get(value, "value"));
  EXPECT_BLOCKED(read);
  child.set(value, "value", 8);
  child.call(value, "release");
  EXPECT_RETURNED(read, 8);
}

CLAUSE_TEST(shared_value_write_waits, ForTheHolder) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  child.call(value, "acquire");
  Pending write = main().begin(Step::set(value, "value", 8));
  EXPECT_BLOCKED(write);
  EXPECT_EQ(child.get(value, "value"), 7);
  child.call(value, "release");
  EXPECT_RETURNED(write);
  EXPECT_EQ(child.get(value, "value"), 8);
}

CLAUSE_TEST(shared_value_get_lock, GivesTheLockThatGuards) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  Ref lock = child.call(value, "get_lock");
  EXPECT_RETURNED(child.call(lock, "acquire"));
  EXPECT_BLOCKED(main().begin(Step::get(value, "value")));
}

CLAUSE_TEST(shared_value_get_obj, IsNotGuarded) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  Ref obj = main().call(value, "get_obj");
  child.call(value, "acquire");
  child.set(value, "value", 8);
  EXPECT_EQ(main().get(obj, "value"), 8);
  EXPECT_RETURNED(main().set(obj, "value", 9));
  EXPECT_EQ(child.get(value, "value"), 9);
}

CLAUSE_TEST(shared_value_acquire_release, KeepOthersOut) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  EXPECT_EQ(main().call(value, "acquire"), true);
  EXPECT_EQ(child.call(value, "acquire", false), false);
  EXPECT_RETURNED(main().call(value, "release"));
  EXPECT_EQ(child.call(value, "acquire", false), true);
}

CLAUSE_TEST(shared_value_context_enter_takes, KeepsOthersOut) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  EXPECT_RETURNED(main().call(value, "__enter__"));
  EXPECT_EQ(child.call(value, "acquire", false), false);
}

CLAUSE_TEST(shared_value_context_exit_frees, LetsOthersIn) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  main().call(value, "__enter__");
  EXPECT_RETURNED(main().call(value, "__exit__"));
  EXPECT_EQ(child.call(value, "acquire", false), true);
}

// Two processes each read 1, add one, and write 2.
CLAUSE_TEST(shared_value_increment_not_atomic, AnotherWritesInBetween) {
  Ref value = main().make("Value", "i", 1);
  Actor& child = start_process({value});
  EXPECT_EQ(main().get(value, "value"), 1);
  EXPECT_EQ(child.get(value, "value"), 1);
  EXPECT_RETURNED(child.set(value, "value", 2));
  EXPECT_RETURNED(main().set(value, "value", 2));
  EXPECT_EQ(child.get(value, "value"), 2);
}

CLAUSE_TEST(shared_value_increment_under_lock, OfGetLock) {
  Ref value = main().make("Value", "i", 1);
  Actor& child = start_process({value});
  Ref lock = main().call(value, "get_lock");
  main().call(lock, "acquire");
  EXPECT_EQ(main().get(value, "value"), 1);
  Pending other = child.begin(Step::set(value, "value", 10));
  EXPECT_BLOCKED(other);
  EXPECT_RETURNED(main().set(value, "value", 2));
  EXPECT_EQ(main().get(value, "value"), 2);
  main().call(lock, "release");
  EXPECT_RETURNED(other);
}

CLAUSE_TEST(shared_value_increment_under_lock, OfAcquire) {
  Ref value = main().make("Value", "i", 1);
  Actor& child = start_process({value});
  main().call(value, "acquire");
  EXPECT_EQ(main().get(value, "value"), 1);
  Pending other = child.begin(Step::set(value, "value", 10));
  EXPECT_BLOCKED(other);
  EXPECT_RETURNED(main().set(value, "value", 2));
  main().call(value, "release");
  EXPECT_RETURNED(other);
}

CLAUSE_TEST(shared_value_share_as_argument_only, SendingIsRefused) {
  auto [receiver, sender] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(sender, "send", main().make("Value", "i", 7)), "Exception");
  EXPECT_RAISES(main().call(sender, "send", main().make("RawValue", "i", 7)), "Exception");
}

CLAUSE_TEST(shared_value_raw_shared, WithTheChild) {
  Ref value = main().make("RawValue", "i", 7);
  Actor& child = start_process({value});
  EXPECT_EQ(child.get(value, "value"), 7);
  child.set(value, "value", 8);
  EXPECT_EQ(main().get(value, "value"), 8);
}

CLAUSE_TEST(shared_value_copy_equal, HasTheSameContent) {
  EXPECT_EQ(main().get(main().call("copy", main().make("RawValue", "i", 7)), "value"), 7);
  Ref point = main().call("copy", main().make("RawValue", "Point", 1.5, 2.5));
  EXPECT_EQ(main().get(point, "y"), 2.5);
}

CLAUSE_TEST(shared_value_copy_independent, OfTheOriginal) {
  Ref original = main().make("RawValue", "i", 7);
  Ref copy = main().call("copy", original);
  main().set(original, "value", 8);
  EXPECT_EQ(main().get(copy, "value"), 7);
  main().set(copy, "value", 9);
  EXPECT_EQ(main().get(original, "value"), 8);
}

CLAUSE_TEST(shared_value_copy_shared, WithTheChild) {
  Ref copy = main().call("copy", main().make("RawValue", "i", 7));
  Actor& child = start_process({copy});
  child.set(copy, "value", 8);
  EXPECT_EQ(main().get(copy, "value"), 8);
}

CLAUSE_TEST(shared_value_synchronized_default_recursive, LetsTheHolderInAgain) {
  Ref value = main().call("synchronized", main().make("RawValue", "i", 7));
  Actor& child = start_process({value});
  EXPECT_EQ(main().call(value, "acquire"), true);
  EXPECT_EQ(main().call(value, "acquire", false), true);
  EXPECT_EQ(child.call(value, "acquire", false), false);
}

CLAUSE_TEST(shared_value_synchronized_given_lock, GuardsTheValue) {
  Ref lock = main().make("Lock");
  Ref value = main().call("synchronized", main().make("RawValue", "i", 7), lock);
  Actor& child = start_process({lock, value});
  child.call(lock, "acquire");
  EXPECT_BLOCKED(main().begin(Step::get(value, "value")));
}

CLAUSE_TEST(shared_value_synchronized_same_content, BothWays) {
  Ref raw = main().make("RawValue", "i", 7);
  Ref value = main().call("synchronized", raw);
  EXPECT_EQ(main().get(value, "value"), 7);
  main().set(value, "value", 8);
  EXPECT_EQ(main().get(raw, "value"), 8);
}

CLAUSE_TEST(shared_value_robust_dead_holder, IsNotWaitedForForEver) {
  Ref value = main().make("Value", "i", 7);
  Actor& child = start_process({value});
  child.call(value, "acquire");
  kill_and_await(child);
  const Reply read = main().get(value, "value");
  ASSERT_CAME_BACK(read);
  if (read.error() != nullptr) {
    EXPECT_RAISES(read, "OwnerDied");
    EXPECT_EQ(main().get(value, "value"), 7);
  }
}

}  // namespace mp::conformance

// Proxies of lists.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/proxy.h"

namespace mp::conformance {
namespace {

Ref make_list(Caller& caller, const List& items) {
  const Ref manager = caller.make("Manager");
  return caller.call(manager, "list", items);
}

}  // namespace

CLAUSE_TEST(proxy_list_index, FromBothEnds) {
  Ref list = make_list(main(), {0, 1, 4, 9, 16, 25});
  EXPECT_EQ(main().call(list, "__getitem__", 4), 16);
  EXPECT_EQ(main().call(list, "__getitem__", -1), 25);
}

CLAUSE_TEST(proxy_list_index_error, IsRaisedInTheCaller) {
  Ref list = make_list(main(), {0, 1});
  EXPECT_RAISES(main().call(list, "__getitem__", 2), "IndexError");
  EXPECT_RAISES(main().call(list, "__setitem__", -3, 1), "IndexError");
  EXPECT_RAISES(main().call(list, "pop", 5), "IndexError");
}

CLAUSE_TEST(proxy_list_slice, IsAnOrdinaryList) {
  Ref list = make_list(main(), {0, 1, 4, 9, 16, 25});
  EXPECT_EQ(main().call(list, "__getitem__", Slice{2, 5, None}), List({4, 9, 16}));
  EXPECT_EQ(main().call(list, "__getitem__", Slice{None, None, -2}), List({25, 9, 1}));
}

CLAUSE_TEST(proxy_list_assign, ItemsAndSlices) {
  Ref list = make_list(main(), {0, 1, 2, 3});
  EXPECT_RETURNED(main().call(list, "__setitem__", 0, "zero"));
  EXPECT_RETURNED(main().call(list, "__setitem__", Slice{1, 3, None}, List{"one", "two", "and a half"}));
  EXPECT_EQ(main().ask(items_of(list)), List({"zero", "one", "two", "and a half", 3}));
}

CLAUSE_TEST(proxy_list_delete, ItemsAndSlices) {
  Ref list = make_list(main(), {0, 1, 2, 3, 4, 5});
  EXPECT_RETURNED(main().call(list, "__delitem__", 0));
  EXPECT_RETURNED(main().call(list, "__delitem__", Slice{1, 3, None}));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 4, 5}));
}

CLAUSE_TEST(proxy_list_grow, AtTheRightPlace) {
  Ref list = make_list(main(), {1});
  EXPECT_RETURNED(main().call(list, "append", 2));
  EXPECT_RETURNED(main().call(list, "extend", List{3, 4}));
  EXPECT_RETURNED(main().call(list, "insert", 0, 0));
  EXPECT_EQ(main().ask(items_of(list)), List({0, 1, 2, 3, 4}));
}

CLAUSE_TEST(proxy_list_shrink, GivesAndRemoves) {
  Ref list = make_list(main(), {1, 2, 3, 2});
  EXPECT_EQ(main().call(list, "pop"), 2);
  EXPECT_EQ(main().call(list, "pop", 0), 1);
  EXPECT_RETURNED(main().call(list, "remove", 3));
  EXPECT_EQ(main().ask(items_of(list)), List{2});
  EXPECT_RAISES(main().call(list, "remove", 7), "ValueError");
}

CLAUSE_TEST(proxy_list_order, InPlace) {
  Ref list = make_list(main(), {3, 1, 2});
  EXPECT_RETURNED(main().call(list, "reverse"), None);
  EXPECT_EQ(main().ask(items_of(list)), List({2, 1, 3}));
  EXPECT_RETURNED(main().call(list, "sort"), None);
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2, 3}));
}

CLAUSE_TEST(proxy_list_look, AsTheList) {
  Ref list = make_list(main(), {"a", "b", "a"});
  EXPECT_EQ(main().call(list, "__len__"), 3);
  EXPECT_EQ(main().call(list, "__contains__", "b"), true);
  EXPECT_EQ(main().call(list, "__contains__", "c"), false);
  EXPECT_EQ(main().call(list, "index", "b"), 1);
  EXPECT_EQ(main().call(list, "count", "a"), 2);
}

CLAUSE_TEST(proxy_list_concatenate, IsAnOrdinaryList) {
  Ref list = make_list(main(), {1, 2});
  EXPECT_EQ(main().call(list, "__add__", List{3}), List({1, 2, 3}));
  EXPECT_EQ(main().call(list, "__mul__", 2), List({1, 2, 1, 2}));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_list_in_place, KeepsTheProxy) {
  Ref list = make_list(main(), {1});
  EXPECT_EQ(main().call(list, "__iadd__", List{2}), list);
  EXPECT_EQ(main().call(list, "__imul__", 2), list);
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2, 1, 2}));
}

// ---- Lists in lists

CLAUSE_TEST(proxy_nested_append, ALaterChangeIsSeen) {
  Ref manager = main().make("Manager");
  Ref outer = main().call(manager, "list");
  Ref inner = main().call(manager, "list", List{1});
  EXPECT_RETURNED(main().call(outer, "append", inner));
  EXPECT_RETURNED(main().call(inner, "append", "later"));
  Actor& child = start_process({outer});
  Ref seen = object_in(child.call(outer, "__getitem__", 0));
  EXPECT_EQ(child.ask(items_of(seen)), List({1, "later"}));
  EXPECT_RETURNED(child.call(seen, "append", "by the child"));
  EXPECT_EQ(main().ask(items_of(inner)), List({1, "later", "by the child"}));
}

CLAUSE_TEST(proxy_nested_mixed, DictionariesInAList) {
  Ref manager = main().make("Manager");
  Ref first = main().call(manager, "dict");
  Ref second = main().call(manager, "dict");
  Ref list = object_in(main().call(manager, "list", List{first, second}));
  Ref zero = object_in(main().call(list, "__getitem__", 0));
  EXPECT_RETURNED(main().call(zero, "__setitem__", "a", 1));
  EXPECT_EQ(main().call(first, "copy"), Dict({{"a", 1}}));
  EXPECT_EQ(main().call(second, "copy"), Dict{});
}

CLAUSE_TEST(proxy_nested_mixed, AListInADictionary) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  Ref dict = main().call(manager, "dict");
  EXPECT_RETURNED(main().call(dict, "__setitem__", "list", list));
  Ref seen = object_in(main().call(dict, "__getitem__", "list"));
  EXPECT_RETURNED(main().call(seen, "append", 1));
  EXPECT_EQ(main().ask(items_of(list)), List{1});
}

CLAUSE_TEST(proxy_nested_inner_kept, IsFetchedAgain) {
  Ref manager = main().make("Manager");
  Ref outer = main().call(manager, "list");
  Ref inner = main().call(manager, "list", List{1, 2});
  main().call(outer, "append", inner);
  main().drop(inner);
  Ref again = object_in(main().call(outer, "__getitem__", 0));
  EXPECT_EQ(main().ask(items_of(again)), List({1, 2}));
}

CLAUSE_TEST(proxy_nested_outer_gone, InnerLivesOn) {
  Ref manager = main().make("Manager");
  Ref outer = main().call(manager, "list");
  Ref inner = main().call(manager, "list", List{1, 2});
  main().call(outer, "append", inner);
  main().drop(inner);
  Ref fetched = main().call(outer, "__getitem__", 0);
  main().drop(outer);
  EXPECT_EQ(main().ask(items_of(fetched)), List({1, 2}));
  EXPECT_RETURNED(main().call(fetched, "append", 3));
}

CLAUSE_TEST(proxy_plain_nested, IsWrittenBackByAssignment) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{List{1}});
  Actor& child = start_process({list});
  EXPECT_EQ(child.call(list, "__getitem__", 0), List{1});
  EXPECT_RETURNED(child.call(list, "__setitem__", 0, List{1, 2}));
  EXPECT_EQ(main().call(list, "__getitem__", 0), List({1, 2}));
}

}  // namespace mp::conformance

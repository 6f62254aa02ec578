// Proxies of dictionaries.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/proxy.h"

namespace mp::conformance {
namespace {

Ref make_dict(Caller& caller, const Dict& entries) {
  const Ref manager = caller.make("Manager");
  return caller.call(manager, "dict", entries);
}

}  // namespace

CLAUSE_TEST(proxy_dict_items, SetReadDelete) {
  Ref dict = make_dict(main(), {});
  EXPECT_RETURNED(main().call(dict, "__setitem__", "a", 1));
  EXPECT_RETURNED(main().call(dict, "__setitem__", Tuple{1, "b"}, 2));
  EXPECT_EQ(main().call(dict, "__getitem__", Tuple{1, "b"}), 2);
  EXPECT_RETURNED(main().call(dict, "__setitem__", "a", 3));
  EXPECT_EQ(main().call(dict, "__getitem__", "a"), 3);
  EXPECT_RETURNED(main().call(dict, "__delitem__", "a"));
  EXPECT_EQ(main().call(dict, "copy"), Dict({{Tuple{1, "b"}, 2}}));
}

CLAUSE_TEST(proxy_dict_missing, RaisesKeyError) {
  Ref dict = make_dict(main(), {{"a", 1}});
  EXPECT_RAISES(main().call(dict, "__getitem__", "b"), "KeyError");
  EXPECT_RAISES(main().call(dict, "__delitem__", "b"), "KeyError");
  EXPECT_RAISES(main().call(dict, "pop", "b"), "KeyError");
}

CLAUSE_TEST(proxy_dict_get, ValueDefaultOrNone) {
  Ref dict = make_dict(main(), {{"a", 1}});
  EXPECT_EQ(main().call(dict, "get", "a"), 1);
  EXPECT_EQ(main().call(dict, "get", "b", 7), 7);
  EXPECT_EQ(main().call(dict, "get", "b"), None);
  EXPECT_EQ(main().call(dict, "__len__"), 1);
}

CLAUSE_TEST(proxy_dict_views, AreLists) {
  Ref dict = make_dict(main(), {{"a", 1}, {"b", 2}});
  EXPECT_EQ(main().call(dict, "keys"), List({"a", "b"}));
  EXPECT_EQ(main().call(dict, "values"), List({1, 2}));
  EXPECT_EQ(main().call(dict, "items"), List({Tuple{"a", 1}, Tuple{"b", 2}}));
}

CLAUSE_TEST(proxy_dict_pop, GivesAndRemoves) {
  Ref dict = make_dict(main(), {{"a", 1}, {"b", 2}});
  EXPECT_EQ(main().call(dict, "pop", "a"), 1);
  EXPECT_EQ(main().call(dict, "pop", "a", 7), 7);
  EXPECT_EQ(main().call(dict, "popitem"), Tuple({"b", 2}));
  EXPECT_EQ(main().call(dict, "__len__"), 0);
}

CLAUSE_TEST(proxy_dict_update, Adds) {
  Ref dict = make_dict(main(), {{"a", 1}});
  EXPECT_RETURNED(main().call(dict, "update", Dict{{"a", 2}, {"b", 3}}));
  EXPECT_EQ(main().call(dict, "setdefault", "a", 9), 2);
  EXPECT_EQ(main().call(dict, "setdefault", "c", 4), 4);
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"a", 2}, {"b", 3}, {"c", 4}}));
}

CLAUSE_TEST(proxy_dict_clear, ForAll) {
  Ref dict = make_dict(main(), {{"a", 1}});
  Actor& child = start_process({dict});
  EXPECT_RETURNED(child.call(dict, "clear"));
  EXPECT_EQ(main().call(dict, "copy"), Dict{});
}

CLAUSE_TEST(proxy_dict_look, AsTheDictionary) {
  Ref dict = make_dict(main(), {{"a", 1}, {2, None}});
  EXPECT_EQ(main().call(dict, "__len__"), 2);
  EXPECT_EQ(main().call(dict, "__contains__", 2), true);
  EXPECT_EQ(main().call(dict, "__contains__", "b"), false);
}

CLAUSE_TEST(proxy_dict_copy, IsAnOrdinaryDictionary) {
  Ref dict = make_dict(main(), {{"a", List{1}}});
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"a", List{1}}}));
  main().call(dict, "__setitem__", "b", 2);
  EXPECT_EQ(main().call(dict, "copy"), Dict({{"a", List{1}}, {"b", 2}}));
}

}  // namespace mp::conformance

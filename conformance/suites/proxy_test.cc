// What a proxy is, wherever it goes. Lists and dictionaries are in proxy_list_test.cc and proxy_dict_test.cc.
#include "conformance/suites/manager_moments.h"
#include "conformance/suites/pool_moments.h"
#include "spec/clauses/proxy.h"

namespace mp::conformance {

CLAUSE_TEST(proxy_refers, AnotherProcessSeesTheChange) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Actor& child = start_process({list});
  EXPECT_RETURNED(main().call(list, "append", 2));
  EXPECT_EQ(child.ask(items_of(list)), List({1, 2}));
  EXPECT_RETURNED(child.call(list, "append", 3));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2, 3}));
}

CLAUSE_TEST(proxy_several, TwoInOneProcess) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Ref outer = main().call(manager, "list", List{list});
  Ref other = object_in(main().call(outer, "__getitem__", 0));
  EXPECT_RETURNED(main().call(other, "append", 2));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_argument, IsTheSameObject) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Actor& child = start_process({list});
  EXPECT_EQ(child.ask(items_of(list)), List{1});
  EXPECT_RETURNED(child.call(list, "append", 2));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_sent_connection, IsTheSameObject) {
  Ref manager = main().make("Manager");
  auto [receiver, sender] = Reply(main().make("Pipe", false)).pair();
  Actor& child = start_process({receiver});
  Ref list = main().call(manager, "list", List{1});
  EXPECT_RETURNED(main().call(sender, "send", list));
  Ref received = object_in(child.call(receiver, "recv"));
  EXPECT_RETURNED(child.call(received, "append", 2));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_sent_queue, IsTheSameObject) {
  Ref manager = main().make("Manager");
  Ref queue = main().make("Queue");
  Actor& child = start_process({queue});
  Ref list = main().call(manager, "list", List{1});
  EXPECT_RETURNED(main().call(queue, "put", list));
  Ref received = object_in(child.call(queue, "get"));
  EXPECT_RETURNED(child.call(received, "append", 2));
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_sent_pool, IsTheSameObject) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Ref pool = main().make("Pool", 1);
  EXPECT_RETURNED(main().call(pool, "apply", Function{"call"}, Tuple{list, "append", 2}));
  put_away(main(), pool);
  EXPECT_EQ(main().ask(items_of(list)), List({1, 2}));
}

CLAUSE_TEST(proxy_arguments_serialisable, IsAnErrorInTheCaller) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  Ref recorder = main().make("recorder");
  EXPECT_RAISES(main().call(list, "append", recorder), "PickleError");
  EXPECT_RETURNED(main().call(list, "append", 1));
  EXPECT_EQ(main().ask(items_of(list)), List{1});
}

// ---- Who uses it at the same time

CLAUSE_TEST(proxy_processes, EachCallIsDoneOnce) {
  constexpr int kCalls = 50;
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list");
  std::vector<Pending> batches;
  for (int i = 0; i < 3; ++i)
    batches.push_back(start_process({list}).begin_batch({Step::call(list, "append", i)}, kCalls));
  for (const Pending& batch : batches) {
    for (const Reply& reply : replies_of(batch)) EXPECT_RETURNED(reply);
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(main().call(list, "count", i), kCalls);
}

CLAUSE_TEST(proxy_waiting_call, OtherProcessesGoOn) {
  Ref manager = main().make("Manager");
  Ref queue = main().call(manager, "Queue");
  Ref list = main().call(manager, "list");
  Actor& child = start_process({queue, list});
  Pending getting = child.begin(queue, "get");
  EXPECT_BLOCKED(getting);
  EXPECT_RETURNED(main().call(list, "append", 1));
  EXPECT_EQ(main().call(queue, "qsize"), 0);
  EXPECT_RETURNED(main().call(queue, "put", 2));
  EXPECT_RETURNED(getting, 2);
}

CLAUSE_TEST(proxy_waiting_call_thread, OtherThreadsGoOn) {
  Ref manager = main().make("Manager");
  Ref queue = main().call(manager, "Queue");
  Pending getting = main().thread("getter").begin(queue, "get");
  EXPECT_BLOCKED(getting);
  EXPECT_EQ(main().call(queue, "qsize"), 0);
  EXPECT_RETURNED(main().call(queue, "put", 2));
  EXPECT_RETURNED(getting, 2);
}

// ---- Its text, and comparing

CLAUSE_TEST(proxy_text, IsThatOfTheObject) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{0, 1, 4, "nine", 2.5, None, true});
  EXPECT_EQ(main().call(list, "__str__"), "[0, 1, 4, 'nine', 2.5, None, True]");
  Ref dict = main().call(manager, "dict", Dict{{"a", 1}});
  EXPECT_EQ(main().call(dict, "__str__"), "{'a': 1}");
}

CLAUSE_TEST(proxy_debug_text, TellsTheType) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{"the content"});
  const std::string text = see(main().call(list, "__repr__")).text();
  EXPECT_NE(text.find("Proxy"), std::string::npos) << text;
  EXPECT_NE(text.find("list"), std::string::npos) << text;
  EXPECT_EQ(text.find("the content"), std::string::npos) << text;
}

CLAUSE_TEST(proxy_equality, IsNotThatOfTheContent) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1, 2});
  EXPECT_NE(main().call(list, "__eq__", List{1, 2}), true);
}

CLAUSE_TEST(proxy_copy_compares, IsEqualToItsContent) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1, Tuple{2, "b"}});
  EXPECT_EQ(main().call(list, "_getvalue"), List({1, Tuple{2, "b"}}));
  EXPECT_EQ(main().ask(items_of(list)), List({1, Tuple{2, "b"}}));
}

// ---- _callmethod and _getvalue

CLAUSE_TEST(proxy_callmethod, GivesTheResult) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(main().call(list, "_callmethod", "__len__"), 10);
  EXPECT_EQ(main().call(list, "_callmethod", "__getitem__", Tuple{Slice{2, 7, None}}), List({2, 3, 4, 5, 6}));
}

CLAUSE_TEST(proxy_callmethod, TakesNamedArguments) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  EXPECT_EQ(main().call(counter, "_callmethod", "add", Tuple{}, Dict{{"n", 3}}), 3);
}

CLAUSE_TEST(proxy_callmethod_proxy, GivesAProxy) {
  Ref manager = start_manager(main());
  Ref maths = main().call(manager, "Maths");
  Ref counter = object_in(main().call(maths, "_callmethod", "counter"));
  EXPECT_EQ(main().call(counter, "add", 2), 2);
  EXPECT_EQ(main().call(counter, "value"), 2);
}

CLAUSE_TEST(proxy_callmethod_error, IsOfItsClass) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  EXPECT_RAISES(main().call(list, "_callmethod", "__getitem__", Tuple{20}), "IndexError");
  EXPECT_RAISES(main().call(list, "_callmethod", "remove", Tuple{20}), "ValueError");
  Ref own = start_manager(main());
  Ref counter = main().call(own, "Counter");
  EXPECT_RAISES(main().call(counter, "fail", "KeyError", "told so"), "KeyError");
  EXPECT_RAISES(main().call(counter, "fail", "Full", "told so"), "Full");
}

CLAUSE_TEST(proxy_callmethod_error_goes_on, NextCallReturns) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  main().call(counter, "add", 1);
  expect_refused(main().call(counter, "fail", "ValueError", "told so"));
  EXPECT_EQ(main().call(counter, "add", 1), 2);
}

CLAUSE_TEST(proxy_callmethod_remote_error, OfAResultThatCannotBeSerialised) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  EXPECT_RAISES(main().call(counter, "_callmethod", "unserialisable"), "RemoteError");
  EXPECT_EQ(main().call(counter, "add", 1), 1);
}

CLAUSE_TEST(proxy_callmethod_remote_error, OfAMethodThatIsNotThere) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  EXPECT_RAISES(main().call(counter, "_callmethod", "fly"), "RemoteError");
}

CLAUSE_TEST(proxy_callmethod_not_exposed, IsAnError) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  EXPECT_RAISES(main().call(list, "_callmethod", "__class__"), "Exception");
  EXPECT_RAISES(main().call(list, "_callmethod", "fly", Tuple{1}), "Exception");
  EXPECT_EQ(main().call(list, "__len__"), 1);
}

CLAUSE_TEST(proxy_getvalue, IsACopy) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1, List{2}});
  EXPECT_EQ(main().call(list, "_getvalue"), List({1, List{2}}));
  Ref dict = main().call(manager, "dict", Dict{{"a", 1}});
  EXPECT_EQ(main().call(dict, "_getvalue"), Dict({{"a", 1}}));
}

CLAUSE_TEST(proxy_getvalue_not_serialisable, IsAnError) {
  Ref manager = main().make("Manager");
  Ref lock = main().call(manager, "Lock");
  EXPECT_RAISES(main().call(lock, "_getvalue"), "Exception");
  EXPECT_EQ(main().call(lock, "acquire", false), true);
}

// ---- Iterators, arrays, values

CLAUSE_TEST(proxy_iterator, GivesItsItemsAndEnds) {
  Ref manager = start_manager(main());
  Ref squares = object_in(main().call(manager, "Squares", 4));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(main().call(squares, "next"), i * i);
  EXPECT_RAISES(main().call(squares, "next"), "StopIteration");
}

CLAUSE_TEST(proxy_iterator_shared_position, EachItemComesOnce) {
  Ref manager = start_manager(main());
  Ref squares = main().call(manager, "Squares", 3);
  Actor& child = start_process({squares});
  EXPECT_EQ(main().call(squares, "next"), 0);
  EXPECT_EQ(child.call(squares, "next"), 1);
  EXPECT_EQ(main().call(squares, "next"), 4);
}

CLAUSE_TEST(proxy_array, ItemsByIndex) {
  Ref manager = main().make("Manager");
  Ref array = main().call(manager, "Array", "d", List{1.5, 2.5});
  EXPECT_EQ(main().call(array, "__getitem__", 1), 2.5);
  EXPECT_RETURNED(main().call(array, "__setitem__", 1, 7.25));
  EXPECT_EQ(main().call(array, "__getitem__", -1), 7.25);
  EXPECT_EQ(main().call(array, "__len__"), 2);
  EXPECT_RAISES(main().call(array, "__getitem__", 2), "IndexError");
}

CLAUSE_TEST(proxy_value, AttributeAndMethods) {
  Ref manager = main().make("Manager");
  Ref value = main().call(manager, "Value", "i", 1);
  EXPECT_RETURNED(main().set(value, "value", 2));
  EXPECT_EQ(main().call(value, "get"), 2);
  EXPECT_RETURNED(main().call(value, "set", 3));
  EXPECT_EQ(main().get(value, "value"), 3);
}

}  // namespace mp::conformance

// What can be registered on a manager, by the adapter's own classes, and what is made of it.
#include "conformance/suites/manager_moments.h"
#include "spec/clauses/manager.h"

namespace mp::conformance {

CLAUSE_TEST(manager_register_method, MakesAnObjectEachTime) {
  Ref manager = start_manager(main());
  Ref first = object_in(main().call(manager, "Counter"));
  Ref second = object_in(main().call(manager, "Counter"));
  EXPECT_EQ(main().call(first, "add", 2), 2);
  EXPECT_EQ(main().call(second, "add", 3), 3);
  EXPECT_EQ(main().call(first, "value"), 2);
}

CLAUSE_TEST(manager_register_callable, MayGiveTheSameObjectEachTime) {
  Ref manager = start_manager(main());
  Ref first = object_in(main().call(manager, "shared_list"));
  Ref second = object_in(main().call(manager, "shared_list"));
  EXPECT_RETURNED(main().call(first, "append", 1));
  EXPECT_EQ(main().ask(items_of(second)), List{1});
}

CLAUSE_TEST(manager_register_arguments, GoToTheClass) {
  Ref manager = main().make("Manager");
  Ref given = object_in(main().call(manager, "Value", "i", 7));
  EXPECT_EQ(main().get(given, "value"), 7);
  Ref named = object_in(main().call(manager, "Namespace", Kwargs{{"x", 1}, {"y", "two"}}));
  EXPECT_EQ(main().get(named, "y"), "two");
}

CLAUSE_TEST(manager_register_method_to_typeid, GivesAProxy) {
  Ref manager = start_manager(main());
  Ref maths = main().call(manager, "Maths");
  Ref counter = object_in(main().call(maths, "counter"));
  Actor& child = start_process({counter});
  EXPECT_EQ(child.call(counter, "add", 4), 4);
  EXPECT_EQ(main().call(counter, "value"), 4);
}

CLAUSE_TEST(manager_register_result_by_value, IsACopy) {
  Ref manager = start_manager(main());
  Ref list = main().call(manager, "shared_list");
  main().call(list, "append", List{1, 2});
  EXPECT_EQ(main().call(list, "__getitem__", 0), List({1, 2}));
}

CLAUSE_TEST(manager_register_proxytype, HasItsOwnMethods) {
  Ref manager = start_manager(main());
  Ref sums = main().call(manager, "Sums");
  EXPECT_EQ(main().call(sums, "twice", 21), 42);
  Actor& child = start_process({sums});
  EXPECT_EQ(child.call(sums, "twice", 4), 8);
}

CLAUSE_TEST(manager_register_exposed_from_proxytype, OthersCannotBeCalled) {
  Ref manager = start_manager(main());
  Ref sums = main().call(manager, "Sums");
  EXPECT_EQ(main().call(sums, "_callmethod", "add", Tuple{4, 3}), 7);
  EXPECT_RAISES(main().call(sums, "_callmethod", "mul", Tuple{4, 3}), "Exception");
}

CLAUSE_TEST(manager_register_method_to_typeid_from_proxytype, GivesAProxy) {
  Ref manager = start_manager(main());
  Ref sums = main().call(manager, "Sums");
  Ref counter = object_in(main().call(sums, "counter"));
  Actor& child = start_process({counter});
  EXPECT_EQ(child.call(counter, "add", 4), 4);
  EXPECT_EQ(main().call(counter, "value"), 4);
}

CLAUSE_TEST(manager_register_no_create_method, IsNotThere) {
  Ref manager = start_manager(main());
  EXPECT_NOT_THERE(main().begin(manager, "counter_result"));
}

CLAUSE_TEST(manager_register_no_create_method_result, IsOfThatType) {
  Ref manager = start_manager(main());
  Ref maths = main().call(manager, "Maths");
  Ref counter = object_in(main().call(maths, "counter"));
  EXPECT_EQ(main().call(counter, "add", 2), 2);
  EXPECT_EQ(main().call(counter, "value"), 2);
}

CLAUSE_TEST(manager_register_exposed, OthersCannotBeCalled) {
  Ref manager = start_manager(main());
  Ref open = main().call(manager, "OpenCounter");
  EXPECT_EQ(main().call(open, "value"), 0);
  EXPECT_NOT_THERE(main().begin(open, "add", 1));
  EXPECT_RAISES(main().call(open, "_callmethod", "add", Tuple{1}), "Exception");
  EXPECT_EQ(main().call(open, "value"), 0);
}

CLAUSE_TEST(manager_register_exposed_private, CanBeCalled) {
  Ref manager = start_manager(main());
  Ref open = main().call(manager, "OpenCounter");
  EXPECT_EQ(main().call(open, "_secret"), "hidden");
}

CLAUSE_TEST(manager_register_public_methods, AreThereAndNoPrivateOne) {
  Ref manager = start_manager(main());
  Ref counter = main().call(manager, "Counter");
  EXPECT_EQ(main().call(counter, "add", 2), 2);
  EXPECT_EQ(main().call(counter, "value"), 2);
  EXPECT_NOT_THERE(main().begin(counter, "_secret"));
  EXPECT_RAISES(main().call(counter, "_callmethod", "_secret"), "Exception");
}

CLAUSE_TEST(manager_register_name_only, IsEnoughForAClient) {
  Ref manager = start_manager(main(), {{"authkey", Bytes(kManagerKey)}});
  Ref client = connect_client(main(), address_of_manager(main(), manager));
  Ref maths = object_in(main().call(client, "Maths"));
  EXPECT_EQ(main().call(maths, "mul", 7, 8), 56);
  Ref counter = object_in(main().call(client, "Counter"));
  EXPECT_EQ(main().call(counter, "add", 2), 2);
}

CLAUSE_TEST(manager_register_own_class, OthersDoNotHaveIt) {
  Ref manager = main().make("Manager");
  EXPECT_NOT_THERE(main().begin(manager, "Counter"));
  Ref base = start_manager(main());
  EXPECT_NOT_THERE(main().begin(base, "dict"));
}

// The server knows the types of Manager(); the client asks for one of its own.
CLAUSE_TEST(manager_register_unknown_to_server, IsAnErrorForTheClient) {
  Ref manager = main().make("Manager");
  Ref list = main().call(manager, "list", List{1});
  Ref client = main().make("ClientManager", Kwargs{{"address", address_of_manager(main(), manager)}});
  main().call(client, "connect");
  EXPECT_RAISES(main().call(client, "Counter"), "Exception");
  EXPECT_EQ(main().call(list, "__len__"), 1);
}

CLAUSE_TEST(manager_create_error, IsRaisedForTheCaller) {
  Ref manager = main().make("Manager");
  EXPECT_RAISES(main().call(manager, "list", 5), "Exception");
  Ref list = object_in(main().call(manager, "list", List{5}));
  EXPECT_EQ(main().call(list, "__len__"), 1);
}

}  // namespace mp::conformance

// Who is told of a result without asking for it.
#include <string>

#include "conformance/suites/pool_moments.h"
#include "spec/clauses/pool.h"

namespace mp::conformance {
namespace {

Kwargs callbacks(Ref on_success, Ref on_failure) {
  return {{"callback", on_success}, {"error_callback", on_failure}};
}

const Tuple kWrong{"ValueError", "wrong"};

}  // namespace

CLAUSE_TEST(pool_callback_result, IsHandedOver) {
  Ref pool = main().make("Pool", 1), recorder = main().make("recorder");
  main().call(pool, "apply_async", kSquare, Tuple{3}, Kwargs{{"callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  EXPECT_EQ(main().call(recorder, "calls"), List{Tuple{9}});
  put_away(main(), pool);
}

CLAUSE_TEST(pool_callback_single_argument, ATupleIsOne) {
  Ref pool = main().make("Pool", 1), recorder = main().make("recorder");
  main().call(pool, "apply_async", kEcho, Tuple{1, 2}, Kwargs{{"callback", recorder}});
  EXPECT_RETURNED(main().call(recorder, "wait", 1));
  EXPECT_EQ(main().call(recorder, "calls"), (List{Tuple{Tuple{1, 2}}}));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_callback_once, ForEachCall) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  for (int i = 0; i < 5; ++i) {
    main().call(pool, "apply_async", kNothing, Kwargs{{"callback", recorder}});
  }
  EXPECT_RETURNED(main().call(recorder, "wait", 5));
  put_away(main(), pool);
  EXPECT_EQ(see(main().call(recorder, "calls")).items().size(), 5U);
}

// With one worker and one after the other: when the second has told its result the first has, too.
CLAUSE_TEST(pool_callback_not_on_failure, IsNotCalled) {
  Ref pool = main().make("Pool", 1), good = main().make("recorder"), bad = main().make("recorder");
  main().call(pool, "apply_async", kFail, kWrong, callbacks(good, bad));
  main().call(pool, "apply_async", kSquare, Tuple{3}, callbacks(good, bad));
  main().call(good, "wait", 1);
  put_away(main(), pool);
  EXPECT_EQ(main().call(good, "calls"), List{Tuple{9}});
}

CLAUSE_TEST(pool_callback_in_creator, ItsProcessIsThatOfTheCaller) {
  Ref pool = main().make("Pool", 1);
  Actor& callback = expect_actor();
  main().call(pool, "apply_async", kEcho, Tuple{callback.name()}, Kwargs{{"callback", kServe}});
  ASSERT_STARTED(callback);
  EXPECT_EQ(callback.pid(), main().pid());
  callback.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_callback_unasked, WhileNobodyWaitsForTheResult) {
  Ref pool = main().make("Pool", 1);
  Actor& callback = expect_actor();
  main().call(pool, "apply_async", kEcho, Tuple{callback.name()}, Kwargs{{"callback", kServe}});
  EXPECT_STARTED(callback);
  callback.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_callback_and_get, BothHaveIt) {
  Ref pool = main().make("Pool", 1), recorder = main().make("recorder");
  const Ref result = main().call(pool, "apply_async", kSquare, Tuple{3}, Kwargs{{"callback", recorder}});
  main().call(recorder, "wait", 1);
  EXPECT_EQ(main().call(result, "get"), 9);
  put_away(main(), pool);
}

CLAUSE_TEST(pool_callback_before_join, AllWereCalled) {
  Ref pool = main().make("Pool", 2), recorder = main().make("recorder");
  for (int i = 0; i < 20; ++i) {
    main().call(pool, "apply_async", kNothing, Kwargs{{"callback", recorder}});
  }
  put_away(main(), pool);
  EXPECT_EQ(see(main().call(recorder, "calls")).items().size(), 20U);
}

CLAUSE_TEST(pool_callback_does_not_wait, AnotherTaskIsPerformed) {
  Ref pool = main().make("Pool", 1);
  Actor& callback = expect_actor();
  main().call(pool, "apply_async", kEcho, Tuple{callback.name()}, Kwargs{{"callback", kServe}});
  await_started(callback);
  const Work work = submit_work(main(), pool);
  EXPECT_STARTED(work.actor);
  work.actor.bye();
  callback.bye();
  put_away(main(), pool);
}

CLAUSE_TEST(pool_error_callback_exception, IsHandedOver) {
  Ref pool = main().make("Pool", 1), good = main().make("recorder"), bad = main().make("recorder");
  main().call(pool, "apply_async", kFail, kWrong, callbacks(good, bad));
  EXPECT_RETURNED(main().call(bad, "wait", 1));
  const Values calls = see(main().call(bad, "calls")).items();
  ASSERT_EQ(calls.size(), 1U);
  ASSERT_EQ(calls[0].items().size(), 1U);
  const Error* error = calls[0].items()[0].as<Error>();
  ASSERT_NE(error, nullptr) << printed(calls[0]);
  EXPECT_TRUE(error->is("ValueError")) << printed(calls[0]);
  EXPECT_EQ(error->text, "wrong");
  put_away(main(), pool);
}

CLAUSE_TEST(pool_error_callback_alone, WithoutACallback) {
  Ref pool = main().make("Pool", 1), bad = main().make("recorder");
  main().call(pool, "apply_async", kFail, kWrong, Kwargs{{"error_callback", bad}});
  EXPECT_RETURNED(main().call(bad, "wait", 1));
  put_away(main(), pool);
}

CLAUSE_TEST(pool_error_callback_not_on_success, IsNotCalled) {
  Ref pool = main().make("Pool", 1), good = main().make("recorder"), bad = main().make("recorder");
  main().call(pool, "apply_async", kSquare, Tuple{3}, callbacks(good, bad));
  main().call(good, "wait", 1);
  put_away(main(), pool);
  EXPECT_EQ(main().call(bad, "calls"), List{});
}

CLAUSE_TEST(pool_error_callback_and_get, BothHaveIt) {
  Ref pool = main().make("Pool", 1), bad = main().make("recorder");
  const Ref result = main().call(pool, "apply_async", kFail, kWrong, Kwargs{{"error_callback", bad}});
  main().call(bad, "wait", 1);
  EXPECT_RAISES(main().call(result, "get"), "ValueError");
  put_away(main(), pool);
}

}  // namespace mp::conformance

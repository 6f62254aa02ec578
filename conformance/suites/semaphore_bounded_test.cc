#include "conformance/suites/moments.h"
#include "spec/clauses/semaphore.h"

namespace mp::conformance {

CLAUSE_TEST(semaphore_bounded_value_default, IsOne) {
  Ref semaphore = main().make("BoundedSemaphore");
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_bounded_value_given, IsTheCounter) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_bounded_value_negative, IsRefused) {
  EXPECT_RAISES(main().make("BoundedSemaphore", -1), "ValueError");
}

CLAUSE_TEST(semaphore_bounded_acquire_blocks, UntilAnotherProcessReleases) {
  Ref semaphore = main().make("BoundedSemaphore");
  Actor& child = start_process({semaphore});
  child.call(semaphore, "acquire");
  Pending waiter = main().begin(semaphore, "acquire");
  EXPECT_BLOCKED(waiter);
  child.call(semaphore, "release");
  EXPECT_RETURNED(waiter, true);
}

CLAUSE_TEST(semaphore_bounded_acquire_timeout, GivesFalse) {
  Ref semaphore = main().make("BoundedSemaphore");
  main().call(semaphore, "acquire");
  EXPECT_EQ(main().call(semaphore, "acquire", true, 0.05), false);
}

CLAUSE_TEST(semaphore_bounded_acquire_block_by_name, IsAccepted) {
  Ref semaphore = main().make("BoundedSemaphore");
  EXPECT_EQ(main().call(semaphore, "acquire", Kwargs{{"block", false}}), true);
}

CLAUSE_TEST(semaphore_bounded_release_up_to_value, AgainAndAgain) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  Actor& child = start_process({semaphore});
  for (int i = 0; i < 3; ++i) {
    main().call(semaphore, "acquire");
    child.call(semaphore, "acquire");
    EXPECT_RETURNED(main().call(semaphore, "release"));
    EXPECT_RETURNED(child.call(semaphore, "release"));
  }
}

CLAUSE_TEST(semaphore_bounded_release_beyond_value, OfANewOneRaises) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  EXPECT_RAISES(main().call(semaphore, "release"), "ValueError");
}

CLAUSE_TEST(semaphore_bounded_release_beyond_value, OneTooManyRaises) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  main().call(semaphore, "acquire");
  main().call(semaphore, "release");
  EXPECT_RAISES(main().call(semaphore, "release"), "ValueError");
}

// It may count on; this tells whether it does.
CLAUSE_TEST(semaphore_bounded_release_beyond_value_macos, OneTooManyRaises) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  EXPECT_RAISES(main().call(semaphore, "release"), "ValueError");
}

CLAUSE_TEST(semaphore_bounded_acquire_interrupted, EndsTheWait) {
  Ref semaphore = main().make("BoundedSemaphore", 0);
  const Pending waiter = main().begin(semaphore, "acquire");
  await_blocked(waiter);
  main().kill(2);
  EXPECT_RAISES(waiter, "KeyboardInterrupt");
}

CLAUSE_TEST(semaphore_bounded_release_beyond_value_any_process, OneTooManyRaises) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  Actor& child = start_process({semaphore});
  main().call(semaphore, "acquire");
  EXPECT_RETURNED(child.call(semaphore, "release"));
  EXPECT_RAISES(main().call(semaphore, "release"), "ValueError");
}

CLAUSE_TEST(semaphore_bounded_release_refused_changes_nothing, CanBeTakenOnce) {
  Ref semaphore = main().make("BoundedSemaphore");
  expect_refused(main().call(semaphore, "release"));
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_bounded_release_several_beyond_value, RaisesAndAddsNone) {
  Ref semaphore = main().make("BoundedSemaphore", 2);
  main().call(semaphore, "acquire");
  EXPECT_RAISES(main().call(semaphore, "release", 2), "ValueError");
  EXPECT_EQ(main().call(semaphore, "acquire", false), true);
  EXPECT_EQ(main().call(semaphore, "acquire", false), false);
}

CLAUSE_TEST(semaphore_bounded_context, TakesAUnitAndGivesItBack) {
  Ref semaphore = main().make("BoundedSemaphore");
  Actor& child = start_process({semaphore});
  EXPECT_RETURNED(main().call(semaphore, "__enter__"));
  EXPECT_EQ(child.call(semaphore, "acquire", false), false);
  EXPECT_RETURNED(main().call(semaphore, "__exit__"));
  EXPECT_EQ(child.call(semaphore, "acquire", false), true);
}

}  // namespace mp::conformance

#include <string>
#include <vector>

#include "conformance/suites/condition_moments.h"
#include "spec/clauses/condition.h"

namespace mp::conformance {
namespace {

// In turn the first that comes back is taken out of the list, so many times; the others are left in it.
void take_woken(std::vector<Pending>& waiters, int count) {
  for (int i = 0; i < count; ++i) {
    waiters.erase(waiters.begin() + static_cast<std::ptrdiff_t>(await_any(waiters)));
  }
}

}  // namespace

CLAUSE_TEST(condition_notify_wakes, AWaiterInAnotherProcess) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(start_process({condition}), condition);
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify"));
  main().call(condition, "release");
  EXPECT_RETURNED(waited(waiter));
}

CLAUSE_TEST(condition_notify_wakes, AWaiterInAnotherThread) {
  Ref condition = main().make("Condition");
  Pending waiter = begin_wait(main().thread("waiter"), condition);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter));
}

CLAUSE_TEST(condition_notify_only_one, TheOtherKeepsWaiting) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  std::vector<Pending> waiters = {begin_wait(child, condition), begin_wait(start_process({condition}), condition)};
  main().call(condition, "acquire");
  main().call(condition, "notify");
  main().call(condition, "release");
  take_woken(waiters, 1);
  EXPECT_BLOCKED(waiters.front());
}

CLAUSE_TEST(condition_notify_n, WakesSoMany) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  const std::vector<Pending> waiters = {begin_wait(child, condition),
                                        begin_wait(start_process({condition}), condition)};
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify", 2));
  main().call(condition, "release");
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waited(waiter));
}

CLAUSE_TEST(condition_notify_n_no_more, TheThirdKeepsWaiting) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  std::vector<Pending> waiters = {begin_wait(child.thread("one"), condition),
                                  begin_wait(child.thread("two"), condition),
                                  begin_wait(start_process({condition}), condition)};
  notify(main(), condition, 2);
  take_woken(waiters, 2);
  EXPECT_BLOCKED(waiters.front());
}

CLAUSE_TEST(condition_notify_n_fewer_waiters, WakesThemAll) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  const std::vector<Pending> waiters = {begin_wait(child, condition),
                                        begin_wait(start_process({condition}), condition)};
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify", 7));
  main().call(condition, "release");
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waited(waiter));
}

CLAUSE_TEST(condition_notify_n_fewer_waiters, TheRestIsNotRemembered) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  Pending waiter = begin_wait(child, condition);
  notify(main(), condition, 7);
  EXPECT_RETURNED(waited(waiter));
  EXPECT_BLOCKED(begin_wait(child, condition));
}

CLAUSE_TEST(condition_notify_nobody, IsNotRemembered) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify"));
  main().call(condition, "release");
  EXPECT_BLOCKED(begin_wait(child, condition));
}

CLAUSE_TEST(condition_notify_not_the_late, DoNotTakeItFromTheEarly) {
  Ref condition = main().make("Condition");
  Pending early = begin_wait(start_process({condition}), condition);
  main().call(condition, "acquire");
  main().call(condition, "notify");
  EXPECT_EQ(main().call(condition, "wait", 0.05), false);  // the late one
  EXPECT_RETURNED(main().call(condition, "release"));
  EXPECT_RETURNED(waited(early), true);
}

CLAUSE_TEST(condition_notify_not_the_timed_out, TheNextOneWakesWhoWaitsThen) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  for (int i = 0; i < 2; ++i) main().call(condition, "wait", 0.01);
  main().call(condition, "release");
  Pending waiter = begin_wait(child, condition);
  notify(main(), condition);
  EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_notify_keeps_lock, TheWaiterReturnsAfterTheRelease) {
  for (const char* method : {"notify", "notify_all"}) {
    Ref condition = main().make("Condition");
    Pending waiter = begin_wait(start_process({condition}), condition);
    main().call(condition, "acquire");
    main().call(condition, method);
    EXPECT_BLOCKED(waiter) << "after " << method;
    EXPECT_RETURNED(main().call(condition, "release"));
    EXPECT_RETURNED(waited(waiter));
  }
}

CLAUSE_TEST(condition_notify_needs_lock, WhenNobodyHoldsIt) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "notify"), "Exception");
}

CLAUSE_TEST(condition_notify_needs_lock, WhenAnotherProcessHoldsIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  EXPECT_RAISES(main().call(condition, "notify"), "Exception");
}

CLAUSE_TEST(condition_notify_all_wakes_all, InSeveralProcesses) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  const std::vector<Pending> waiters = {begin_wait(child.thread("one"), condition),
                                        begin_wait(child.thread("two"), condition),
                                        begin_wait(start_process({condition}), condition)};
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify_all"));
  main().call(condition, "release");
  for (const Pending& waiter : waiters) EXPECT_RETURNED(waited(waiter), true);
}

CLAUSE_TEST(condition_notify_all_nobody, IsNotRemembered) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  main().call(condition, "acquire");
  EXPECT_RETURNED(main().call(condition, "notify_all"));
  main().call(condition, "release");
  EXPECT_BLOCKED(begin_wait(child, condition));
}

CLAUSE_TEST(condition_notify_all_needs_lock, WhenNobodyHoldsIt) {
  Ref condition = main().make("Condition");
  EXPECT_RAISES(main().call(condition, "notify_all"), "Exception");
}

CLAUSE_TEST(condition_notify_all_needs_lock, WhenAnotherProcessHoldsIt) {
  Ref condition = main().make("Condition");
  Actor& child = start_process({condition});
  child.call(condition, "acquire");
  EXPECT_RAISES(main().call(condition, "notify_all"), "Exception");
}

}  // namespace mp::conformance

#include "spec/find.h"

#include <gtest/gtest.h>

#include "spec/clauses/lock.h"
#include "spec/clauses/queue.h"

namespace mp::spec {
namespace {

TEST(FindClause, FindsAnId) { EXPECT_EQ(find_clause("lock.release.wakes-waiter"), &lock_release_wakes_waiter); }

TEST(FindClause, FindsAConstantsName) {
  EXPECT_EQ(find_clause("lock_release_wakes_waiter"), &lock_release_wakes_waiter);
}

TEST(FindClause, FindsNothingForAnotherWord) { EXPECT_EQ(find_clause("lock.release"), nullptr); }

TEST(FindClause, SuggestsTheMisspeltOne) {
  EXPECT_EQ(no_such_clause("process.sentinel.kiled"),
            "there is no clause \"process.sentinel.kiled\"; did you mean process.sentinel.killed?");
}

TEST(FindClause, PointsToTheListWhenNothingIsNear) {
  EXPECT_EQ(no_such_clause("@@@@"), "there is no clause \"@@@@\"; `conform list` shows all of them.");
}

TEST(AllClauses, StandInTheOrderOfTheirIds) {
  for (std::size_t i = 1; i < all_clauses().size(); ++i) EXPECT_LT(all_clauses()[i - 1]->id, all_clauses()[i]->id);
}

TEST(AllClauses, AreTheConstants) {
  EXPECT_EQ(lock_release_wakes_waiter.id, "lock.release.wakes-waiter");
  EXPECT_EQ(lock_release_wakes_waiter.level, Level::kMust);
  EXPECT_EQ(lock_release_wakes_waiter.profile, "sync");
  EXPECT_TRUE(lock_release_wakes_waiter.place.starts_with("spec/clauses/lock.md:"));
}

}  // namespace
}  // namespace mp::spec

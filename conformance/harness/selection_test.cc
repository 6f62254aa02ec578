#include "conformance/harness/selection.h"

#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

TEST(Glob, StarStandsForAnyText) {
  EXPECT_TRUE(glob_matches("queue.*.full", "queue.put.full"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("*a*b*", "xaxaxb"));
  EXPECT_TRUE(glob_matches("a**", "a"));
  EXPECT_FALSE(glob_matches("*a*b", "xaxb."));
}

TEST(Glob, QuestionMarkStandsForOneCharacter) {
  EXPECT_TRUE(glob_matches("?lock", "rlock"));
  EXPECT_FALSE(glob_matches("?lock", "lock"));
}

TEST(Glob, EverythingElseStandsForItself) {
  EXPECT_TRUE(glob_matches("queue.put", "queue.put"));
  EXPECT_FALSE(glob_matches("queue.put", "queue-put"));
  EXPECT_FALSE(glob_matches("queue.put", "queue.put.full"));
  EXPECT_FALSE(glob_matches("", "x"));
}

TEST(Glob, ManyStarsDoNotTakeForEver) {
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
}

TEST(Names, AClauseOrATestOrWhatLiesAboveThem) {
  EXPECT_TRUE(names("queue.put.full", "queue.put.full", "queue_put_full.Waits"));
  EXPECT_TRUE(names("queue_put_full.Waits", "queue.put.full", "queue_put_full.Waits"));
  EXPECT_TRUE(names("queue", "queue.put.full", "queue_put_full.Waits"));
  EXPECT_TRUE(names("queue_put_full", "queue.put.full", "queue_put_full.Waits"));
  EXPECT_FALSE(names("que", "queue.put.full", "queue_put_full.Waits"));
  EXPECT_FALSE(names("*", "", ""));
}

TEST(Selection, WithoutGlobsHasEverything) { EXPECT_TRUE(Selection().has("a.b", "a_b.C")); }

TEST(Selection, HasWhatOneOfTheGlobsNames) {
  const Selection selection({"queue", "lock.*"});
  EXPECT_TRUE(selection.has("queue.put", "queue_put.Works"));
  EXPECT_TRUE(selection.has("lock.acquire", "lock_acquire.Works"));
  EXPECT_FALSE(selection.has("event.set", "event_set.Works"));
}

TEST(Selection, LeavesOutWhatAnExclamationMarkNames) {
  const Selection selection({"queue", "!queue.put"});
  EXPECT_TRUE(selection.has("queue.get", "queue_get.Works"));
  EXPECT_FALSE(selection.has("queue.put.full", "queue_put_full.Works"));
  EXPECT_TRUE(Selection({"!queue"}).has("lock.acquire", "lock_acquire.Works"));
}

}  // namespace
}  // namespace mp::conformance

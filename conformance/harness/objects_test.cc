#include "conformance/harness/objects.h"

#include <gtest/gtest.h>

#include "conformance/harness/unresolved.h"

namespace mp::conformance {
namespace {

class ObjectsTest : public testing::Test {
 protected:
  Objects objects;
  HandleMap main, child;
  const Value lock = objects.from_process(main, Handle{7}, "Lock()");
};

TEST_F(ObjectsTest, AnObjectIsNamedAfterTheCallThatGaveIt) {
  EXPECT_EQ(objects.named(objects.from_process(main, Handle{12}, "Queue(1)")), "queue1");
  EXPECT_EQ(objects.named(objects.from_process(main, Handle{8}, "Queue()")), "queue2");
  EXPECT_EQ(objects.named(objects.from_process(main, Handle{9}, "manager1.list()")), "list1");
  const Value ends = objects.from_process(main, Tuple::of({Handle{10}, Handle{11}}), "Pipe(True)");
  EXPECT_EQ(objects.named(ends), "(connection1, connection2)");
}

TEST_F(ObjectsTest, AHandleThatIsKnownIsTheSameObject) {
  EXPECT_EQ(objects.from_process(main, Handle{7}, "process1.get()"), lock);
  EXPECT_EQ(objects.to_process(main, "main", lock), Value(Handle{7}));
}

TEST_F(ObjectsTest, EachProcessHasHandlesOfItsOwn) {
  const Value sent = List::of({1, Tuple::of({lock, "x"})});
  Objects::adopt(child, sent, List::of({1, Tuple::of({Handle{3}, "x"})}));
  EXPECT_EQ(objects.to_process(child, "a1", lock), Value(Handle{3}));
  EXPECT_EQ(objects.from_process(child, Handle{3}, "object"), lock);
  EXPECT_EQ(objects.to_process(main, "main", lock), Value(Handle{7}));
}

TEST_F(ObjectsTest, WhereNoObjectArrivedNoneIsKnown) {
  Objects::adopt(child, List::of({lock, lock}), List::of({5}));
  try {
    objects.to_process(child, "a1", List::of({lock}));
    FAIL();
  } catch (const Unresolved& error) {
    EXPECT_STREQ(error.what(), "process 'a1' does not have lock1");
  }
}

TEST_F(ObjectsTest, WhatWasDroppedIsKnownNoMore) {
  main.drop(Ref(lock.as<Handle>()->number));
  EXPECT_THROW(objects.to_process(main, "main", lock), Unresolved);
  EXPECT_EQ(objects.named(objects.from_process(main, Handle{7}, "Lock()")), "lock2");  // the handle is used again
}

}  // namespace
}  // namespace mp::conformance

#include "reference/shareable_list.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

const std::vector<Object> kValues = {1,       -2.5, true,  "hello",  bytes(std::string_view("\xff\x00\x01", 3)),
                                     nullptr, "",   false, INT64_MIN};

class ShareableListTest : public testing::Test {
 protected:
  void TearDown() override { list_.shm().unlink(); }

  ShareableList list_{kValues};
};

TEST_F(ShareableListTest, KeepsEachValueOfItsKind) {
  ASSERT_EQ(list_.size(), kValues.size());
  for (std::size_t i = 0; i < kValues.size(); ++i) {
    const Object value = list_.get(static_cast<std::int64_t>(i));
    EXPECT_EQ(value.kind(), kValues[i].kind()) << i;
    EXPECT_EQ(value, kValues[i]) << i;
  }
}

TEST_F(ShareableListTest, WhoAttachesHasTheSameList) {
  ShareableList same = ShareableList::attach(list_.shm().name());
  auto third = decode<ShareableList>(encode(list_));
  same.set(0, 99);
  EXPECT_EQ(list_[0], Object(99));
  EXPECT_EQ(third[0], Object(99));
  EXPECT_EQ(third.values(), list_.values());
}

TEST_F(ShareableListTest, AValueMayChangeItsKind) {
  list_.set(3, 7);
  EXPECT_EQ(list_[3], Object(7));
  list_.set(3, "12345678");
  EXPECT_EQ(list_[3], Object("12345678"));
  list_.set(-1, "eight by");
  EXPECT_EQ(list_[-1], Object("eight by"));
  list_.set(1, nullptr);
  EXPECT_TRUE(list_[1].is_none());
  EXPECT_EQ(list_[4], kValues[4]);
}

TEST_F(ShareableListTest, WhatDoesNotFitIsRefusedAndTheOldStays) {
  EXPECT_THROW(list_.set(3, "123456789"), ValueError);
  EXPECT_THROW(list_.set(0, Object(*Integer::from_decimal("9223372036854775808"))), OverflowError);
  EXPECT_THROW(list_.set(0, list(1)), TypeError);
  EXPECT_EQ(list_.values(), kValues);
  EXPECT_THROW(ShareableList(std::vector<Object>{list(1)}), TypeError);
  EXPECT_THROW(ShareableList(std::vector<Object>{std::string(10'000'000, 'x')}), ValueError);
}

TEST_F(ShareableListTest, AnIndexOutsideIsAnIndexErrorAtBothEnds) {
  const auto size = static_cast<std::int64_t>(list_.size());
  EXPECT_THROW(list_.get(size), IndexError);
  EXPECT_THROW(list_.get(-size - 1), IndexError);
  EXPECT_THROW(list_.set(size, 1), IndexError);
}

TEST_F(ShareableListTest, CountsAndFinds) {
  EXPECT_EQ(list_.count("hello"), 1u);
  EXPECT_EQ(list_.count("Hello"), 0u);
  EXPECT_EQ(list_.count(1), 2u);  // True is equal to 1
  EXPECT_EQ(list_.index(nullptr), 5u);
  EXPECT_THROW(list_.index("missing"), ValueError);
}

TEST_F(ShareableListTest, ShowsHowItIsWritten) { EXPECT_EQ(list_.format(), "qdxxxxxxx?8s8sxxxxxx?x8sxxxxxxx?q"); }

TEST_F(ShareableListTest, MayBeEmpty) {
  ShareableList empty(std::vector<Object>{});
  EXPECT_EQ(empty.size(), 0u);
  EXPECT_EQ(ShareableList::attach(empty.shm().name()).size(), 0u);
  empty.shm().unlink();
}

TEST_F(ShareableListTest, DamageIsAnErrorNotACrash) {
  const auto buf = list_.shm().buf();
  for (std::size_t i = 8; i < 96; ++i) buf[i] = std::byte{0x7f};
  EXPECT_THROW(list_.values(), ValueError);
  EXPECT_THROW(ShareableList::attach(list_.shm().name()).values(), ValueError);
  buf[7] = std::byte{0x7f};
  EXPECT_THROW(ShareableList::attach(list_.shm().name()), ValueError);
}

}  // namespace
}  // namespace mp

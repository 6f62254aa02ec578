#include "reference/slice.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "reference/error.h"

namespace mp {
namespace {

constexpr std::int64_t kFar = INT64_MAX;
constexpr std::int64_t kNear = INT64_MIN;

std::string pick(const Slice& slice, const std::string& text) {
  const Places places = places_of(slice, text.size());
  std::string picked;
  for (std::size_t i = 0; i < places.count; ++i) picked += text.at(places[i]);
  return picked;
}

TEST(SliceTest, WhatIsLeftOutMeansTheEnds) {
  EXPECT_EQ(pick({}, "abcdef"), "abcdef");
  EXPECT_EQ(pick({.start = 2}, "abcdef"), "cdef");
  EXPECT_EQ(pick({.stop = 2}, "abcdef"), "ab");
  EXPECT_EQ(pick({.step = -1}, "abcdef"), "fedcba");
  EXPECT_EQ(pick({}, ""), "");
  EXPECT_EQ(pick({.step = -1}, ""), "");
}

TEST(SliceTest, NegativePlacesCountFromTheEnd) {
  EXPECT_EQ(pick({.start = -2}, "abcdef"), "ef");
  EXPECT_EQ(pick({.start = 1, .stop = -1}, "abcdef"), "bcde");
  EXPECT_EQ(pick({.start = -1, .stop = 0, .step = -2}, "abcdef"), "fdb");
}

TEST(SliceTest, StepsTakeEachSoManieth) {
  EXPECT_EQ(pick({.step = 2}, "abcde"), "ace");
  EXPECT_EQ(pick({.start = 1, .step = 3}, "abcdef"), "be");
  EXPECT_EQ(pick({.start = 4, .stop = 1, .step = -1}, "abcdef"), "edc");
}

TEST(SliceTest, WhatReachesBeyondIsCut) {
  EXPECT_EQ(pick({.start = -100, .stop = 100}, "abc"), "abc");
  EXPECT_EQ(pick({.start = 3}, "abc"), "");
  EXPECT_EQ(pick({.start = 2, .stop = 1}, "abc"), "");
  EXPECT_EQ(pick({.start = kNear, .stop = kFar, .step = kFar}, "abc"), "a");
  EXPECT_EQ(pick({.start = kFar, .stop = kNear, .step = kNear}, "abc"), "c");
}

TEST(SliceTest, AStepOfZeroIsAValueError) { EXPECT_THROW(places_of({.step = 0}, 3), ValueError); }

TEST(SliceTest, AnIndexOutsideIsAnIndexErrorAtBothEnds) {
  EXPECT_EQ(place_of(0, 3), 0u);
  EXPECT_EQ(place_of(2, 3), 2u);
  EXPECT_EQ(place_of(-1, 3), 2u);
  EXPECT_EQ(place_of(-3, 3), 0u);
  EXPECT_THROW(place_of(3, 3), IndexError);
  EXPECT_THROW(place_of(-4, 3), IndexError);
  EXPECT_THROW(place_of(0, 0), IndexError);
  EXPECT_THROW(place_of(kNear, 3), IndexError);
}

}  // namespace
}  // namespace mp

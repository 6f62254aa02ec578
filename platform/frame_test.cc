#include "platform/frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

namespace mp::platform {
namespace {

using State = ArrivingFrame::State;

// Feeds at most `step` bytes at a time; gives what the frame did not want.
std::string_view feed(ArrivingFrame& frame, std::string_view bytes, std::size_t step) {
  while (!bytes.empty() && !frame.is_complete() && frame.state() != State::kBroken) {
    const auto room = frame.room();
    const std::size_t count = std::min({step, room.size(), bytes.size()});
    std::memcpy(room.data(), bytes.data(), count);
    frame.came(count);
    bytes.remove_prefix(count);
  }
  return bytes;
}

std::string text(const Message& message) {
  return std::string(reinterpret_cast<const char*>(message.bytes.data()), message.bytes.size());
}

TEST(FramePrefixTest, IsCpythonsHeader) {
  EXPECT_EQ(frame_prefix(0, {}), std::string("\0\0\0\0", 4));
  EXPECT_EQ(frame_prefix(258, {}), std::string("\0\0\1\2", 4));
  EXPECT_EQ(frame_prefix(0x7fffffff, {}), "\x7f\xff\xff\xff");
  EXPECT_EQ(frame_prefix(0x80000000, {}), std::string("\xff\xff\xff\xff\0\0\0\0\x80\0\0\0", 12));
}

TEST(ArrivingFrameTest, IsTheSameInPiecesOfAnySize) {
  const std::string bytes = frame_prefix(5, {}) + "hello" + "next";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    ArrivingFrame frame;
    EXPECT_FALSE(frame.has_begun());
    EXPECT_EQ(feed(frame, bytes, step), "next");
    EXPECT_TRUE(frame.has_begun());
    EXPECT_EQ(text(frame.take()), "hello");
    EXPECT_FALSE(frame.has_begun());
  }
}

TEST(ArrivingFrameTest, LendsItsBodyToABufferAndTakesItBack) {
  const std::string bytes = frame_prefix(6, {}) + "foobar";
  ArrivingFrame frame;
  feed(frame, bytes.substr(0, 6), 6);
  std::string buffer = "........";
  frame.put_body(std::as_writable_bytes(std::span(buffer)));
  EXPECT_EQ(buffer, "fo......");
  feed(frame, bytes.substr(6, 2), 2);
  EXPECT_EQ(buffer, "foob....");
  frame.keep_body();
  buffer = "xxxxxxxx";
  feed(frame, bytes.substr(8), 2);
  EXPECT_EQ(buffer, "xxxxxxxx");
  EXPECT_EQ(text(frame.take()), "foobar");
}

TEST(ArrivingFrameTest, ABodyThatEndsInABufferLeavesAnEmptyMessage) {
  ArrivingFrame frame;
  feed(frame, frame_prefix(3, {}), 4);
  std::string buffer = "...";
  frame.put_body(std::as_writable_bytes(std::span(buffer)));
  feed(frame, "foo", 3);
  ASSERT_TRUE(frame.is_complete());
  EXPECT_EQ(text(frame.take()), "");
  frame.keep_body();
  EXPECT_EQ(buffer, "foo");
  EXPECT_FALSE(frame.has_begun());
}

TEST(ArrivingFrameTest, TakesAShortLengthInTheLongForm) {
  ArrivingFrame frame;
  feed(frame, std::string("\xff\xff\xff\xff\0\0\0\0\0\0\0\2ab", 14), 14);
  ASSERT_TRUE(frame.is_complete());
  EXPECT_EQ(text(frame.take()), "ab");
}

TEST(ArrivingFrameTest, GrowsWithWhatCameNotWithWhatIsPromised) {
  ArrivingFrame frame;
  feed(frame, std::string("\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 12), 12);
  EXPECT_EQ(frame.state(), State::kLengthKnown);
  EXPECT_EQ(frame.length(), static_cast<std::uint64_t>(INT64_MAX));
  EXPECT_LE(frame.room().size(), std::size_t{1} << 20);
}

TEST(ArrivingFrameTest, GrowsByDoubling) {
  ArrivingFrame frame;
  const std::string body(5'000'000, 'x');
  EXPECT_EQ(feed(frame, frame_prefix(body.size(), {}) + body, body.size()), "");
  ASSERT_TRUE(frame.is_complete());
  EXPECT_EQ(text(frame.take()), body);
}

TEST(ArrivingFrameTest, IsBrokenByAHostileLength) {
  for (const std::string& bytes : {std::string("\xff\xff\xff\xfd", 4), std::string("\x80\0\0\0", 4),
                                   std::string("\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 12)}) {
    ArrivingFrame frame;
    feed(frame, bytes, bytes.size());
    EXPECT_EQ(frame.state(), State::kBroken);
    EXPECT_TRUE(frame.has_begun());
  }
}

TEST(ArrivingFrameTest, IsBrokenByAHostileTable) {
  const std::string table("\xff\xff\xff\xfe", 4);
  for (const std::string& bytes : {table + std::string("\0\0\0\0", 4),          // of nothing
                                   table + std::string("\x7f\0\0\0", 4),        // of too many
                                   table + std::string("\0\0\0\1\2", 5),        // neither handle nor empty
                                   table + std::string("\0\0\0\1\1", 5),        // of one that did not come
                                   table + std::string("\0\0\0\1\0", 5) + table}) {  // a second one
    ArrivingFrame frame;
    feed(frame, bytes, bytes.size());
    EXPECT_EQ(frame.state(), State::kBroken);
  }
}

TEST(ArrivingFrameTest, KeepsEmptyHandlesInTheirPlaces) {
  const std::vector<Handle> empty(3);
  ArrivingFrame frame;
  feed(frame, frame_prefix(1, empty) + "x", 1);
  ASSERT_TRUE(frame.is_complete());
  const Message message = frame.take();
  EXPECT_EQ(message.handles.size(), 3u);
  EXPECT_EQ(text(message), "x");
}

}  // namespace
}  // namespace mp::platform

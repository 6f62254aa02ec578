#include "platform/channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mp::platform {
namespace {

using Outcome = Channel::Outcome;
using std::chrono::milliseconds;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string text(const Message& message) {
  return std::string(reinterpret_cast<const char*>(message.bytes.data()), message.bytes.size());
}

// Differs at every place, so that a lost or repeated piece shows.
std::string patterned(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

Outcome send(Channel& channel, std::string_view text, Deadline deadline = Deadline::never()) {
  return channel.send(bytes(text), {}, deadline);
}

// A message carrying the far ends of `count` new channels, whose near ends remain here.
std::vector<Handle> far_ends(std::size_t count, std::vector<Channel>& near) {
  std::vector<Handle> far;
  for (std::size_t i = 0; i < count; ++i) {
    auto [here, there] = Channel::pair();
    near.push_back(std::move(here));
    far.push_back(there.handle());
  }
  return far;
}

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() { std::tie(here_, there_) = Channel::pair(); }

  Channel here_;
  Channel there_;
};

class ChannelSizeTest : public ChannelTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(ChannelSizeTest, CarriesAMessageWhole) {
  const std::string sent = patterned(GetParam());
  std::thread sender([&] { EXPECT_EQ(send(here_, sent), Outcome::kDone); });
  const auto received = there_.receive(Deadline::never());
  sender.join();
  ASSERT_EQ(received.outcome, Outcome::kDone);
  EXPECT_EQ(received.length, sent.size());
  EXPECT_TRUE(text(received.message) == sent);  // EXPECT_EQ would print megabytes
}

INSTANTIATE_TEST_SUITE_P(Sizes, ChannelSizeTest,
                         testing::Values(0, 1, 4, 16384, 16385, 65536, 300'000, 1 << 20, (1 << 20) + 1, 9'000'000));

TEST_F(ChannelTest, KeepsTheOrderAndTheBoundsOfMessagesBothWays) {
  for (const char* word : {"one", "", "two"}) EXPECT_EQ(send(here_, word), Outcome::kDone);
  EXPECT_EQ(send(there_, "back"), Outcome::kDone);
  for (const char* word : {"one", "", "two"}) EXPECT_EQ(text(there_.receive(Deadline::passed()).message), word);
  EXPECT_EQ(text(here_.receive(Deadline::passed()).message), "back");
}

TEST_F(ChannelTest, ReceiveIsLateNeverBeforeItsDeadline) {
  EXPECT_EQ(there_.receive(Deadline::passed()).outcome, Outcome::kLate);
  const Deadline deadline = Deadline::after(milliseconds(20));
  EXPECT_EQ(there_.receive(deadline).outcome, Outcome::kLate);
  EXPECT_TRUE(deadline.has_passed());
}

TEST_F(ChannelTest, ReceiveWakesForAMessageThatComesLater) {
  std::atomic<bool> received = false;
  std::thread receiver([&] {
    EXPECT_EQ(text(there_.receive(Deadline::after(std::chrono::hours(1))).message), "late");
    received = true;
  });
  EXPECT_FALSE(received);
  EXPECT_EQ(send(here_, "late"), Outcome::kDone);
  receiver.join();
}

TEST_F(ChannelTest, SendOnAFullRoadIsLateAndHalfSendsNothing) {
  const std::string big = patterned(100'000);
  int sent = 0;
  while (send(here_, "x", Deadline::passed()) == Outcome::kDone) ++sent;
  const Deadline deadline = Deadline::after(milliseconds(20));
  EXPECT_EQ(send(here_, big, deadline), Outcome::kLate);
  EXPECT_TRUE(deadline.has_passed());
  for (int i = 0; i < sent; ++i) ASSERT_EQ(text(there_.receive(Deadline::passed()).message), "x");
  EXPECT_EQ(there_.receive(Deadline::passed()).outcome, Outcome::kLate);
}

TEST_F(ChannelTest, SendFinishesABegunMessageHoweverLate) {
  const std::string big = patterned(5'000'000);
  std::thread sender([&] { EXPECT_EQ(send(here_, big, Deadline::passed()), Outcome::kDone); });
  EXPECT_TRUE(text(there_.receive(Deadline::never()).message) == big);
  sender.join();
}

TEST_F(ChannelTest, ReceiveKeepsWhatCameOfAMessageAndGoesOn) {
  const std::string big = patterned(5'000'000);
  // Nobody can finish sending so much before it is read, so the first receive() is late in the middle of it.
  std::thread sender([&] { EXPECT_EQ(send(here_, big), Outcome::kDone); });
  EXPECT_TRUE(there_.readable(Deadline::never()));
  auto received = there_.receive(Deadline::passed());
  while (received.outcome == Outcome::kLate) {
    EXPECT_TRUE(there_.readable(Deadline::passed()));
    received = there_.receive(Deadline::passed());
  }
  sender.join();
  EXPECT_TRUE(text(received.message) == big);
  EXPECT_FALSE(there_.readable(Deadline::passed()));
}

TEST_F(ChannelTest, EndsAfterTheLastMessage) {
  EXPECT_EQ(send(here_, "last"), Outcome::kDone);
  here_.close();
  EXPECT_TRUE(there_.readable(Deadline::passed()));
  EXPECT_EQ(text(there_.receive(Deadline::never()).message), "last");
  EXPECT_TRUE(there_.readable(Deadline::never()));
  EXPECT_EQ(there_.receive(Deadline::never()).outcome, Outcome::kEnded);
  EXPECT_EQ(there_.receive(Deadline::passed()).outcome, Outcome::kEnded);
}

TEST_F(ChannelTest, EndsForAReaderWhoseOwnMessagesStayedUnread) {
  EXPECT_EQ(send(there_, "never read"), Outcome::kDone);
  EXPECT_EQ(send(here_, "last"), Outcome::kDone);
  here_.close();
  EXPECT_EQ(text(there_.receive(Deadline::never()).message), "last");
  EXPECT_EQ(there_.receive(Deadline::never()).outcome, Outcome::kEnded);
}

TEST_F(ChannelTest, EndsOnlyWithTheLastCopyOfTheOtherEnd) {
  Channel copy = Channel::adopt(here_.handle());
  here_.close();
  EXPECT_EQ(there_.receive(Deadline::after(milliseconds(5))).outcome, Outcome::kLate);
  EXPECT_EQ(send(copy, "still here"), Outcome::kDone);
  EXPECT_EQ(text(there_.receive(Deadline::never()).message), "still here");
  copy.close();
  EXPECT_EQ(there_.receive(Deadline::never()).outcome, Outcome::kEnded);
}

TEST_F(ChannelTest, SendToAClosedEndIsEndedAndHarmless) {
  there_.close();
  EXPECT_EQ(send(here_, "x"), Outcome::kEnded);
  EXPECT_EQ(send(here_, patterned(1'000'000), Deadline::passed()), Outcome::kEnded);
}

TEST_F(ChannelTest, AnEndThatClosesInTheMiddleOfASendEndsIt) {
  std::thread sender([&] { EXPECT_EQ(send(here_, patterned(5'000'000)), Outcome::kEnded); });
  EXPECT_TRUE(there_.readable(Deadline::never()));
  there_.close();
  sender.join();
}

TEST_F(ChannelTest, ALimitLeavesTheLongerMessageUntaken) {
  EXPECT_EQ(send(here_, "hello"), Outcome::kDone);
  for (int again = 0; again < 2; ++again) {
    const auto received = there_.receive(Deadline::never(), 4);
    EXPECT_EQ(received.outcome, Outcome::kTooLong);
    EXPECT_EQ(received.length, 5u);
    EXPECT_TRUE(there_.readable(Deadline::passed()));
  }
  EXPECT_EQ(text(there_.receive(Deadline::never(), 5).message), "hello");
}

TEST_P(ChannelSizeTest, PutsAMessageIntoABuffer) {
  const std::string sent = patterned(GetParam());
  std::thread sender([&] { EXPECT_EQ(send(here_, sent), Outcome::kDone); });
  std::string buffer(sent.size() + 3, '.');
  const auto received = there_.receive_into(std::as_writable_bytes(std::span(buffer)), Deadline::never());
  sender.join();
  EXPECT_EQ(received.outcome, Outcome::kDone);
  EXPECT_EQ(received.length, sent.size());
  EXPECT_TRUE(received.message.bytes.empty());
  EXPECT_EQ(buffer, sent + "...");
}

TEST_F(ChannelTest, LeavesAMessageUntakenThatIsLongerThanTheBuffer) {
  ASSERT_EQ(send(here_, "longer"), Outcome::kDone);
  std::string buffer = ".....";
  EXPECT_EQ(there_.receive_into(std::as_writable_bytes(std::span(buffer)), Deadline::never()).outcome, Outcome::kTooLong);
  EXPECT_EQ(buffer, ".....");
  EXPECT_EQ(text(there_.receive(Deadline::never()).message), "longer");
}

TEST_F(ChannelTest, GoesOnWithOrWithoutABufferAfterALateOne) {
  const std::string big = patterned(5'000'000);
  std::thread sender([&] { EXPECT_EQ(send(here_, big), Outcome::kDone); });
  EXPECT_TRUE(there_.readable(Deadline::never()));
  std::string buffer(big.size(), '.');
  const auto into_buffer = [&] { return there_.receive_into(std::as_writable_bytes(std::span(buffer)), Deadline::passed()); };
  bool with_buffer = true;
  auto received = into_buffer();
  while (received.outcome == Outcome::kLate) {
    std::fill(buffer.begin(), buffer.end(), 'x');  // nobody minds: it is ours again
    with_buffer = !with_buffer;
    received = with_buffer ? into_buffer() : there_.receive(Deadline::passed());
  }
  sender.join();
  EXPECT_EQ(received.outcome, Outcome::kDone);
  EXPECT_TRUE((with_buffer ? buffer : text(received.message)) == big);
}

TEST_F(ChannelTest, ALimitLeavesTheLongerMessageItsHandles) {
  std::vector<Channel> near;
  std::vector<Handle> far = far_ends(1, near);
  EXPECT_EQ(here_.send(bytes("hello"), far, Deadline::never()), Outcome::kDone);
  EXPECT_EQ(there_.receive(Deadline::never(), 0).outcome, Outcome::kTooLong);
  auto received = there_.receive(Deadline::never());
  ASSERT_EQ(received.message.handles.size(), 1u);
  Channel end = Channel::adopt(std::move(received.message.handles[0]));
  EXPECT_EQ(send(near[0], "through"), Outcome::kDone);
  EXPECT_EQ(text(end.receive(Deadline::never()).message), "through");
}

class ChannelHandlesTest : public ChannelTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(ChannelHandlesTest, CarriesHandlesInOrderAndTakesThemFromTheSender) {
  std::vector<Channel> near;
  std::vector<Handle> far = far_ends(GetParam(), near);
  std::thread sender([&] {
    EXPECT_EQ(send(here_, "before"), Outcome::kDone);
    EXPECT_EQ(here_.send({}, far, Deadline::never()), Outcome::kDone);
    EXPECT_EQ(send(here_, "after"), Outcome::kDone);
  });
  EXPECT_TRUE(there_.receive(Deadline::never()).message.handles.empty());
  auto received = there_.receive(Deadline::never());
  sender.join();
  for (const Handle& handle : far) EXPECT_FALSE(handle);
  ASSERT_EQ(received.message.handles.size(), GetParam());
  for (std::size_t i = 0; i < near.size(); ++i) EXPECT_EQ(send(near[i], std::to_string(i)), Outcome::kDone);
  for (std::size_t i = 0; i < near.size(); ++i) {
    Channel end = Channel::adopt(std::move(received.message.handles[i]));
    EXPECT_EQ(text(end.receive(Deadline::passed()).message), std::to_string(i));
  }
  EXPECT_TRUE(there_.receive(Deadline::never()).message.handles.empty());
}

INSTANTIATE_TEST_SUITE_P(Counts, ChannelHandlesTest, testing::Values(1, 2, 64, 300));

TEST_F(ChannelTest, CarriesEmptyHandlesInTheirPlaces) {
  std::vector<Channel> near;
  std::vector<Handle> handles(3);
  handles[1] = std::move(far_ends(1, near)[0]);
  EXPECT_EQ(here_.send(bytes("x"), handles, Deadline::never()), Outcome::kDone);
  const auto received = there_.receive(Deadline::never());
  ASSERT_EQ(received.message.handles.size(), 3u);
  EXPECT_FALSE(received.message.handles[0]);
  EXPECT_TRUE(received.message.handles[1]);
  EXPECT_FALSE(received.message.handles[2]);
}

// The packets in which handles travel on Windows (travel.h) are known by how they begin, but only where one may stand. Bytes of a
// message are its own: alone, and where they are the beginning of a piece of a longer one.
TEST_F(ChannelTest, TakesNobodysBytesForHandles) {
  const std::string packet = std::string("\xff\xff\xff\xfd\0\0\0\0", 8) + std::string(16, '\1');
  for (const std::size_t offset : {0, 32764}) {
    const std::string sent = patterned(offset) + packet;
    EXPECT_EQ(send(here_, sent), Outcome::kDone);
    const auto received = there_.receive(Deadline::never());
    ASSERT_EQ(received.outcome, Outcome::kDone) << offset;
    EXPECT_TRUE(text(received.message) == sent);
    EXPECT_TRUE(received.message.handles.empty());
  }
}

TEST_F(ChannelTest, LeavesTheHandlesOfALateMessageToTheCaller) {
  std::vector<Channel> near;
  std::vector<Handle> far = far_ends(1, near);
  while (send(here_, "x", Deadline::passed()) == Outcome::kDone) {
  }
  EXPECT_EQ(here_.send({}, far, Deadline::passed()), Outcome::kLate);
  EXPECT_TRUE(far[0]);
}

TEST_F(ChannelTest, AHandleOnTheRoadKeepsItsObjectAlive) {
  std::vector<Channel> near;
  std::vector<Handle> far = far_ends(1, near);
  EXPECT_EQ(here_.send({}, far, Deadline::never()), Outcome::kDone);
  EXPECT_EQ(near[0].receive(Deadline::passed()).outcome, Outcome::kLate);  // not ended
  { const auto received = there_.receive(Deadline::never()); }
  EXPECT_EQ(near[0].receive(Deadline::never()).outcome, Outcome::kEnded);
}

// Two threads talk at once over the two directions of one channel, with every size class in between.
TEST_F(ChannelTest, IsTwoRoadsThatDoNotDisturbEachOther) {
  constexpr int kMessages = 2000;
  const auto size_of = [](int i) { return static_cast<std::size_t>(i % 50 == 0 ? 300'000 : i % 7 * 1000); };
  const auto send_all = [&](Channel& channel) {
    for (int i = 0; i < kMessages; ++i) ASSERT_EQ(send(channel, std::string(size_of(i), 's')), Outcome::kDone);
  };
  const auto receive_all = [&](Channel& channel) {
    for (int i = 0; i < kMessages; ++i) ASSERT_EQ(channel.receive(Deadline::never()).length, size_of(i));
  };
  std::thread threads[] = {std::thread([&] { send_all(here_); }), std::thread([&] { receive_all(here_); }),
                           std::thread([&] { send_all(there_); }), std::thread([&] { receive_all(there_); })};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace mp::platform

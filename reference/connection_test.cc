#include "reference/connection.h"

#include <array>
#include <chrono>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "reference/codec.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string text(const Bytes& bytes) { return std::string(characters(bytes)); }

Bytes pattern(std::size_t size) {
  Bytes result(size);
  std::uint32_t state = 1;
  for (std::byte& byte : result) byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
  return result;
}

TEST(Pipe, WorksBothWays) {
  auto [a, b] = Pipe();
  a.send("to b");
  b.send("to a");
  EXPECT_EQ(a.recv(), "to a");
  EXPECT_EQ(b.recv(), "to b");
  EXPECT_NE(a.fileno(), b.fileno());
}

TEST(Pipe, WithoutDuplexHasAReceiverAndASender) {
  auto [receiver, sender] = Pipe(false);
  sender.send(1);
  EXPECT_EQ(receiver.recv(), 1);
  EXPECT_TRUE(receiver.readable() && !receiver.writable());
  EXPECT_TRUE(!sender.readable() && sender.writable());
  EXPECT_THROW(receiver.send(1), OSError);
  EXPECT_THROW(receiver.send_bytes("x"), OSError);
  EXPECT_THROW(sender.recv(), OSError);
  EXPECT_THROW(sender.recv_bytes(), OSError);
  EXPECT_THROW(sender.poll(), OSError);
}

TEST(Connection, CarriesObjectsOfEveryKind) {
  auto [a, b] = Pipe();
  const Object object = list(nullptr, 1, 1.5, "text", bytes("bytes"), tuple(1, "a"), Dict{{"k", Set{1}}});
  a.send(object);
  EXPECT_EQ(b.recv().repr(), object.repr());
  a.send(std::vector<int>{1, 2});
  EXPECT_EQ(b.recv<std::vector<int>>(), (std::vector<int>{1, 2}));
  a.send(std::pair(1, "x"s));
  EXPECT_EQ((b.recv<std::pair<int, std::string>>()), std::pair(1, "x"s));
}

TEST(Connection, KeepsOrderAndBoundaries) {
  const std::vector<std::size_t> sizes = {0, 1, 3, 4, 5, 1000, 65536, 0};
  auto [a, b] = Pipe();
  std::thread sender([&, end = a] {  // no system promises room for all of them
    for (const std::size_t size : sizes) end.send_bytes(pattern(size));
  });
  for (const std::size_t size : sizes) EXPECT_EQ(b.recv_bytes(), pattern(size));
  sender.join();
}

TEST(Connection, CarriesLargeMessagesBothWaysAtOnce) {
  auto [a, b] = Pipe();
  const Bytes large = pattern(8 << 20);
  const auto exchange = [&large](const Connection& end) {
    std::thread sender([&] {
      for (int i = 0; i < 3; ++i) end.send_bytes(large);
    });
    for (int i = 0; i < 3; ++i) EXPECT_EQ(end.recv_bytes(), large);
    sender.join();
  };
  std::thread other(exchange, b);
  exchange(a);
  other.join();
}

TEST(Connection, ManySmallMessagesCrossInOrder) {
  auto [a, b] = Pipe();
  constexpr int kCount = 5000;
  std::thread echo([end = std::move(b)] {
    for (int i = 0; i < kCount; ++i) end.send(end.recv());
  });
  std::thread sender([&, end = a] {
    for (int i = 0; i < kCount; ++i) end.send(i);
  });
  for (int i = 0; i < kCount; ++i) ASSERT_EQ(a.recv(), i);
  sender.join();
  echo.join();
}

TEST(Connection, SendsPartsOfABuffer) {
  auto [a, b] = Pipe();
  a.send_bytes("thank you"s, 2);
  EXPECT_EQ(text(b.recv_bytes()), "ank you");
  a.send_bytes("thank you"s, 2, 3);
  EXPECT_EQ(text(b.recv_bytes()), "ank");
  a.send_bytes("thank you"s, 9);
  EXPECT_EQ(text(b.recv_bytes()), "");
  const std::array<std::int32_t, 2> numbers = {1, 2};
  a.send_bytes(numbers, 4);
  EXPECT_EQ(b.recv_bytes().size(), 4u);
}

TEST(Connection, RefusesRangesOutsideOfTheBufferAndSendsNothing) {
  auto [a, b] = Pipe();
  EXPECT_THROW(a.send_bytes("abc"s, -1), ValueError);
  EXPECT_THROW(a.send_bytes("abc"s, 4), ValueError);
  EXPECT_THROW(a.send_bytes("abc"s, 0, -1), ValueError);
  EXPECT_THROW(a.send_bytes("abc"s, 1, 3), ValueError);
  EXPECT_THROW(a.send_bytes("abc"s, 3, 1), ValueError);
  EXPECT_FALSE(b.poll());
}

TEST(Connection, ObjectThatCannotTravelLeavesItUsable) {
  auto [a, b] = Pipe();
  Object deep = 0;
  for (int i = 0; i < 2000; ++i) deep = list(deep);
  EXPECT_THROW(a.send(deep), PickleError);
  a.send("next");
  EXPECT_EQ(b.recv(), "next");
}

TEST(Connection, BytesThatAreNoPickleLeaveItUsable) {
  auto [a, b] = Pipe();
  a.send_bytes("no pickle");
  a.send(7);
  EXPECT_THROW(b.recv(), PickleError);
  EXPECT_EQ(b.recv(), 7);
}

TEST(Connection, ASmallMessageOfAnotherTypeMakesNoLargeError) {
  auto [a, b] = Pipe();
  Object doubled = tuple();
  for (int i = 0; i < 40; ++i) doubled = tuple(doubled, doubled);  // 2^40 parts, in 200 bytes
  a.send(doubled);
  EXPECT_THROW(b.recv<int>(), TypeError);
  a.send(1);
  EXPECT_EQ(b.recv<int>(), 1);
}

TEST(Connection, OtherTypesThanWantedAreTaken) {
  auto [a, b] = Pipe();
  a.send("text");
  a.send(7);
  EXPECT_THROW(b.recv<int>(), TypeError);
  EXPECT_EQ(b.recv<int>(), 7);
}

TEST(Connection, GivesWhatWasSentBeforeTheEnd) {
  auto [a, b] = Pipe();
  a.send(1);
  a.send(2);
  a.close();
  EXPECT_EQ(b.recv(), 1);
  EXPECT_EQ(b.recv(), 2);
  EXPECT_TRUE(b.poll());
  EXPECT_THROW(b.recv(), EOFError);
  EXPECT_THROW(b.recv(), EOFError);
  EXPECT_THROW(b.recv_bytes(), EOFError);
  std::array<std::byte, 4> buffer;
  EXPECT_THROW(b.recv_bytes_into(buffer), EOFError);
  EXPECT_THROW(b.send(1), BrokenPipeError);
}

TEST(Connection, TheEndIsSeenWhileWaiting) {
  auto [a, b] = Pipe();
  std::thread receiver([end = b] { EXPECT_THROW(end.recv(), EOFError); });
  std::this_thread::sleep_for(5ms);
  a.close();
  receiver.join();
}

TEST(Connection, IsClosedWithItsLastCopy) {
  auto [a, b] = Pipe();
  {
    const Connection copy = std::move(a);
    const Connection another = copy;
    EXPECT_FALSE(b.poll());
  }
  EXPECT_THROW(b.recv(), EOFError);
}

TEST(Connection, RefusesEverythingOnceClosed) {
  auto [a, b] = Pipe();
  const Connection copy = a;
  EXPECT_FALSE(copy.closed());
  a.close();
  a.close();
  EXPECT_TRUE(copy.closed());
  EXPECT_THROW(copy.send(1), OSError);
  EXPECT_THROW(copy.send_bytes("x"), OSError);
  EXPECT_THROW(copy.recv(), OSError);
  EXPECT_THROW(copy.recv_bytes(), OSError);
  EXPECT_THROW(copy.poll(), OSError);
  EXPECT_THROW(copy.fileno(), OSError);
  EXPECT_THROW(b.send(copy), OSError);
  EXPECT_TRUE(Connection().closed());
  EXPECT_THROW(Connection().recv(), OSError);
}

TEST(Connection, RefusesWhatIsLongerThanMaxlengthAndIsUnreadableThen) {
  auto [a, b] = Pipe();
  a.send_bytes("four");
  a.send_bytes("fives");
  a.send_bytes("x");
  EXPECT_EQ(text(b.recv_bytes(4)), "four");
  EXPECT_THROW(b.recv_bytes(4), OSError);
  EXPECT_THROW(b.recv_bytes(), OSError);
  EXPECT_THROW(b.poll(), OSError);
  EXPECT_FALSE(b.closed());
  b.send("still writable");
  EXPECT_EQ(a.recv(), "still writable");
}

TEST(Connection, ThatOnlyReceivesIsClosedByALongerMessage) {
  auto [receiver, sender] = Pipe(false);
  sender.send_bytes("fives");
  EXPECT_THROW(receiver.recv_bytes(4), OSError);
  EXPECT_TRUE(receiver.closed());
}

TEST(Connection, NegativeMaxlengthTakesNothing) {
  auto [a, b] = Pipe();
  a.send_bytes("x");
  EXPECT_THROW(b.recv_bytes(-1), ValueError);
  EXPECT_EQ(text(b.recv_bytes(1)), "x");
  a.send_bytes("");
  EXPECT_EQ(text(b.recv_bytes(0)), "");
}

TEST(Connection, ReceivesIntoBuffers) {
  auto [a, b] = Pipe();
  std::string buffer = "..........";
  a.send_bytes("abc");
  EXPECT_EQ(b.recv_bytes_into(buffer), 3u);
  EXPECT_EQ(buffer, "abc.......");
  a.send_bytes("def");
  EXPECT_EQ(b.recv_bytes_into(buffer, 7), 3u);
  EXPECT_EQ(buffer, "abc....def");
  a.send_bytes("");
  EXPECT_EQ(b.recv_bytes_into(buffer, 9), 0u);
  a.send_bytes("");
  EXPECT_EQ(b.recv_bytes_into(std::string()), 0u);
  std::array<std::int32_t, 10> numbers{};
  a.send_bytes(std::array<std::int32_t, 5>{0, 1, 2, 3, 4});
  EXPECT_EQ(b.recv_bytes_into(numbers, 4), 20u);
  EXPECT_EQ(numbers, (std::array<std::int32_t, 10>{0, 0, 1, 2, 3, 4}));
}

TEST(Connection, ReceivingIntoAShortBufferGivesTheMessageInTheError) {
  auto [a, b] = Pipe();
  std::string buffer = "..........";
  a.send_bytes("abc");
  a.send_bytes("next");
  try {
    b.recv_bytes_into(buffer, 8);
    FAIL();
  } catch (const BufferTooShort& error) {
    EXPECT_EQ(text(error.message()), "abc");
  }
  EXPECT_EQ(buffer, "..........");
  EXPECT_EQ(b.recv_bytes_into(buffer), 4u);
  EXPECT_EQ(buffer, "next......");
}

TEST(Connection, ReceivingIntoABadOffsetTakesNothing) {
  auto [a, b] = Pipe();
  std::string buffer = "....";
  a.send_bytes("x");
  EXPECT_THROW(b.recv_bytes_into(buffer, -1), ValueError);
  EXPECT_THROW(b.recv_bytes_into(buffer, 5), ValueError);
  EXPECT_THROW(b.recv_bytes_into(buffer, 4), ValueError);
  EXPECT_EQ(text(b.recv_bytes()), "x");
}

TEST(Connection, PollLooksAndTakesNothing) {
  auto [a, b] = Pipe();
  EXPECT_FALSE(b.poll());
  EXPECT_FALSE(b.poll(-1s));
  a.send(1);
  EXPECT_TRUE(b.poll(Wait::forever()));
  EXPECT_TRUE(b.poll());
  EXPECT_EQ(b.recv(), 1);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(b.poll(20ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 20ms);
}

TEST(Connection, PollEndsWhenSomethingComes) {
  auto [a, b] = Pipe();
  std::thread sender([end = a] { end.send(1); });
  EXPECT_TRUE(b.poll(Wait::forever()));
  sender.join();
}

TEST(Connection, ALateMessageIsNotLost) {
  auto [a, b] = Pipe();
  EXPECT_THROW(b.recv(1ms), TimeoutError);
  EXPECT_THROW(b.recv_bytes(std::nullopt, 1ms), TimeoutError);
  a.send(1);
  EXPECT_EQ(b.recv(Wait::forever()), 1);
}

TEST(Connection, TravelsThroughTheCodec) {
  auto [a, b] = Pipe(false);
  Connection copy = decode<Connection>(encode_message(a));
  EXPECT_TRUE(copy.readable() && !copy.writable());
  a.close();
  b.send("for the copy");
  EXPECT_EQ(copy.recv(), "for the copy");
}

TEST(Connection, TravelsThroughAConnection) {
  auto [a, b] = Pipe();
  auto [c, d] = Pipe(false);
  a.send(c);
  a.send(list("two", d, d));
  c.close();
  d.close();
  Connection receiver = b.recv<Connection>();
  EXPECT_TRUE(receiver.readable() && !receiver.writable());
  const Object several = b.recv();
  several.get<List>()[1].as<Connection>().send(1);
  several.get<List>()[2].as<Connection>().send(2);
  EXPECT_EQ(receiver.recv(), 1);
  EXPECT_EQ(receiver.recv(), 2);
}

TEST(Connection, ThatWasNeverUnpackedIsClosedToo) {
  auto [a, b] = Pipe();
  auto [c, d] = Pipe();
  a.send(c);
  c.close();
  b.recv();
  EXPECT_THROW(d.recv(), EOFError);
}

TEST(Connection, IsNotMadeOfOtherThings) {
  EXPECT_THROW(Object(7).as<Connection>(), TypeError);
  EXPECT_THROW(Object(Instance{Global{"multiprocessing.connection", "Connection"}, tuple(7, true, true), {}, {}, {}}).as<Connection>(), TypeError);
  EXPECT_THROW(Connection(platform::Handle{}), ValueError);
  auto [a, b] = Pipe();
  EXPECT_THROW(Connection(platform::Channel::pair().first, false, false), ValueError);
}

}  // namespace
}  // namespace mp

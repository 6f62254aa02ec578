// Spawned children, on every system. The children are this program again: main() at the end plays the part that the first argument names.
#include "platform/child.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/error.h"
#include "platform/wait.h"

namespace mp::platform {
namespace {

using Outcome = Channel::Outcome;
using std::chrono::milliseconds;

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string to_text(const std::vector<std::byte>& bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void send_text(Channel& channel, std::string_view text) {
  ASSERT_EQ(channel.send(std::as_bytes(std::span(text)), {}, Deadline::never()), Outcome::kDone);
}

std::string receive_text(Channel& channel) { return to_text(channel.receive(Deadline::never()).message.bytes); }

Child spawn(const std::string& part, Message message = {}) { return Child::spawn("", {part}, std::move(message)); }

// A child and a channel to it; the child ends when the channel does.
struct Partner {
  explicit Partner(const std::string& part, std::string_view text = {}) {
    auto [here, there] = Channel::pair();
    channel = std::move(here);
    Message message{to_bytes(text), {}};
    message.handles.push_back(there.handle());
    there.close();
    child = spawn(part, std::move(message));
  }

  Channel channel;
  Child child;
};

bool is_ready(const Child& child) {
  const NativeHandle sentinel = child.sentinel();
  return !wait_any(std::span(&sentinel, 1), Deadline::passed()).empty();
}

TEST(ChildTest, EndsWithTheCodeThatMainReturns) {
  for (const int code : {0, 1, 2, 127, 128, 254, 255}) {
    const Child child = spawn("exit", {to_bytes(std::to_string(code)), {}});
    EXPECT_EQ(child.wait(Deadline::never()), code);
    EXPECT_EQ(child.exit_code(), code);
    EXPECT_EQ(child.wait(Deadline::passed()), code);
  }
}

TEST(ChildTest, HasAnotherPidThanItsParent) {
  Partner partner("pid");
  EXPECT_EQ(receive_text(partner.channel), std::to_string(partner.child.pid()));
  EXPECT_NE(partner.child.pid(), this_pid());
}

TEST(ChildTest, GetsItsArgumentsAsTheyAre) {
  auto [here, there] = Channel::pair();
  Message message;
  message.handles.push_back(there.handle());
  const std::vector<std::string> arguments{"arguments", "", "two words", "\"quoted\"", "back\\slash\\", "*", "h\xc3\xa9"};
  const Child child = Child::spawn("", arguments, std::move(message));
  for (const std::string& argument : arguments) EXPECT_EQ(receive_text(here), argument);
  EXPECT_EQ(child.wait(Deadline::never()), 0);
}

TEST(ChildTest, GetsABigMessageWhole) {
  Partner partner("length", std::string(20'000'000, 'x'));
  EXPECT_EQ(receive_text(partner.channel), "20000000");
}

TEST(ChildTest, GetsTheHandlesOfItsMessageInOrder) {
  std::vector<Channel> near;
  Message message;
  for (int i = 0; i < 300; ++i) {
    auto [here, there] = Channel::pair();
    near.push_back(std::move(here));
    message.handles.push_back(there.handle());
    if (i == 100) message.handles.emplace_back();
  }
  const Child child = spawn("answer on each", std::move(message));
  for (int i = 0; i < 300; ++i) EXPECT_EQ(receive_text(near[i]), std::to_string(i <= 100 ? i : i + 1));
  EXPECT_EQ(child.wait(Deadline::never()), 0);
  for (Channel& channel : near) EXPECT_EQ(channel.receive(Deadline::never()).outcome, Outcome::kEnded);
}

TEST(ChildTest, EndsWhileNobodyReadsItsMessage) {
  const Child child = spawn("exit without a look", {std::vector<std::byte>(1'000'000), {}});
  EXPECT_EQ(child.wait(Deadline::never()), 3);
}

TEST(ChildTest, RunsUntilItEndsAndTheSentinelTells) {
  Partner partner("echo");
  send_text(partner.channel, "hello");
  EXPECT_EQ(receive_text(partner.channel), "hello");
  EXPECT_EQ(partner.child.exit_code(), std::nullopt);
  EXPECT_FALSE(is_ready(partner.child));
  const Deadline deadline = Deadline::after(milliseconds(20));
  EXPECT_EQ(partner.child.wait(deadline), std::nullopt);
  EXPECT_TRUE(deadline.has_passed());
  partner.channel.close();
  const NativeHandle sentinel = partner.child.sentinel();
  EXPECT_EQ(wait_any(std::span(&sentinel, 1), Deadline::never()).size(), 1u);
  EXPECT_EQ(partner.child.exit_code(), 0);
  EXPECT_TRUE(is_ready(partner.child));
}

TEST(ChildTest, TerminateEndsIt) {
  Partner partner("echo");
  partner.child.terminate();
  EXPECT_EQ(partner.child.wait(Deadline::never()), -15);
  partner.child.terminate();  // no effect
  EXPECT_EQ(partner.child.exit_code(), -15);
}

TEST(ChildTest, KillEndsIt) {
  Partner partner("echo");
  partner.child.kill();
  EXPECT_LT(partner.child.wait(Deadline::never()).value(), 0);
  EXPECT_EQ(partner.channel.receive(Deadline::never()).outcome, Outcome::kEnded);
}

TEST(ChildTest, GoesOnWithoutItsObject) {
  Partner partner("echo");
  partner.child = Child();
  send_text(partner.channel, "still there?");
  EXPECT_EQ(receive_text(partner.channel), "still there?");
}

TEST(ChildTest, AMovedObjectKeepsTheChild) {
  Partner partner("echo");
  const std::int64_t pid = partner.child.pid();
  Child moved = std::move(partner.child);
  EXPECT_EQ(moved.pid(), pid);
  partner.channel.close();
  EXPECT_EQ(moved.wait(Deadline::never()), 0);
}

TEST(ChildTest, AProgramThatDoesNotExistIsAnError) {
  EXPECT_THROW(Child::spawn(this_program() + ".is.not.there", {}, {}), OsError);
}

TEST(ChildTest, ThreadsThatWaitAtOnceAllSeeTheCode) {
  for (int code = 0; code < 30; ++code) {
    const Child child = spawn("exit", {to_bytes(std::to_string(code)), {}});
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        EXPECT_EQ(child.wait(Deadline::never()), code);
        EXPECT_EQ(child.exit_code(), code);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(ChildTest, ManyThatEndAtRandomAreToldApart) {
  constexpr std::size_t kChildren = 100;
  std::vector<Partner> partners;
  for (std::size_t i = 0; i < kChildren; ++i) partners.emplace_back("echo");
  std::vector<std::size_t> order(kChildren);
  for (std::size_t i = 0; i < kChildren; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(4711));
  std::thread ender([&] {
    for (const std::size_t i : order) {
      i % 2 ? partners[i].child.terminate() : partners[i].channel.close();
    }
  });
  std::map<std::size_t, int> codes;
  std::vector<std::size_t> running = order;
  while (!running.empty()) {
    std::vector<NativeHandle> sentinels;
    for (const std::size_t i : running) sentinels.push_back(partners[i].child.sentinel());
    for (const std::size_t place : wait_any(sentinels, Deadline::never())) {
      const auto code = partners[running[place]].child.exit_code();
      ASSERT_TRUE(code.has_value());
      codes[running[place]] = *code;
    }
    std::erase_if(running, [&](std::size_t i) { return codes.contains(i); });
  }
  ender.join();
  for (std::size_t i = 0; i < kChildren; ++i) EXPECT_EQ(codes[i], i % 2 ? -15 : 0) << i;
}

// The child cannot finish its message before somebody reads it, so it is in the middle of it when it is killed.
TEST(ChildTest, OneKilledInTheMiddleOfAMessageBreaksTheChannel) {
  Partner partner("flood");
  EXPECT_TRUE(partner.channel.readable(Deadline::never()));
  partner.child.kill();
  EXPECT_EQ(partner.channel.receive(Deadline::never()).outcome, Outcome::kBroken);
}

TEST(ChildTest, ThisProcessWasNotSpawned) {
  char name[] = "program";
  char other[] = "argument";
  char* argv[] = {name, other, nullptr};
  EXPECT_FALSE(entered(2, argv).has_value());
  EXPECT_FALSE(entered(1, argv).has_value());
}

TEST(ChildTest, ASecondLookFindsNoMessage) {
  Partner partner("second look");
  EXPECT_EQ(receive_text(partner.channel), "nothing");
}

int echo(Channel& channel) {
  for (;;) {
    auto received = channel.receive(Deadline::never());
    if (received.outcome != Outcome::kDone) return 0;
    channel.send(std::move(received.message), Deadline::never());
  }
}

int play(std::string_view part, Message& message, int argc, char** argv) {
  if (part == "exit") return std::stoi(to_text(message.bytes));
  if (part == "answer on each") {
    for (std::size_t i = 0; i < message.handles.size(); ++i) {
      if (!message.handles[i]) continue;
      Channel channel = Channel::adopt(std::move(message.handles[i]));
      channel.send({to_bytes(std::to_string(i)), {}}, Deadline::never());
    }
    return 0;
  }
  Channel channel = Channel::adopt(std::move(message.handles.at(0)));
  const auto say = [&](std::string_view text) { channel.send({to_bytes(text), {}}, Deadline::never()); };
  if (part == "echo") return echo(channel);
  if (part == "pid") say(std::to_string(this_pid()));
  if (part == "length") say(std::to_string(message.bytes.size()));
  if (part == "flood") say(std::string(100'000'000, 'x'));
  if (part == "second look") say(entered(argc, argv) ? "something" : "nothing");
  if (part == "arguments") {
    for (int i = 2; i < argc; ++i) say(argv[i]);
  }
  return 0;
}

}  // namespace
}  // namespace mp::platform

int main(int argc, char** argv) {
  if (argc > 2 && std::string_view(argv[2]) == "exit without a look") return 3;
  if (auto entry = mp::platform::entered(argc, argv)) return mp::platform::play(argv[2], entry->message, argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

// What Pipe makes, and who can hold its ends.
#include <vector>

#include "conformance/suites/connection_moments.h"
#include "spec/clauses/connection.h"

namespace mp::conformance {

CLAUSE_TEST(connection_pipe_default_duplex, WorksBothWays) {
  auto [first, second] = main().make("Pipe").pair();
  expect_carries_both_ways(main(), first, main(), second);
}

CLAUSE_TEST(connection_pipe_duplex, WorksBothWays) {
  auto [first, second] = main().make("Pipe", true).pair();
  expect_carries_both_ways(main(), first, main(), second);
}

CLAUSE_TEST(connection_pipe_duplex, WorksBothWaysByName) {
  auto [first, second] = main().make("Pipe", Kwargs{{"duplex", true}}).pair();
  expect_carries_both_ways(main(), first, main(), second);
}

CLAUSE_TEST(connection_pipe_simplex, TheFirstReceives) {
  auto [first, second] = main().make("Pipe", false).pair();
  expect_carries(main(), second, main(), first);
}

CLAUSE_TEST(connection_pipe_simplex, TheFirstReceivesByName) {
  auto [first, second] = main().make("Pipe", Kwargs{{"duplex", false}}).pair();
  expect_carries(main(), second, main(), first);
}

CLAUSE_TEST(connection_pipe_simplex_first_cannot_send, SendIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(first, "send", 1), "Exception");
}

CLAUSE_TEST(connection_pipe_simplex_first_cannot_send, SendBytesIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(first, "send_bytes", Bytes("x")), "Exception");
}

CLAUSE_TEST(connection_pipe_simplex_second_cannot_receive, RecvIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(second, "recv"), "Exception");
}

CLAUSE_TEST(connection_pipe_simplex_second_cannot_receive, RecvBytesIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(second, "recv_bytes"), "Exception");
}

CLAUSE_TEST(connection_pipe_simplex_second_cannot_receive, RecvBytesIntoIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(second, "recv_bytes_into", buffer(main(), "....")), "Exception");
}

CLAUSE_TEST(connection_pipe_simplex_second_cannot_poll, PollIsRefused) {
  auto [first, second] = main().make("Pipe", false).pair();
  EXPECT_RAISES(main().call(second, "poll"), "Exception");
}

CLAUSE_TEST(connection_pipe_ends_differ, NothingComesBackToItsSender) {
  auto [first, second] = main().make("Pipe").pair();
  main().call(first, "send", "to the second");
  EXPECT_EQ(main().call(first, "poll"), false);
  EXPECT_EQ(main().call(second, "recv"), "to the second");
  main().call(second, "send", "to the first");
  EXPECT_EQ(main().call(second, "poll"), false);
  EXPECT_EQ(main().call(first, "recv"), "to the first");
}

CLAUSE_TEST(connection_pipe_to_child, ConnectsItBothWays) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  main().call(here, "send", "down");
  EXPECT_EQ(child.call(there, "recv"), "down");
  child.call(there, "send", "up");
  EXPECT_EQ(main().call(here, "recv"), "up");
}

CLAUSE_TEST(connection_pipe_to_child, ByName) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({}, {.kwargs = {{"end", there}}});
  ASSERT_EQ(child.kwargs().items.size(), 1u);
  const auto* arrived = child.kwargs().items[0].second.as<Handle>();
  ASSERT_NE(arrived, nullptr);
  main().call(here, "send", "down");
  EXPECT_EQ(child.call(Ref(arrived->number), "recv"), "down");
}

CLAUSE_TEST(connection_pipe_between_children, TheyTalkWithoutTheirParent) {
  auto [one_end, other_end] = main().make("Pipe").pair();
  Actor& one = start_process({one_end});
  Actor& other = start_process({other_end});
  main().call(one_end, "close");
  main().call(other_end, "close");
  expect_carries_both_ways(one, one_end, other, other_end);
}

// A few small messages at a time, for which every road has room.
CLAUSE_TEST(connection_pipe_both_ways_at_once, NothingIsMixedUp) {
  constexpr int kRounds = 50, kAtOnce = 4;
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  const auto steps = [](Ref end, const std::string& from) {
    std::vector<Step> steps;
    for (int i = 0; i < kAtOnce; ++i) {
      steps.push_back(Step::call(end, "send", from + std::to_string(i) + std::string(500, 'x')));
    }
    for (int i = 0; i < kAtOnce; ++i) steps.push_back(Step::call(end, "recv"));
    return steps;
  };
  const Pending down = main().begin_batch(steps(here, "down"), kRounds);
  const Pending up = child.begin_batch(steps(there, "up"), kRounds);
  const auto check = [](const std::vector<Reply>& replies, const std::string& from) {
    ASSERT_EQ(replies.size(), static_cast<std::size_t>(2 * kAtOnce * kRounds));
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const std::size_t step = i % (2 * kAtOnce);
      if (step < kAtOnce) {
        ASSERT_RETURNED(replies[i]);
      } else {
        ASSERT_RETURNED(replies[i], from + std::to_string(step - kAtOnce) + std::string(500, 'x'));
      }
    }
  };
  check(replies_of(down), "up");
  check(replies_of(up), "down");
}

// More than the road holds goes each way, so both can only go on because both receive.
CLAUSE_TEST(connection_pipe_both_ways_at_once, LargeMessagesCross) {
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  const Pending down = main().thread("sender").begin(here, "send", large_item());
  const Pending up = child.thread("sender").begin(there, "send", large_item());
  const Pending arriving = child.begin(there, "recv");
  EXPECT_RETURNED(main().call(here, "recv"), large_item());
  EXPECT_RETURNED(arriving, large_item());
  EXPECT_RETURNED(down);
  EXPECT_RETURNED(up);
}

// ---- A connection inside a message. The child began before the pipe was made, so it has nothing of it by itself.

CLAUSE_TEST(connection_transfer, WorksThereBothWays) {
  need(Testee::kPassConnections);
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  auto [end, far_end] = main().make("Pipe").pair();
  main().call(here, "send", end);
  const Reply arrived = child.call(there, "recv");
  ASSERT_TRUE(see(arrived).is<Handle>());
  expect_carries_both_ways(child, arrived, main(), far_end);
}

CLAUSE_TEST(connection_transfer, OfASimplexPipeItIsTheSameEnd) {
  need(Testee::kPassConnections);
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  auto [reader, writer] = main().make("Pipe", false).pair();
  main().call(here, "send", writer);
  const Reply arrived = child.call(there, "recv");
  ASSERT_TRUE(see(arrived).is<Handle>());
  expect_carries(child, arrived, main(), reader);
  EXPECT_RAISES(child.call(arrived, "recv"), "Exception");
}

CLAUSE_TEST(connection_transfer, InsideAList) {
  need(Testee::kPassConnections);
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  auto [end, far_end] = main().make("Pipe").pair();
  main().call(here, "send", List{"an end", end});
  const Value arrived = see(child.call(there, "recv"));
  ASSERT_TRUE(arrived.is<List>() && arrived.items().size() == 2u && arrived.items()[1].is<Handle>());
  EXPECT_EQ(arrived.items()[0], Value("an end"));
  expect_carries_both_ways(child, Ref(arrived.items()[1].as<Handle>()->number), main(), far_end);
}

CLAUSE_TEST(connection_transfer_sender_closes, ItGoesOnThere) {
  need(Testee::kPassConnections);
  auto [here, there] = main().make("Pipe").pair();
  Actor& child = start_process({there});
  auto [end, far_end] = main().make("Pipe").pair();
  main().call(here, "send", end);
  const Ref arrived = child.call(there, "recv");
  main().call(end, "close");
  expect_carries_both_ways(child, arrived, main(), far_end);
}

}  // namespace mp::conformance

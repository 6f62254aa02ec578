#include "conformance/suites/queue_moments.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace mp::conformance {

std::vector<Step> puts(Ref queue, std::int64_t first, int count) {
  std::vector<Step> steps;
  for (std::int64_t item = first; item < first + count; ++item) steps.push_back(Step::call(queue, "put", item));
  return steps;
}

Value backlog_item(int number) { return std::to_string(number) + std::string(std::size_t{64} << 10, 'x'); }

std::vector<Step> backlog(Ref queue) {
  std::vector<Step> steps;
  for (int number = 0; number < kBacklog; ++number) steps.push_back(Step::call(queue, "put", backlog_item(number)));
  return steps;
}

// Each producer has numbers of its own; the consumers share the work as evenly as it goes.
void expect_exactly_once(Ref queue, std::vector<Caller> producers, std::vector<Caller> consumers, int items_of_each) {
  const std::size_t total = producers.size() * static_cast<std::size_t>(items_of_each);
  std::vector<Pending> getting, putting;
  for (std::size_t i = 0; i < consumers.size(); ++i) {
    const std::size_t share = total / consumers.size() + (i < total % consumers.size() ? 1 : 0);
    getting.push_back(consumers[i].begin_batch({Step::call(queue, "get")}, static_cast<std::int64_t>(share)));
  }
  for (std::size_t i = 0; i < producers.size(); ++i) {
    putting.push_back(
        producers[i].begin_batch(puts(queue, static_cast<std::int64_t>(i) * items_of_each, items_of_each)));
  }
  std::vector<std::int64_t> expected(total), got;
  for (std::size_t i = 0; i < total; ++i) expected[i] = static_cast<std::int64_t>(i);
  for (const Pending& batch : getting) {
    for (const Reply& reply : replies_of(batch)) got.push_back(see(reply).integer());
  }
  for (const Pending& batch : putting) {
    for (const Reply& reply : replies_of(batch)) EXPECT_RETURNED(reply);
  }
  std::ranges::sort(got);
  EXPECT_EQ(got, expected);
}

// Where a put hands its item to a thread, the reader sees the beginning of the item, and then that thread has fallen
// asleep in the rest. Where a put writes by itself, it has fallen asleep without coming back. Else it came back, and
// all of the item is there.
void kill_while_putting(Actor& writer, Ref queue, Caller reader, std::vector<Step> more) {
  more.insert(more.begin(), Step::call(queue, "put", large_item()));
  const Pending putting = writer.begin_batch(std::move(more));
  Testee& testee = writer.testee();
  testee.wait([&] { return putting.exchange().is_closed(); }, Clock::now() + std::chrono::milliseconds(100));
  if (putting.exchange().is_closed()) await_becomes(reader, Step::call(queue, "empty"), false);
  await_asleep(writer);
  kill_and_await(writer);
}

void expect_order_of_each(Ref queue, Actor& one, Actor& other, Caller consumer) {
  constexpr int kItems = 100;
  Pending putting = one.begin_batch(puts(queue, 0, kItems)), putting_too = other.begin_batch(puts(queue, 1000, kItems));
  std::int64_t next[] = {0, 1000};
  for (const Reply& reply : consumer.batch({Step::call(queue, "get")}, 2 * kItems)) {
    const std::int64_t item = see(reply).integer();
    ASSERT_EQ(item, next[item / 1000]++);
  }
  replies_of(putting), replies_of(putting_too);
}

void expect_kinds_arrive_equal(Ref queue, Caller producer, Caller consumer) {
  const Values items = {None,
                        true,
                        -1,
                        big("123456789012345678901234567890"),
                        1.5,
                        "gr\u00fc\u00df",
                        Bytes("\0\xff\n"),
                        Tuple{1, 2.5},
                        List{1, Tuple{"two", None}},
                        Dict{{"key", Set{1, 2}}}};
  for (const Value& item : items) {
    producer.call(queue, "put", item);
    EXPECT_EQ(consumer.call(queue, "get"), item);
  }
}

void expect_both_ways(Ref queue, Caller one, Caller other) {
  one.call(queue, "put", "up");
  EXPECT_EQ(other.call(queue, "get"), "up");
  other.call(queue, "put", "down");
  EXPECT_EQ(one.call(queue, "get"), "down");
}

void expect_get_after_dead_getter(Ref queue, Actor& dead, Caller survivor) {
  await_blocked(dead.begin(queue, "get"));
  kill_and_await(dead);
  survivor.call(queue, "put", 1);
  EXPECT_EQ(survivor.call(queue, "get"), 1);
}

void expect_get_beside_dead_getter(Ref queue, Actor& dead, Actor& live, Caller producer) {
  await_blocked(dead.begin(queue, "get"));  // the first in any line
  Pending getting = live.begin(queue, "get");
  await_blocked(getting);
  kill_and_await(dead);
  producer.call(queue, "put", 1);
  EXPECT_RETURNED(getting, 1);
}

void expect_item_or_error_after_dead_putter(Ref queue, Actor& dead, Caller survivor) {
  kill_while_putting(dead, queue, survivor);
  const Reply put = survivor.call(queue, "put", 1);
  ASSERT_CAME_BACK(put);
  if (put.error() != nullptr) return;
  Reply got = survivor.call(queue, "get");
  ASSERT_CAME_BACK(got);
  if (got.error() != nullptr) return;
  if (*got.value() == large_item()) got = survivor.call(queue, "get");
  EXPECT_EQ(got, 1);
}

}  // namespace mp::conformance

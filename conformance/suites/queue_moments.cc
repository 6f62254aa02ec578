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

}  // namespace mp::conformance

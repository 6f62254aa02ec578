// Many at once. Who took the lock holds it at least from the moment that acquire had returned to the moment that
// release was called; both are told by one clock for all processes, so two such times that overlap are a proof.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {
namespace {

constexpr std::int64_t kTurns = 25;

// From acquire to release, with everything that was done in between.
struct Section {
  double begin, end;
  std::vector<Reply> replies;
};

// All at the same time; the sections of all of them in the order in which they began.
std::vector<Section> contend(std::vector<Caller> callers, const std::vector<std::vector<Step>>& steps,
                             std::size_t steps_a_turn) {
  std::vector<Pending> batches;
  for (std::size_t i = 0; i < callers.size(); ++i) batches.push_back(callers[i].begin_batch(steps[i]));
  std::vector<Section> sections;
  for (const Pending& batch : batches) {
    const std::vector<Reply> replies = replies_of(batch);
    for (const Reply& reply : replies) see(reply);
    for (auto turn = replies.begin(); turn != replies.end(); turn += static_cast<std::ptrdiff_t>(steps_a_turn)) {
      const auto last = turn + static_cast<std::ptrdiff_t>(steps_a_turn) - 1;
      sections.push_back({turn->at() + turn->seconds(), last->at(), {turn, last + 1}});
    }
  }
  std::ranges::sort(sections, {}, &Section::begin);
  return sections;
}

// acquire, a short nap, release.
std::vector<Step> naps(Ref lock) {
  std::vector<Step> steps;
  for (std::int64_t turn = 0; turn < kTurns; ++turn) {
    steps.insert(steps.end(), {Step::call(lock, "acquire"), Step::sleep(0.0003), Step::call(lock, "release")});
  }
  return steps;
}

// acquire, read, write a number that nobody else writes, release.
std::vector<Step> writings(Ref lock, Ref shared, std::int64_t first) {
  std::vector<Step> steps;
  for (std::int64_t number = first; number < first + kTurns; ++number) {
    steps.insert(steps.end(),
                 {Step::call(lock, "acquire"), Step::get(shared, "value"), Step::set(shared, "value", number),
                  Step::get(shared, "value"), Step::call(lock, "release")});
  }
  return steps;
}

// The first overlap says it all.
void expect_apart(const std::vector<Section>& sections) {
  const auto overlaps = [](const Section& one, const Section& next) { return next.begin < one.end; };
  const auto first = std::ranges::adjacent_find(sections, overlaps);
  if (first == sections.end()) return;
  const Exchange& one = first->replies.front().exchange();
  const Exchange& next = std::next(first)->replies.front().exchange();
  one.testee->note_cause("overlap");
  ADD_FAILURE() << "two held the lock at once: " << one.actor->name() << "/" << one.thread << " until " << first->end
                << ", " << next.actor->name() << "/" << next.thread << " from " << std::next(first)->begin;
}

}  // namespace

CLAUSE_TEST(lock_exclusion_processes, NoTwoHoldItAtOnce) {
  Ref lock = main().make("Lock");
  const std::vector<Caller> callers = {start_process({lock}), start_process({lock}), start_process({lock})};
  expect_apart(contend(callers, {naps(lock), naps(lock), naps(lock)}, 3));
}

CLAUSE_TEST(lock_exclusion_threads, NoTwoHoldItAtOnce) {
  Ref lock = main().make("Lock");
  const std::vector<Caller> callers = {main().thread("one"), main().thread("two"), main().thread("three")};
  expect_apart(contend(callers, {naps(lock), naps(lock), naps(lock)}, 3));
}

CLAUSE_TEST(lock_share_memory_visible, EachSeesWhatTheOneBeforeWrote) {
  Ref lock = main().make("Lock");
  Ref shared = main().make("RawValue", "i", 0);
  const std::vector<Caller> callers = {start_process({lock, shared}), start_process({lock, shared})};
  Value last = 0;
  for (const Section& section : contend(callers, {writings(lock, shared, 100), writings(lock, shared, 200)}, 5)) {
    ASSERT_EQ(section.replies[1], last);
    last = see(section.replies[3]);
  }
}

}  // namespace mp::conformance

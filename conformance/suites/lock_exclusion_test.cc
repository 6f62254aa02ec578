// Many at once.
#include <cstdint>
#include <random>
#include <vector>

#include "conformance/suites/section_moments.h"
#include "spec/clauses/lock.h"

namespace mp::conformance {
namespace {

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

}  // namespace

CLAUSE_TEST(lock_exclusion_processes, NoTwoHoldItAtOnce) {
  Ref lock = main().make("Lock");
  const std::vector<Caller> callers = {start_process({lock}), start_process({lock}), start_process({lock})};
  expect_at_most(1, contend(callers, {naps(lock), naps(lock), naps(lock)}, 3));
}

// Who tries and when it is released is drawn from the seed.
CLAUSE_TEST(lock_exclusion_processes, NobodyGetsItInARandomHistoryWhileItIsHeld) {
  std::mt19937_64 random(seed());
  Ref lock = main().make("Lock");
  std::vector<Caller> callers = {main(), start_process({lock}), start_process({lock})};
  std::size_t holder = callers.size();  // nobody
  for (int step = 0; step < 80; ++step) {
    const std::size_t who = random() % callers.size();
    if (who == holder) {
      callers[who].call(lock, "release");
      holder = callers.size();
    } else {
      const bool is_free = holder == callers.size();
      ASSERT_EQ(callers[who].call(lock, "acquire", false), is_free);
      if (is_free) holder = who;
    }
  }
}

CLAUSE_TEST(lock_exclusion_threads, NoTwoHoldItAtOnce) {
  Ref lock = main().make("Lock");
  const std::vector<Caller> callers = {main().thread("one"), main().thread("two"), main().thread("three")};
  expect_at_most(1, contend(callers, {naps(lock), naps(lock), naps(lock)}, 3));
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

// Many at once.
#include <vector>

#include "conformance/suites/section_moments.h"
#include "spec/clauses/rlock.h"

namespace mp::conformance {
namespace {

// In and one level deeper, out in two steps: a lock that is lost at the inner release lets others in during the second nap.
constexpr std::size_t kStepsATurn = 6;
std::vector<Step> nested_naps(Ref lock) {
  std::vector<Step> steps;
  for (std::int64_t turn = 0; turn < kTurns; ++turn) {
    steps.insert(steps.end(), {Step::call(lock, "acquire"), Step::call(lock, "acquire"), Step::sleep(0.0002),
                               Step::call(lock, "release"), Step::sleep(0.0002), Step::call(lock, "release")});
  }
  return steps;
}

}  // namespace

CLAUSE_TEST(rlock_exclusion_processes, NoTwoOwnItAtOnce) {
  Ref lock = main().make("RLock");
  const std::vector<Caller> callers = {start_process({lock}), start_process({lock}), start_process({lock})};
  const std::vector<Step> steps = nested_naps(lock);
  expect_at_most(1, contend(callers, {steps, steps, steps}, kStepsATurn));
}

CLAUSE_TEST(rlock_exclusion_threads, NoTwoOwnItAtOnce) {
  Ref lock = main().make("RLock");
  const std::vector<Caller> callers = {main().thread("one"), main().thread("two"), main().thread("three")};
  const std::vector<Step> steps = nested_naps(lock);
  expect_at_most(1, contend(callers, {steps, steps, steps}, kStepsATurn));
}

}  // namespace mp::conformance

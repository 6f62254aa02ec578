// Words of the suites of what lets few in at a time: those who contend for it, and the proof that too many were inside.
#ifndef CONFORMANCE_SUITES_SECTION_MOMENTS_H_
#define CONFORMANCE_SUITES_SECTION_MOMENTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

inline constexpr std::int64_t kTurns = 25;

// From acquire to release, with everything that was done in between. Who is inside is so at least from the moment that
// acquire had returned to the moment that release was called; both are told by one clock for all processes.
struct Section {
  double begin, end;
  std::vector<Reply> replies;
};

// All at the same time; the sections of all of them in the order in which they began. The first step of each turn
// acquires, the last one releases.
std::vector<Section> contend(std::vector<Caller> callers, const std::vector<std::vector<Step>>& steps,
                             std::size_t steps_a_turn);

// kTurns of acquire, a short nap, release.
std::vector<Step> naps(Ref lock);

// At no moment more than so many sections had begun and not ended.
void expect_at_most(std::size_t together, const std::vector<Section>& sections);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_SECTION_MOMENTS_H_

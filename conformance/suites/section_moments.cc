#include "conformance/suites/section_moments.h"

#include <algorithm>
#include <string>

namespace mp::conformance {
namespace {

std::string name_of(const Section& section) {
  const Exchange& exchange = section.replies.front().exchange();
  return exchange.actor->name() + (exchange.thread.empty() ? "" : "/" + exchange.thread);
}

}  // namespace

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

std::vector<Step> naps(Ref lock) {
  std::vector<Step> steps;
  for (std::int64_t turn = 0; turn < kTurns; ++turn) {
    steps.insert(steps.end(), {Step::call(lock, "acquire"), Step::sleep(0.0003), Step::call(lock, "release")});
  }
  return steps;
}

// Most are inside at a moment when one comes in, and the first such moment says it all.
void expect_at_most(std::size_t together, const std::vector<Section>& sections) {
  std::vector<const Section*> inside;
  for (const Section& section : sections) {
    std::erase_if(inside, [&](const Section* other) { return other->end <= section.begin; });
    inside.push_back(&section);
    if (inside.size() <= together) continue;
    section.replies.front().exchange().testee->note_cause("overlap");
    std::string who;
    for (const Section* one : inside) {
      who += "\n  " + name_of(*one) + " from " + std::to_string(one->begin) + " to " + std::to_string(one->end);
    }
    ADD_FAILURE() << inside.size() << " were inside at once, where " << together << " may be:" << who;
    return;
  }
}

}  // namespace mp::conformance

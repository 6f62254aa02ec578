// Words of the suites of queues.
#ifndef CONFORMANCE_SUITES_QUEUE_MOMENTS_H_
#define CONFORMANCE_SUITES_QUEUE_MOMENTS_H_

#include <cstdint>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// Puts of `count` numbers from `first` on.
std::vector<Step> puts(Ref queue, std::int64_t first, int count);

// More than any pipe holds, in items of 64 KiB; each begins with its number.
std::vector<Step> backlog(Ref queue);
Value backlog_item(int number);
inline constexpr int kBacklog = 16;

// Producers and consumers at the same time: what is put is what is got.
void expect_exactly_once(Ref queue, std::vector<Caller> producers, std::vector<Caller> consumers, int items_of_each);

// Ends the process while it writes a large item: asleep in the middle of it, if the implementation writes to something
// that fills up, else when nothing is left to write.
void kill_while_putting(Actor& writer, Ref queue, Caller reader, std::vector<Step> more = {});

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_QUEUE_MOMENTS_H_

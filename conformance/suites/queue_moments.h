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

// The numbers of each of two producers come in the order in which it put them.
void expect_order_of_each(Ref queue, Actor& one, Actor& other, Caller consumer);

// One item of each kind, there and equal.
void expect_kinds_arrive_equal(Ref queue, Caller producer, Caller consumer);

// An item there, an item back.
void expect_both_ways(Ref queue, Caller one, Caller other);

// A getter that is killed while it waits takes nothing with it: neither from who gets later, nor from who waited behind it.
void expect_get_after_dead_getter(Ref queue, Actor& dead, Caller survivor);
void expect_get_beside_dead_getter(Ref queue, Actor& dead, Actor& live, Caller producer);

// Of a putter that is killed in the middle: a later item arrives, or an error comes, but nobody hangs. The large item itself may arrive,
// if all of it was written.
void expect_item_or_error_after_dead_putter(Ref queue, Actor& dead, Caller survivor);

// Ends the process while it writes a large item: asleep in the middle of it, if the implementation writes to something
// that fills up, else when nothing is left to write.
void kill_while_putting(Actor& writer, Ref queue, Caller reader, std::vector<Step> more = {});

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_QUEUE_MOMENTS_H_

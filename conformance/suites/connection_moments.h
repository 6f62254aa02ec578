// Words of the suites of connections.
#ifndef CONFORMANCE_SUITES_CONNECTION_MOMENTS_H_
#define CONFORMANCE_SUITES_CONNECTION_MOMENTS_H_

#include <cstddef>
#include <initializer_list>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// So many bytes, of which no part is like another of the same length: what is lost, doubled or moved shows.
Value pattern(std::size_t size);

// A writable buffer of that process with this content.
Ref buffer(Caller& caller, const char* content);
// What the buffer holds is looked at.
#define EXPECT_HOLDS(caller, buffer, content) EXPECT_EQ((caller).call(buffer, "bytes"), Bytes(content))

// The messages from `first` on, as many as that.
std::vector<Step> sends(Ref end, int first, int count);

// Sends again and again until that is refused: that everybody has closed the other end may be noticed a little later. Gives
// the last reply.
Reply send_until_refused(Caller& caller, Ref end);

// What is sent at one end comes out at the other. It is looked at.
void expect_carries(Caller& from, Ref sender, Caller& to, Ref receiver);
void expect_carries_both_ways(Caller& one, Ref end, Caller& other, Ref other_end);

// Ends the process while it sends a large object into that end: it is asleep in the middle of it.
void kill_while_sending(Actor& sender, Ref end);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_CONNECTION_MOMENTS_H_

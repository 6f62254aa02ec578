// Words of the suites of managers and proxies.
#ifndef CONFORMANCE_SUITES_MANAGER_MOMENTS_H_
#define CONFORMANCE_SUITES_MANAGER_MOMENTS_H_

#include <string>
#include <vector>

#include "conformance/suites/moments.h"

namespace mp::conformance {

inline constexpr const char* kManagerKey = "the key of the manager";

// Arrangement: a BaseManager, with the adapter's own classes on it, whose server runs.
Ref start_manager(Caller& caller, const Kwargs& options = {});
// Arrangement: a manager of another process, which serves in the foreground of that one until the test ends. A server that
// nobody stopped may leave its file: whoever uses this allows leftovers.
struct Foreground {
  Ref server;
  Value address;
  Pending serving;
};
Foreground serve_in(Actor& actor, const Kwargs& options = {});
// Arrangement: a manager that is being started, and its server, which can be told what to do before it serves.
struct Starting {
  Ref manager;
  Actor& server;
  Pending start;
};
Starting begin_start(Actor& maker, const Kwargs& options = {});
void let_serve(const Starting& starting);
// A client with that key, not yet connected.
Ref make_client(Caller& caller, const Value& address, const std::string& key = kManagerKey);
// Arrangement: the same, connected.
Ref connect_client(Caller& caller, const Value& address, const std::string& key = kManagerKey);
Kwargs served_at(const Value& address, const std::string& key = kManagerKey);
Value address_of_manager(Caller& caller, Ref manager);
// Arrangement: an address at which nobody listens any more, and one of the default family at which one may listen.
Value abandoned_address(Caller& caller);
Value free_address(Caller& caller);

// The object that a call gave, when that is the act.
Ref object_in(const Reply& reply);
// Arrangement: the Process objects of the children that live.
std::vector<Ref> children_of(Caller& caller);
// Arrangement: the Process object of the only child that lives.
Ref only_child_of(Caller& caller);
// All items of a shared list.
Step items_of(Ref list);

testing::AssertionResult not_there(const char* text, const Pending& pending);

}  // namespace mp::conformance

// It is refused: there is no such thing, or it cannot be used so.
#define EXPECT_NOT_THERE(pending) EXPECT_PRED_FORMAT1(::mp::conformance::not_there, pending)
// The server has ended: its maker has no living child any more.
#define EXPECT_NO_CHILDREN(caller) EXPECT_BECOMES(caller, Step::call("active_children"), List{})

#endif  // CONFORMANCE_SUITES_MANAGER_MOMENTS_H_

#ifndef CONFORMANCE_HARNESS_GUARD_ORDER_POSIX_H_
#define CONFORMANCE_HARNESS_GUARD_ORDER_POSIX_H_

#include <optional>

namespace mp::conformance {

// What the runner asks of the post: a guard with these as its standard input and output.
struct GuardOrder {
  int input = -1;
  int output = -1;
  bool closely = true;  // in namespaces of its own, where the system allows that
};

// Over a socket of AF_UNIX. False: the post has ended.
bool send_order(int socket, const GuardOrder& order);
// Blocks. The descriptors are the receiver's. Nothing: the runner has ended.
std::optional<GuardOrder> receive_order(int socket);

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_GUARD_ORDER_POSIX_H_

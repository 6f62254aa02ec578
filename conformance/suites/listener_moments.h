// Words of the suites of listeners.
#ifndef CONFORMANCE_SUITES_LISTENER_MOMENTS_H_
#define CONFORMANCE_SUITES_LISTENER_MOMENTS_H_

#include <string>

#include "conformance/suites/moments.h"

namespace mp::conformance {

// The object that a call gave, when that is the act.
Ref made(const Reply& reply);
Ref made(const Pending& pending);

Kwargs with_key(const std::string& key);
Kwargs of_family(const std::string& family);

// The families that the specification has for the testee's system, and one of them, with files.
inline constexpr const char* kTcp = "AF_INET";
inline constexpr const char* kUnix = "AF_UNIX";
inline constexpr const char* kPipe = "AF_PIPE";

// Two ends of a connection, each with who has it.
struct Ends {
  Caller& server;
  Ref accepted;
  Caller& client;
  Ref called;
};

// The client calls, the server accepts: both are looked at.
Ends connect(Caller& server, Ref listener, Caller& client, const Kwargs& options = {});
// What either end sends the other receives.
void expect_connected(const Ends& ends);

// A client that connects and does nothing more.
Ref connect_in_silence(Caller& caller, const Value& address);

// Arrangement: the address of a listener, and a path beside that of a Unix listener which has no file yet.
Value address_of(Caller& caller, Ref listener);
Value path_beside(Caller& caller, Ref unix_listener);
// Arrangement: where nobody listens any more.
Value abandoned_address(Caller& caller, const std::string& family);

// The next client with that key is accepted, after errors that accept raises for those who came before it.
void expect_next_is_accepted(Caller& server, Ref listener, Caller& client, const std::string& key);

}  // namespace mp::conformance

#endif  // CONFORMANCE_SUITES_LISTENER_MOMENTS_H_

#ifndef REFERENCE_SERVER_H_
#define REFERENCE_SERVER_H_

#include <memory>
#include <string>

#include "reference/address.h"
#include "reference/registry.h"

namespace mp {

// The server of a manager: objects, for clients written in C++ or Python, related or not.
//
//   (id, method, args, kwds)  ──>   ('#RETURN', value)            the method's result
//                             <──   ('#ERROR', exception)         what the method raised
//                                   ('#PROXY', (exposed, token))  its result stays here, as a new object
//                                   ('#TRACEBACK', text)          the request made no sense, or a function of the server failed
//                                   ('#UNSERIALIZABLE', text)     the result cannot travel
//
// That is CPython's wire, frames and handshake included. A connection begins with a request to the server itself, id None: create, dummy,
// number_of_objects, debug_info, get_methods, incref, decref, shutdown, each the only one of its connection, or
// accept_connection, after which come the requests of one thread of a client, served by one thread here. So are track_segment, release_segment
// and list_segments, of blocks of shared memory, which are removed when the server ends (see shared_memory_manager.h).
//
// An addition, which other servers answer with #TRACEBACK: after accept_connection requests with id None go to the server, too. References that
// are taken so (create, incref, adopt) belong to the connection, and end with it: a client that dies leaves nothing behind.
//
// Owns:    a share of the listener, the objects, and the threads that serve.
// Shares:  copies are the same server.
// Threads: every method in any.
// Blocks:  serve_forever() until a client says shutdown, or stop().
// Throws:  as Listener, from the constructor. What clients send is answered, never thrown.
class Server {
 public:
  Server(Registry registry, const Address& address, const std::string& authkey);

  const Address& address() const;
  // [manager.get-server] Serves until it is told to stop. Who is being served then is served until his next request.
  void serve_forever() const;
  void stop() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace mp

#endif  // REFERENCE_SERVER_H_

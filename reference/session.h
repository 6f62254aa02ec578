#ifndef REFERENCE_SESSION_H_
#define REFERENCE_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "reference/object.h"
#include "reference/objects.h"
#include "reference/private_connection.h"
#include "reference/segments.h"

namespace mp {

// One connection of a server: the requests of one thread of a client, and their answers (see server.h).
//
// Owns:    the connection, and the references that were taken on it: they end with it.
// Shares:  the objects.
// Threads: run() in one, which is the client's thread as far as locks are concerned.
// Blocks:  run(), until the client hangs up, or the server ends and one more request is answered.
// Throws:  nothing. What clients send is answered.
class Session {
 public:
  // What a session needs to know of its server.
  struct Host {
    std::function<bool()> is_stopping = [] { return false; };
    std::function<void()> stop = [] {};
    std::shared_ptr<Segments> segments = std::make_shared<Segments>();
  };

  Session(std::shared_ptr<Objects> objects, proxy_internal::PrivateConnection connection, Host host)
      : objects_(std::move(objects)), connection_(std::move(connection)), host_(std::move(host)) {}

  void run();

 private:
  struct Request;

  Object receive();
  bool is_gone();
  std::optional<Request> next(Object& complaint);
  void begin();
  void serve();
  void send(const Object& answer);
  void answer(const Request& request);
  Object answer_public(const Request& request);
  Object call_public(const Request& request);
  Object answer_method(const Request& request);
  Object call(const Objects::Referent& referent, const Description::Method& method, const Request& request);
  Object fall_back(const Objects::Referent& referent, const Request& request);

  const std::shared_ptr<Objects> objects_;
  proxy_internal::PrivateConnection connection_;
  const Host host_;
  std::optional<Object> early_;  // a request that came while a method waited
  bool serves_ = false;          // after accept_connection
  Objects::Ties ties_;
  Objects::Ties told_;  // what the answer gives to the client
};

}  // namespace mp

#endif  // REFERENCE_SESSION_H_

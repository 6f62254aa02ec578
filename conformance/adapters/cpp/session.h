#ifndef CONFORMANCE_ADAPTERS_CPP_SESSION_H_
#define CONFORMANCE_ADAPTERS_CPP_SESSION_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "conformance/adapters/cpp/handles.h"
#include "conformance/protocol/line.h"
#include "conformance/protocol/message.h"

namespace mp::conformance {

class Adapter;

// One line of this process, from its opening to bye.
//
// Owns:    the line and the objects behind its handles.
// Shares:  itself, with the named threads that it was asked for; they are never joined.
// Threads: run() in the one that made it; everything else is its own business.
// Blocks:  run() until bye.
// Throws:  std::system_error when the runner cannot be reached. A line that the runner closes ends the process at once.
class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(const Adapter& adapter);
  ~Session();
  Session(const Session&) = delete;

  Handles& handles() { return handles_; }
  void say(Hello hello);
  // Answers until bye, closes the line, and returns how to end. First it lets go of all objects, where the end is one that does, as a function's
  // end does of local variables. An object that is to be returned moves to `returned`, and gets a handle of that.
  Exit run(Handles* returned = nullptr);

 private:
  // The requests for one named thread, in order. Never closed: the thread dies with the process.
  struct Lane {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<Request> requests;
  };

  std::optional<Request> read();
  void write(const std::string& text);
  void hand_over(Request request);
  void serve_lane(Lane& lane);
  Answer answer(const Request& request);
  std::variant<Value, Error, Unsupported, Batch> result(const Request& request);
  Value perform(const Request& request);
  Batch batch(const Request& request);

  const Adapter& adapter_;
  Handles handles_;
  Line line_;
  std::map<std::string, std::unique_ptr<Lane>> lanes_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_SESSION_H_

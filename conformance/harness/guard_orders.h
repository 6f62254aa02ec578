#ifndef CONFORMANCE_HARNESS_GUARD_ORDERS_H_
#define CONFORMANCE_HARNESS_GUARD_ORDERS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/harness/seen_thread.h"
#include "conformance/protocol/line.h"

namespace mp::conformance {

// A guard's side of the lines in guard.h; what the system has to do for them, the class says that derives from this one.
//
// Threads: one.
// Throws:  what nlohmann::json throws for a line that is no order: only the runner writes them.
class GuardOrders {
 public:
  virtual ~GuardOrders() = default;

  // Obeys all orders that have come whole.
  void feed(std::string_view bytes);

 protected:
  using Words = std::vector<std::string>;

  // Calls started() or failed() before it returns.
  virtual void start(const nlohmann::json& command, const nlohmann::json& environment) = 0;
  virtual bool kill(std::int64_t pid, int signal) = 0;
  virtual bool pause(std::int64_t pid) = 0;
  virtual bool resume(std::int64_t pid) = 0;
  virtual std::vector<SeenThread> look(std::int64_t pid) = 0;
  // Calls ended(), now or when that time is over.
  virtual void finish(double seconds) = 0;
  virtual std::string output() = 0;
  // A line to the runner; that it is gone is seen where orders are read.
  virtual void write(const std::string& line) = 0;

  void started(std::int64_t pid, const std::string& isolation);
  void failed(const nlohmann::json& command, const std::string& why);
  // With the files that are in the testee's own directory.
  void ended(std::optional<int> status, const Words& processes, const Words& shared_memory,
             const std::string& directory);

 private:
  void obey(const nlohmann::json& order);
  void say(const nlohmann::json& answer);

  LineSplitter lines_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_GUARD_ORDERS_H_

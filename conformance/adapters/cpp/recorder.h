#ifndef CONFORMANCE_ADAPTERS_CPP_RECORDER_H_
#define CONFORMANCE_ADAPTERS_CPP_RECORDER_H_

#include <condition_variable>
#include <mutex>

#include "conformance/adapters/cpp/kit.h"

namespace mp::conformance {

// The protocol's `recorder`: remembers what it was called with, and returns (or throws) what it was told to.
//
// Owns:    what it saw.
// Shares:  nothing; it does not travel to other processes.
// Threads: every method in any thread.
// Blocks:  wait() only, until there were so many calls.
// Throws:  Raised from a call whose result is an error.
class Recorder {
 public:
  explicit Recorder(Values results) : results_(std::move(results)) {}

  Value operator()(Values args);
  Value calls() const;
  void wait(std::size_t count) const;

 private:
  const Values results_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Values seen_;
};

// The writable buffer that the protocol calls `bytearray`.
struct ByteBuffer {
  std::vector<std::byte> bytes;
};

// Both, as every adapter has them.
void offer_recorder_and_bytearray(Adapter& adapter);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_CPP_RECORDER_H_

#ifndef CONFORMANCE_HARNESS_PRINTING_WINDOWS_H_
#define CONFORMANCE_HARNESS_PRINTING_WINDOWS_H_

#include <atomic>
#include <boost/process/pipe.hpp>
#include <chrono>
#include <mutex>
#include <string>

#include "conformance/harness/job_object_windows.h"
#include "conformance/harness/output_capture.h"

namespace mp::conformance {

// What a testee prints. A thread takes it, so that the testee never waits for the guard.
//
// Owns:    a pipe, and that thread.
// Threads: one.
// Blocks:  await_end() until the patience is over.
// Throws:  std::system_error from begin().
class Printing {
 public:
  Printing() = default;
  Printing(const Printing&) = delete;
  ~Printing();

  // The testee gets the side that is written to.
  boost::process::pipe& pipe() { return pipe_; }
  // Once it has been given away.
  void begin();
  // Waits until nobody can write any more and all is in text(). False: the time is over.
  bool await_end(std::chrono::milliseconds patience) const;
  std::string text() const;

 private:
  void drain();

  boost::process::pipe pipe_;
  OwnedHandle reader_;
  std::atomic<bool> is_over_ = false;  // what comes now, nobody asks for
  mutable std::mutex mutex_;
  OutputCapture printed_;  // guarded by mutex_
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_PRINTING_WINDOWS_H_

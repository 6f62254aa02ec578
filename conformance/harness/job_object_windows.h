#ifndef CONFORMANCE_HARNESS_JOB_OBJECT_WINDOWS_H_
#define CONFORMANCE_HARNESS_JOB_OBJECT_WINDOWS_H_

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mp::conformance {

struct HandleCloser {
  void operator()(HANDLE handle) const { ::CloseHandle(handle); }
};
using OwnedHandle = std::unique_ptr<void, HandleCloser>;

// The processes of a testee: those that were taken, and whatever they start.
//
// Owns:    the job; they all end when its last handle is closed, which is this one.
// Threads: one.
// Blocks:  await_empty() until the patience is over, end_all() some seconds at most.
class JobObject {
 public:
  JobObject();

  // False: the system refuses, or cannot make such a job.
  bool take(HANDLE process);
  void end_all();
  // False: the time is over.
  bool await_empty(std::chrono::steady_clock::duration patience);
  // Nothing: no process of the testee has this number.
  OwnedHandle member(std::int64_t pid, DWORD rights) const;
  // "process 7: worker.exe"
  std::vector<std::string> processes() const;

 private:
  bool is_empty() const;

  OwnedHandle job_, port_;
  bool is_sound_;  // it ends its processes with itself, and tells when they have ended
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_JOB_OBJECT_WINDOWS_H_

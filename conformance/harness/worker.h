#ifndef CONFORMANCE_HARNESS_WORKER_H_
#define CONFORMANCE_HARNESS_WORKER_H_

#include <string_view>

namespace mp::conformance {

// The hidden first argument that makes this program a worker.
inline constexpr std::string_view kWorkerArgument = "worker";

// The life of a worker: takes jobs from standard input, runs them one after the other, and writes each outcome to
// standard output behind a kOutcomeMark. When standard input ends, it leaves at once, in the middle of a test if need
// be: the runner is gone or needs it no longer. Its guards see it go, and end the testees.
[[noreturn]] void work();

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_WORKER_H_

#ifndef REFERENCE_THREAD_POOL_H_
#define REFERENCE_THREAD_POOL_H_

#include "reference/pool.h"

namespace mp {

// Threads of this process that perform calls: the same interface as Pool, for any function and any arguments, also those that
// cannot travel. `maxtasksperchild` and `start_method` mean nothing here.
//
// A task that calls mp::exit() has thrown SystemExit: there is no process of its own that could end.
// terminate() cannot stop a task that runs: it waits for those, and fails what was not begun.
class ThreadPool : public BasicPool<pool_internal::Road::kHere> {
 public:
  // ValueError for less than one thread. All threads call the initializer; if it throws, that thread performs nothing.
  explicit ThreadPool(PoolOptions options = {});
  explicit ThreadPool(int threads) : ThreadPool(PoolOptions{.processes = threads}) {}
};

}  // namespace mp

#endif  // REFERENCE_THREAD_POOL_H_

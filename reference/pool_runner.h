#ifndef REFERENCE_POOL_RUNNER_H_
#define REFERENCE_POOL_RUNNER_H_

#include <cstddef>
#include <memory>

#include "reference/async_result.h"

namespace mp::pool_internal {

// A job whose chunks are made of an input that is read little by little.
class Source {
 public:
  virtual ~Source() = default;
  // Reads the rest of the input, and offers it.
  virtual void feed_all() = 0;
  virtual bool is_exhausted() const = 0;
};

// What performs the jobs of a pool: processes, or threads.
class Runner : public Helper {
 public:
  // From the time of this call on the chunks from `begin` to the last before `end` wait for a worker. ValueError when the pool is
  // closed or terminated, unless this is the rest of what it had accepted (`accepted`): then they fail.
  virtual void submit(const std::shared_ptr<Job>& job, std::size_t begin, std::size_t end, bool accepted) = 0;
  virtual void add_source(std::weak_ptr<Source> source) = 0;
  virtual std::size_t workers() const = 0;
  virtual void close() = 0;
  virtual void terminate() = 0;
  virtual void join() = 0;
};

}  // namespace mp::pool_internal

#endif  // REFERENCE_POOL_RUNNER_H_

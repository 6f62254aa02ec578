#ifndef REFERENCE_MANAGED_POOL_H_
#define REFERENCE_MANAGED_POOL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "reference/async_result.h"
#include "reference/managed.h"
#include "reference/object.h"
#include "reference/pool.h"
#include "reference/referent.h"

// A pool in the process of a manager, and what it gives.
//
// Owns:    the workers, which are children of the server's process.
// Shares:  nothing; clients reach it through a server.
// Threads: every method in any thread at once.
// Blocks:  what waits for results, until they are there or the timeout is over; for a client that died a tenth of a second at most.
//          join() and terminate() as those of a Pool.
// Throws:  as Pool and AsyncResult. TypeError for a function that is none of pool_function.h, and for callbacks, which could only run here.
//          CallerGone for a client that died while it waited.
namespace mp::managed {

class AsyncResult {
 public:
  using One = mp::AsyncResult<Object>;
  using Many = mp::AsyncResult<std::vector<Object>>;

  static Class<AsyncResult> describe();
  explicit AsyncResult(std::variant<One, Many> result) : result_(std::move(result)) {}

  Object get(std::optional<double> timeout) const;
  void wait(std::optional<double> timeout) const;
  bool ready() const;
  bool successful() const;

 private:
  const std::variant<One, Many> result_;
};

class Pool {
 public:
  static Class<Pool> describe();
  Pool(std::optional<int> processes, const std::optional<Object>& initializer, const std::optional<Object>& initargs,
       std::optional<int> maxtasksperchild);

 private:
  enum class Spread { kNo, kYes };
  using Shared = std::shared_ptr<AsyncResult>;

  Shared apply(const Object& function, const std::optional<Object>& args, const std::optional<Object>& kwds);
  Shared map(Spread spread, const Object& function, const Object& iterable, std::optional<std::int64_t> chunksize);
  std::shared_ptr<Iterator> imap(bool ordered, const Object& function, const Object& iterable,
                                 std::optional<std::int64_t> chunksize);

  mp::Pool pool_;
};

}  // namespace mp::managed

#endif  // REFERENCE_MANAGED_POOL_H_

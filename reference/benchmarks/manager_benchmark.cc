// One call of a method of an object in a manager, and its answer.
#include "reference/benchmarks/measure.h"
#include "reference/benchmarks/rows.h"
#include "reference/manager.h"

namespace mp::bench {
namespace {

constexpr std::size_t kCalls = 20'000;

double get() {
  const SyncManager manager = Manager();
  const DictProxy dict = manager.dict(Dict{{"key", 1}});
  dict.get("key");  // makes the connection
  return timed(kCalls, [&] {
    for (std::size_t i = 0; i < kCalls; ++i) dict.get<int>("key");
  });
}

}  // namespace

void add_manager_rows() { add_row({"manager: get of a dict", {{"reference", get}, cpython("manager-get", 5'000)}}); }

}  // namespace mp::bench

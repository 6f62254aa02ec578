// A libFuzzer target: every input is read or refused, and what was read is written and read again as the same bytes.
//   bazel build --config=fuzz //reference:pickle_fuzzer
//   bazel-bin/reference/pickle_fuzzer -max_total_time=60
#include <cstdint>
#include <cstdlib>

#include "reference/error.h"
#include "reference/pickle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const mp::Object object = mp::pickle::loads({reinterpret_cast<const std::byte*>(data), size});
    const mp::Bytes once = mp::pickle::dumps(object);
    if (mp::pickle::dumps(mp::pickle::loads(once)) != once) std::abort();
  } catch (const mp::PickleError&) {
  }
  return 0;
}

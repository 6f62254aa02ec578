// A libFuzzer target: whatever bytes come on a connection, each message is whole, and the end is an end. Nothing is made up: there are never
// more bytes in the messages than came.
//   bazel build --config=fuzz //reference:connection_fuzzer
//   bazel-bin/reference/connection_fuzzer -max_total_time=60
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>

#include "reference/connection.h"
#include "reference/error.h"

namespace {

// A connection on which these bytes come, and then the end. So many fit into the socket.
mp::Connection connection_of(const std::uint8_t* data, std::size_t size) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  if (::write(ends[1], data, size) != static_cast<ssize_t>(size)) std::abort();
  ::close(ends[1]);
  return mp::Connection(mp::platform::Handle(ends[0]));
}

// By messages as bytes with or without a limit, or as objects.
std::size_t read_one(const mp::Connection& connection, unsigned how) {
  if (how == 0) return connection.recv_bytes().size();
  if (how == 1) return connection.recv_bytes(100).size();
  try {
    connection.recv();
  } catch (const mp::PickleError&) {
    // That message is gone, and the next one is where it was.
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 50'000) return 0;
  const mp::Connection connection = connection_of(data + 1, size - 1);
  std::size_t left = size - 1;
  try {
    while (true) {
      const std::size_t got = read_one(connection, data[0] % 3);
      if (got > left) std::abort();
      left -= got;
    }
  } catch (const mp::EOFError&) {
  } catch (const mp::OSError&) {
  }
  return 0;
}

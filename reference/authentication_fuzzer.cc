// A libFuzzer target: whatever messages come, a handshake ends or goes on, and nobody without the key gets through one that asks for it.
//   bazel build --config=fuzz //reference:authentication_fuzzer
//   bazel-bin/reference/authentication_fuzzer -max_total_time=60
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "reference/authentication.h"

namespace {

using mp::Handshake;

// The input: a byte for the role, then messages, each after a byte with its length.
void play(Handshake::Role role, std::string_view input) {
  Handshake handshake(role, "a key that the input does not know, as it has no room in it");
  while (!input.empty()) {
    const std::size_t size = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    const std::string_view message = input.substr(0, size);
    input.remove_prefix(message.size());
    const bool was_waiting = handshake.state() == Handshake::State::kWaiting;
    const std::string answer = handshake.next(message);
    if (answer.size() > Handshake::kLongest || (!was_waiting && !answer.empty())) std::abort();
  }
  if (role != Handshake::Role::kAnswer && handshake.state() == Handshake::State::kDone) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr Handshake::Role kRoles[] = {Handshake::Role::kDeliver, Handshake::Role::kAnswer, Handshake::Role::kListener,
                                        Handshake::Role::kClient};
  play(kRoles[data[0] % std::size(kRoles)], {reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}

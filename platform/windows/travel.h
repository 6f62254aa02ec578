#ifndef PLATFORM_WINDOWS_TRAVEL_H_
#define PLATFORM_WINDOWS_TRAVEL_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "platform/handle.h"

namespace mp::platform {

// How handles go from one process to another through a pipe. The system has no handles that lie in a pipe: the sender keeps copies,
// says who he is and what they are called, and the receiver takes them out of the sender's process.
//
// So the sender must live until its handles are received; when it has ended before, the message is broken. What is never received
// stays in the sender until that ends.
//
//     packet:  -3 in 4 bytes, 4 bytes of zeros, the sender's Life in 8 bytes, 8 bytes for each handle that is not empty
inline constexpr std::size_t kHandlesPerPacket = 2048;

// Copies of handles that are on their way.
class Travellers {
 public:
  explicit Travellers(std::span<const Handle> handles);
  // Nothing: all have been packed.
  std::optional<std::vector<std::byte>> next_packet();
  // A packet is on the road: its copies are the receiver's to take, and to close.
  void left();

 private:
  std::vector<Handle> copies_;
  std::size_t packed_ = 0;
  std::size_t left_ = 0;
};

bool is_packet(std::span<const std::byte> bytes);
// False: the sender has ended, and they are lost. Those that came before that are in `handles`.
bool unpack(std::span<const std::byte> packet, std::vector<Handle>& handles);

}  // namespace mp::platform

#endif  // PLATFORM_WINDOWS_TRAVEL_H_

#ifndef PLATFORM_ARRIVING_MESSAGE_H_
#define PLATFORM_ARRIVING_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "platform/channel.h"
#include "platform/frame.h"

namespace mp::platform {

// How a framed message arrives, whatever road its pieces come by: `more` brings a piece into the frame, and gives kDone, kLate or kEnded.
// The body goes into `place` unless that is empty; then it is the message's. However this ends, the caller has his buffer back, and the
// frame what came of it.
template <class More>
Channel::Received receive_message(ArrivingFrame& frame, std::uint64_t limit, std::span<std::byte> place, More more) {
  using Outcome = Channel::Outcome;
  struct Lent {
    ArrivingFrame& frame;
    bool lent = false;
    ~Lent() { frame.keep_body(); }
  } buffer{frame};
  for (;;) {
    if (frame.state() == ArrivingFrame::State::kBroken) return {Outcome::kBroken, {}};
    if (frame.state() == ArrivingFrame::State::kLengthKnown && frame.length() > limit)
      return {Outcome::kTooLong, {}, frame.length()};
    if (frame.is_complete()) break;
    const bool may_lend = !place.empty() && frame.state() == ArrivingFrame::State::kLengthKnown;
    if (may_lend && !std::exchange(buffer.lent, true)) frame.put_body(place);
    if (const Outcome outcome = more(); outcome != Outcome::kDone) return {outcome, {}};
  }
  const std::uint64_t length = frame.length();
  return {Outcome::kDone, frame.take(), length};
}

}  // namespace mp::platform

#endif  // PLATFORM_ARRIVING_MESSAGE_H_

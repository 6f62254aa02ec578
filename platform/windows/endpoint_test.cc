// What only this system shows: messages of pipes with CPython's form, each of which is one of the system's.
#include "platform/endpoint.h"

#include <gtest/gtest.h>
#include <windows.h>

#include "platform/error.h"

namespace mp::platform {
namespace {

// There are no such bytes, and nobody may look for them.
TEST(PipeEndpointTest, RefusesAMessageWhoseLengthTheSystemCannotTake) {
  Endpoint endpoint = Endpoint::listen_anywhere(Address::Family::kPipe, 1);
  Channel client = Endpoint::connect(endpoint.address(), Deadline::never()).value();
  Channel server = endpoint.accept(Deadline::never()).value().channel;
  const std::byte first{};
  const std::span too_many(&first, std::size_t{MAXDWORD} + 2);
  EXPECT_THROW(client.send(too_many, {}, Deadline::never()), OsError);
  EXPECT_EQ(client.send(std::span(&first, 1), {}, Deadline::never()), Channel::Outcome::kDone);
  EXPECT_EQ(server.receive(Deadline::never()).length, 1u);
}

}  // namespace
}  // namespace mp::platform

// Where locks are memory only; on Windows each has an event.
#include <gtest/gtest.h>

#include <vector>

#include "reference/codec.h"
#include "reference/shared_value.h"

namespace mp {
namespace {

TEST(ValueTest, ManyTravelWithFewHandles) {
  const std::vector<Value<int>> values(1'000);
  platform::Message message = encode_message(values);
  EXPECT_LE(message.handles.size(), 2u);
}

}  // namespace
}  // namespace mp

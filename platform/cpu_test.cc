#include "platform/cpu.h"

#include <gtest/gtest.h>

namespace mp::platform {
namespace {

TEST(Cpu, AtLeastOneIsThere) { EXPECT_GE(cpu_count(), 1); }

TEST(Cpu, AtLeastOneMayBeUsedAndNotMoreThanThereAre) {
  EXPECT_GE(usable_cpu_count(), 1);
  EXPECT_LE(usable_cpu_count(), cpu_count());
}

}  // namespace
}  // namespace mp::platform

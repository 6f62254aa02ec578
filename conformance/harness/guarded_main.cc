#include <gtest/gtest.h>

#include <string_view>

#include "conformance/harness/guard.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == mp::conformance::kGuardArgument) return mp::conformance::guard_main();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

// The main() of tests that start processes: a child that spawn started does its work here, and runs no test.

#include <gtest/gtest.h>

#include "reference/entry.h"

int main(int argc, char** argv) {
  mp::freeze_support(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

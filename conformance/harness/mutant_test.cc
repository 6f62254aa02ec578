#include "conformance/harness/mutant.h"

#include "conformance/harness/cannot_run.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

TEST(Mutants, ALineHasClauseNameAndWhatIsWrong) {
  const auto mutants = parse_mutants("queue.put.full\tput-full-returns\tput returns\tat once\n\nlock.x\ty\tz");
  ASSERT_EQ(mutants.size(), 2u);
  EXPECT_EQ(mutants[0].clause, "queue.put.full");
  EXPECT_EQ(mutants[0].name, "put-full-returns");
  EXPECT_EQ(mutants[0].what, "put returns\tat once");
  EXPECT_EQ(mutants[1].clause, "lock.x");
}

TEST(Mutants, AnotherLineIsRefused) {
  EXPECT_THROW(parse_mutants("queue.put.full put-full-returns"), CannotRun);
  EXPECT_THROW(parse_mutants("queue.put.full\tput-full-returns"), CannotRun);
}

}  // namespace
}  // namespace mp::conformance

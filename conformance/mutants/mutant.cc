#include "conformance/mutants/mutant.h"

#include <algorithm>
#include <utility>

namespace mp::conformance {
namespace {

std::vector<Mutant>& registry() {
  static std::vector<Mutant> mutants;
  return mutants;
}

}  // namespace

bool add_mutant(Mutant mutant) {
  std::vector<Mutant>& mutants = registry();
  mutants.insert(std::ranges::upper_bound(mutants, mutant.name, {}, &Mutant::name), std::move(mutant));
  return true;
}

const std::vector<Mutant>& all_mutants() { return registry(); }

}  // namespace mp::conformance

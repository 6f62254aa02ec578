#ifndef CONFORMANCE_MUTANTS_MUTANT_H_
#define CONFORMANCE_MUTANTS_MUTANT_H_

#include <string>
#include <vector>

#include "conformance/adapters/cpp/kit.h"
#include "conformance/mutants/mistakes.h"
#include "conformance/mutants/program.h"
#include "spec/clause.h"
#include "spec/clauses/queue.h"

namespace mp::conformance {

// The reference made wrong in one point, at its adapter: an entry does something else than it should.
struct Mutant {
  const spec::Clause* clause;
  std::string name;  // "queue_put_full.RaisesAtOnce"
  const char* what;  // what is wrong with it, in one sentence
  void (*spoil)(Adapter& adapter);
};

// All that are linked into this program, in the order of their names.
const std::vector<Mutant>& all_mutants();
bool add_mutant(Mutant mutant);

}  // namespace mp::conformance

// MUTANT(queue_put_full, RaisesAtOnce, "a put on a full queue raises Full at once") {
//   adapter.override_entry("Queue.put", [](Call& call) {
//     call.args["block"] = false;
//     return call.original();
//   });
// }
#define MUTANT(constant, name, what)                                                                         \
  static void constant##_##name(::mp::conformance::Adapter& adapter);                                        \
  [[maybe_unused]] static const bool constant##_##name##_added =                                             \
      ::mp::conformance::add_mutant({&::mp::spec::constant, #constant "." #name, what, &constant##_##name}); \
  static void constant##_##name([[maybe_unused]] ::mp::conformance::Adapter& adapter)

#endif  // CONFORMANCE_MUTANTS_MUTANT_H_

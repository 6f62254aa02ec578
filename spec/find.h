#ifndef SPEC_FIND_H_
#define SPEC_FIND_H_

#include <string>
#include <string_view>

#include "spec/clause.h"

namespace mp::spec {

// The clause of that id, or of that constant's name ("queue_put_full", as test names have it); null if there is none.
const Clause* find_clause(std::string_view id_or_constant);

// One sentence for somebody who asked for a clause that does not exist, with the ids that may have been meant.
std::string no_such_clause(std::string_view asked);

}  // namespace mp::spec

#endif  // SPEC_FIND_H_

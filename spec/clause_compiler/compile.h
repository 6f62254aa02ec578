#ifndef SPEC_CLAUSE_COMPILER_COMPILE_H_
#define SPEC_CLAUSE_COMPILER_COMPILE_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace mp::spec {

// Makes C++ constants of clauses: the arguments are HEADER SOURCE FILE.md... Returns the exit status: 0, or 1 with
// every complaint on `errors` as file:line: what is wrong and what to do; then nothing is written.
int compile(const std::vector<std::string>& arguments, std::ostream& errors);

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_COMPILER_COMPILE_H_

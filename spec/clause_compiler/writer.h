#ifndef SPEC_CLAUSE_COMPILER_WRITER_H_
#define SPEC_CLAUSE_COMPILER_WRITER_H_

#include <ostream>
#include <string>
#include <vector>

#include "spec/clause_compiler/parser.h"

namespace mp::spec {

// What only all files together show: one id, or one constant, for two clauses.
void check_together(const std::vector<ParsedClause>& clauses, std::vector<Complaint>& complaints);

// The header declares the constants only: a change of a statement or a line number rebuilds one source, not every
// suite.
void write_header(const std::vector<ParsedClause>& clauses, std::ostream& out);
void write_source(const std::vector<ParsedClause>& clauses, std::ostream& out);

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_COMPILER_WRITER_H_

#ifndef SPEC_CLAUSE_COMPILER_WRITER_H_
#define SPEC_CLAUSE_COMPILER_WRITER_H_

#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "spec/clause_compiler/parser.h"

namespace mp::spec {

// What only all files together show: one id, or one constant, for two clauses.
void check_together(const std::vector<ParsedClause>& clauses, std::vector<Complaint>& complaints);

// A clause of clauses/queue.md belongs to the noun "queue".
std::string noun_of(const ParsedClause& clause);
std::set<std::string> nouns_of(const std::vector<ParsedClause>& clauses);

// One header a noun, with the constants only: a new clause rebuilds the suites of its noun, and a change of a statement or of a line number
// rebuilds one source.
void write_header(const std::string& noun, const std::vector<ParsedClause>& clauses, std::ostream& out);
void write_source(const std::vector<ParsedClause>& clauses, std::ostream& out);

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_COMPILER_WRITER_H_

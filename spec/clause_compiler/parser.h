#ifndef SPEC_CLAUSE_COMPILER_PARSER_H_
#define SPEC_CLAUSE_COMPILER_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "spec/clause.h"

namespace mp::spec {

// One thing wrong with the clause files, and what to do about it.
struct Complaint {
  std::string file;
  int line;
  std::string text;
};

// A section of a clause file. Its fields are those of Clause, checked one by one.
struct ParsedClause {
  std::string file;
  int line = 0;  // of its heading
  std::string id;
  Level level = Level::kMust;
  std::string statement;
  std::string source;
  std::string profile;
  std::string since;
  std::string until;
  std::string systems = "all";
  std::string methods = "all";
  Answer answer = Answer::kExact;
  std::string unobservable;
};

// Reads one file of clauses and reports everything that is wrong with it:
//
//   # Title                                 the head: free text, and at most one line `Profile: name`, the default of
//   Profile: queue                          the file
//
//   ## queue.put.full (must)                id and level; the id begins with the stem of the file, with dashes for its
//   A statement of one or more lines.       underscores
//   Source: where from    Platforms: all    fields, two or more blanks between those of one line
std::vector<ParsedClause> parse(std::string_view file, std::string_view text, std::vector<Complaint>& complaints);

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_COMPILER_PARSER_H_

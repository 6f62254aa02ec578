#ifndef CONFORMANCE_HARNESS_MATRIX_H_
#define CONFORMANCE_HARNESS_MATRIX_H_

#include <string>
#include <vector>

#include "conformance/harness/result_file.h"
#include "spec/clause.h"

namespace mp::conformance {

// One start method in one result file.
struct Column {
  const ResultFile* file;
  std::string start_method;
};

// What a column says of one clause.
struct Cell {
  std::string
      verdict;  // the worst of its tests: "fail" before "unresolved", "untested", "unsupported", "pass"; "": nothing
  bool is_unexpected = false;
  std::vector<const Result*> results;  // none are passes
};

struct Row {
  std::string clause;
  const spec::Clause* spec = nullptr;  // null: this suite does not know the clause
  std::vector<Cell> cells;             // of each column
};

// The clauses of one noun, in the order of the specification.
struct NounRows {
  std::string noun;  // "queue" of "queue.put.full"
  std::vector<Row> rows;
};

// Result files beside each other. It points into the files, which must outlive it.
struct Matrix {
  std::vector<Column> columns;
  std::vector<NounRows> sections;
};

Matrix matrix_of(const std::vector<ResultFile>& files);

// Clauses that were judged, a pass or a fail under any start method, and those of them without a fail.
struct KeptCount {
  int judged = 0;
  int kept = 0;
};
KeptCount kept_by_the_book(const ResultFile& file);
KeptCount kept_beyond_it(const ResultFile& file);  // of the profile robust

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_MATRIX_H_

#ifndef CONFORMANCE_HARNESS_MATRIX_PAGE_H_
#define CONFORMANCE_HARNESS_MATRIX_PAGE_H_

#include <string>
#include <vector>

#include "conformance/harness/result_file.h"

namespace mp::conformance {

// One HTML page that needs nothing else: a card for each result file, then the matrix of clauses and start methods. A clause opens to
// what it demands, what was seen, why it was expected, and the command that shows it again.
std::string matrix_page(const std::vector<ResultFile>& files);

// Its looks and its searching; see matrix_page_assets.cc.
extern const char* const kMatrixStyle;
extern const char* const kMatrixScript;

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_MATRIX_PAGE_H_

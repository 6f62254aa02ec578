#include "conformance/harness/matrix.h"

#include "conformance/harness/matrix_page.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

Result result_of(const std::string& clause, const std::string& method, const std::string& verdict,
                 const std::string& profile = "queue") {
  return {
      .test = "t.T", .clause = clause, .start_method = method, .verdict = verdict, .message = "", .profile = profile};
}

ResultFile file_of(std::vector<Result> results) {
  return {
      .path = "a.json", .name = "A", .version = "1", .results = std::move(results), .start_methods = {"fork", "spawn"}};
}

TEST(Matrix, HasAColumnForEachStartMethodOfEachFile) {
  const std::vector files = {file_of({}), file_of({})};
  const Matrix matrix = matrix_of(files);
  ASSERT_EQ(matrix.columns.size(), 4u);
  EXPECT_EQ(matrix.columns[1].start_method, "spawn");
  EXPECT_EQ(matrix.columns[2].file, &files[1]);
}

TEST(Matrix, ACellIsAsBadAsTheWorstTestOfItsClause) {
  const std::vector files = {
      file_of({result_of("queue.put.full", "fork", "pass"), result_of("queue.put.full", "fork", "fail"),
               result_of("queue.put.full", "fork", "unresolved"), result_of("queue.put.full", "spawn", "pass")})};
  const Matrix matrix = matrix_of(files);
  ASSERT_EQ(matrix.sections.size(), 1u);
  EXPECT_EQ(matrix.sections[0].noun, "queue");
  const std::vector<Cell>& cells = matrix.sections[0].rows.at(0).cells;
  EXPECT_EQ(cells[0].verdict, "fail");
  EXPECT_EQ(cells[0].results.size(), 2u);
  EXPECT_EQ(cells[1].verdict, "pass");
}

TEST(Matrix, KeepsTheOrderOfTheSpecificationAndPutsUnknownClausesLast) {
  const std::vector files = {
      file_of({result_of("aaa.unknown", "fork", "pass"), result_of("queue.put.full", "fork", "pass"),
               result_of("barrier.parties", "fork", "pass")})};
  const Matrix matrix = matrix_of(files);
  ASSERT_EQ(matrix.sections.size(), 3u);
  EXPECT_EQ(matrix.sections[2].noun, "aaa");
  EXPECT_EQ(matrix.sections[2].rows[0].spec, nullptr);
}

TEST(Matrix, WhatHasNoTestIsSaidOfEachStartMethod) {
  const std::vector files = {file_of({result_of("queue.put.full", "", "untested")})};
  const Matrix matrix = matrix_of(files);
  for (const Cell& cell : matrix.sections.at(0).rows.at(0).cells) EXPECT_EQ(cell.verdict, "untested");
}

TEST(KeptCount, CountsClausesAndKeepsRobustApart) {
  const ResultFile file =
      file_of({result_of("a", "fork", "pass"), result_of("a", "spawn", "fail"), result_of("b", "fork", "pass"),
               result_of("c", "fork", "unresolved"), result_of("d", "fork", "pass", "robust")});
  EXPECT_EQ(kept_by_the_book(file).judged, 2);
  EXPECT_EQ(kept_by_the_book(file).kept, 1);
  EXPECT_EQ(kept_beyond_it(file).judged, 1);
}

TEST(MatrixPage, CannotBeBrokenByWhatATesteeSays) {
  ResultFile file = file_of({result_of("queue.put.full", "fork", "fail")});
  file.results[0].message = "</pre><script>alert(1)</script>\x01\xff";
  file.name = "<b>\"A\"";
  const std::string page = matrix_page({file});
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;&quot;A&quot;"));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;??"));
}

TEST(MatrixPage, TellsKnownFailuresFromOthers) {
  ResultFile file =
      file_of({result_of("queue.put.full", "fork", "fail"), result_of("queue.put.full", "spawn", "fail")});
  file.results[1].is_unexpected = true;
  const std::string page = matrix_page({file});
  EXPECT_THAT(page, HasSubstr("class=\"cell fail known first\""));
  EXPECT_THAT(page, HasSubstr("class=\"cell fail\""));
  EXPECT_THAT(page, HasSubstr("1 result not as expected"));
}

}  // namespace
}  // namespace mp::conformance

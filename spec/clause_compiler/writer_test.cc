#include "spec/clause_compiler/writer.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mp::spec {
namespace {

ParsedClause clause(std::string id, int line) {
  ParsedClause made;
  made.file = "spec/clauses/queue.md";
  made.line = line;
  made.id = std::move(id);
  made.statement = "It says \"no\" with a \\.";
  made.source = "put";
  made.profile = "queue";
  made.answer = Answer::kMustNotHang;
  return made;
}

std::vector<Complaint> together(const std::vector<ParsedClause>& clauses) {
  std::vector<Complaint> complaints;
  check_together(clauses, complaints);
  return complaints;
}

TEST(Writer, MakesAConstantOfAnId) {
  EXPECT_EQ(constant_name("start-method.set.none-force"), "start_method_set_none_force");
}

TEST(Writer, AcceptsDifferentIds) { EXPECT_TRUE(together({clause("queue.a", 1), clause("queue.b", 2)}).empty()); }

TEST(Writer, RefusesAnIdTwice) {
  const auto complaints = together({clause("queue.a", 1), clause("queue.a", 7)});
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0].file, "spec/clauses/queue.md");
  EXPECT_EQ(complaints[0].line, 7);
  EXPECT_EQ(complaints[0].text, "the id \"queue.a\" is taken (spec/clauses/queue.md:1); choose another id.");
}

TEST(Writer, RefusesTwoIdsThatMakeOneConstant) {
  const auto complaints = together({clause("queue.a.b", 1), clause("queue.a-b", 7)});
  ASSERT_EQ(complaints.size(), 1u);
  EXPECT_EQ(complaints[0].text,
            "the ids \"queue.a-b\" and \"queue.a.b\" make one constant, queue_a_b (spec/clauses/queue.md:1); choose "
            "another id.");
}

TEST(Writer, DeclaresEachConstant) {
  std::ostringstream out;
  write_header("queue", {clause("queue.a", 1), clause("queue.b-c", 2)}, out);
  EXPECT_NE(out.str().find("extern const Clause queue_a;\nextern const Clause queue_b_c;\n"), std::string::npos);
}

TEST(Writer, DefinesEachConstantWithItsTextEscaped) {
  std::ostringstream out;
  write_source({clause("queue.a", 3)}, out);
  EXPECT_NE(out.str().find("constinit const Clause queue_a = {\n    \"queue.a\", Level::kMust,\n    "
                           R"("It says \"no\" with a \\.",)"
                           "\n    \"put\",\n    \"queue\", \"\", \"\", \"all\", \"all\", Answer::kMustNotHang,\n    "
                           "\"\", \"spec/clauses/queue.md:3\"};\n"),
            std::string::npos)
      << out.str();
  EXPECT_NE(out.str().find("std::array<const Clause*, 1> kAll"), std::string::npos);
}

}  // namespace
}  // namespace mp::spec

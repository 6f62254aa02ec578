#include "spec/clause_compiler/parser.h"

#include <gtest/gtest.h>

namespace mp::spec {
namespace {

constexpr const char* kFile = "spec/clauses/queue.md";
constexpr const char* kHead = "# Queue\nProfile: queue\n\n";

struct Parsed {
  std::vector<ParsedClause> clauses;
  std::vector<Complaint> complaints;
};

Parsed parse_text(const std::string& text, const char* file = kFile) {
  Parsed parsed;
  parsed.clauses = parse(file, text, parsed.complaints);
  return parsed;
}

// The one complaint about a file of that text: "line: text".
std::string complaint(const std::string& text, const char* file = kFile) {
  const Parsed parsed = parse_text(text, file);
  if (parsed.complaints.size() != 1) return std::to_string(parsed.complaints.size()) + " complaints";
  EXPECT_EQ(parsed.complaints[0].file, file);
  return std::to_string(parsed.complaints[0].line) + ": " + parsed.complaints[0].text;
}

std::string with_fields(const std::string& fields) {
  return kHead + ("## queue.put.full (must)\nIt waits.\nSource: put\n" + fields);
}

TEST(Parser, ReadsEveryField) {
  const Parsed parsed = parse_text(
      "## queue.put.full (should)\nA put\n  waits.\nSource: class Queue, put   Platforms: windows, linux   Methods: "
      "forkserver spawn\n"
      "Since: 3.9   Until: 3.14\nProfile: sync   Answer: not-before   Unobservable: no one looks\n");
  ASSERT_TRUE(parsed.complaints.empty()) << parsed.complaints[0].text;
  ASSERT_EQ(parsed.clauses.size(), 1u);
  const ParsedClause& clause = parsed.clauses[0];
  EXPECT_EQ(clause.file, kFile);
  EXPECT_EQ(clause.line, 1);
  EXPECT_EQ(clause.id, "queue.put.full");
  EXPECT_EQ(clause.level, Level::kShould);
  EXPECT_EQ(clause.statement, "A put waits.");
  EXPECT_EQ(clause.source, "class Queue, put");
  EXPECT_EQ(clause.systems, "linux windows");
  EXPECT_EQ(clause.methods, "spawn forkserver");
  EXPECT_EQ(clause.since, "3.9");
  EXPECT_EQ(clause.until, "3.14");
  EXPECT_EQ(clause.profile, "sync");
  EXPECT_EQ(clause.answer, Answer::kNotBefore);
  EXPECT_EQ(clause.unobservable, "no one looks");
}

TEST(Parser, FillsInTheDefaults) {
  const Parsed parsed = parse_text(with_fields(""));
  ASSERT_TRUE(parsed.complaints.empty());
  const ParsedClause& clause = parsed.clauses.at(0);
  EXPECT_EQ(clause.profile, "queue");
  EXPECT_EQ(clause.systems, "all");
  EXPECT_EQ(clause.methods, "all");
  EXPECT_EQ(clause.answer, Answer::kExact);
  EXPECT_EQ(clause.since + clause.until + clause.unobservable, "");
}

TEST(Parser, KeepsSectionsApart) {
  const Parsed parsed =
      parse_text(with_fields("Since: 3.9\n\n## queue.get.empty (may)\nIt waits, too.\nSource: get\n"));
  ASSERT_TRUE(parsed.complaints.empty());
  ASSERT_EQ(parsed.clauses.size(), 2u);
  EXPECT_EQ(parsed.clauses[1].id, "queue.get.empty");
  EXPECT_EQ(parsed.clauses[1].level, Level::kMay);
  EXPECT_EQ(parsed.clauses[1].statement, "It waits, too.");
  EXPECT_EQ(parsed.clauses[1].since, "");
}

TEST(Parser, UnderstandsLinesThatEndAsOnWindows) {
  const Parsed parsed = parse_text("Profile: queue\r\n## queue.a (must)\r\nIt is.\r\nSource: x\r\n");
  ASSERT_TRUE(parsed.complaints.empty());
  EXPECT_EQ(parsed.clauses.at(0).statement, "It is.");
}

TEST(Parser, TakesPosixForLinuxAndMacos) {
  EXPECT_EQ(parse_text(with_fields("Platforms: posix")).clauses.at(0).systems, "linux macos");
}

TEST(Parser, TakesAllNamesForAll) {
  EXPECT_EQ(parse_text(with_fields("Methods: fork spawn forkserver")).clauses.at(0).methods, "all");
}

TEST(Parser, DoesNotTakeAColonInsideTheStatementForAField) {
  const Parsed parsed = parse_text(std::string(kHead) + "## queue.a (must)\nIt gives two values: a pair.\nSource: x\n");
  ASSERT_TRUE(parsed.complaints.empty());
  EXPECT_EQ(parsed.clauses.at(0).statement, "It gives two values: a pair.");
}

TEST(Parser, ReportsEverythingAtOnce) {
  EXPECT_EQ(
      parse_text(with_fields("Plattforms: all\nAnswer: perhaps\n## queue.b (must)\nSource: x\n")).complaints.size(),
      3u);
}

TEST(Parser, RefusesAnUnknownField) {
  EXPECT_EQ(complaint(with_fields("Plattforms: all")),
            "7: unknown field \"Plattforms\"; did you mean Platforms? Use one of: Source, Platforms, Methods, Since, "
            "Until, Profile, "
            "Answer, Unobservable.");
}

TEST(Parser, RefusesAFieldTwice) {
  EXPECT_EQ(complaint(with_fields("Source: put")),
            "7: the field Source stands twice in \"queue.put.full\"; delete one.");
}

TEST(Parser, RefusesAnEmptyField) {
  EXPECT_EQ(complaint(with_fields("Since:")), "7: the field Since is empty; give it a value or delete it.");
}

TEST(Parser, RefusesTextAfterTheFields) {
  EXPECT_EQ(complaint(with_fields("and more")),
            "7: \"and more\" is no field; write `Key: value`, with two or more blanks between the fields of a line, "
            "and the statement "
            "before them.");
}

TEST(Parser, RefusesAnUnknownSystem) {
  EXPECT_EQ(complaint(with_fields("Platforms: linux, window")),
            "7: unknown system \"window\"; did you mean windows? Use one of: linux, macos, windows.");
}

TEST(Parser, RefusesAnUnknownStartMethod) {
  EXPECT_EQ(complaint(with_fields("Methods: vfork")),
            "7: unknown start method \"vfork\"; did you mean fork? Use one of: fork, spawn, forkserver.");
}

TEST(Parser, RefusesANameTwiceInAList) {
  EXPECT_EQ(complaint(with_fields("Methods: fork fork")), "7: \"fork\" stands here twice; delete one.");
}

TEST(Parser, RefusesAnUnknownProfile) {
  EXPECT_EQ(complaint(with_fields("Profile: queues")),
            "7: unknown profile \"queues\"; did you mean queue? Use one of: process, queue, sync, shared, manager, "
            "remote, pool, spawn, "
            "forkserver, robust, python.");
}

TEST(Parser, RefusesAnUnknownProfileInTheHead) {
  EXPECT_TRUE(complaint("Profile: quue\n").starts_with("1: unknown profile \"quue\""));
}

TEST(Parser, RefusesASecondProfileInTheHead) {
  EXPECT_EQ(complaint("Profile: queue\nProfile: queue\n"), "2: the head sets the Profile a second time; delete one.");
}

TEST(Parser, RefusesAnUnknownKindOfAnswer) {
  EXPECT_EQ(complaint(with_fields("Answer: eventual")),
            "7: unknown kind of answer \"eventual\"; did you mean eventually? Use one of: exact, one-of, not-before, "
            "within, eventually, "
            "must-not-hang, recorded.");
}

TEST(Parser, RefusesAnEditionThatIsNoNumber) {
  for (const char* edition : {"3", "3.", "3.x", "three", "3.1.4", "v3.1", "-3.1"}) {
    EXPECT_EQ(complaint(with_fields(std::string("Since: ") + edition)),
              "7: \"" + std::string(edition) + "\" is no edition of the documentation; write it as 3.14.");
  }
}

TEST(Parser, RefusesAHeadingWithoutAKnownLevel) {
  for (const char* level : {"", " ()", " (shall)", " must", " (must) now", " (must"}) {
    EXPECT_EQ(complaint(std::string(kHead) + "## queue.a" + level + "\nIt is.\nSource: x\n"),
              "4: the heading of \"queue.a\" has no level; write `## id (must)`, or should, or may.");
  }
}

TEST(Parser, RefusesAnIdThatIsNotWritable) {
  for (const char* id : {"queue", "queue.", ".queue", "queue..a", "Queue.a", "queue.a_b", "queue.-a", "queue.a-"}) {
    EXPECT_EQ(complaint(std::string(kHead) + "## " + id + " (must)\nIt is.\nSource: x\n"),
              "4: \"" + std::string(id) +
                  "\" is no id; write two or more words of a-z, 0-9 and dashes, with dots between them.");
  }
}

TEST(Parser, RefusesAnIdOfAnotherNoun) {
  EXPECT_EQ(complaint(std::string(kHead) + "## lock.a (must)\nIt is.\nSource: x\n"),
            "4: the id \"lock.a\" does not begin with \"queue.\"; move it to the file of its noun, or rename it.");
}

TEST(Parser, TakesDashesForTheUnderscoresOfTheFile) {
  const Parsed parsed =
      parse_text("Profile: process\n## start-method.a (must)\nIt is.\nSource: x\n", "spec/clauses/start_method.md");
  EXPECT_TRUE(parsed.complaints.empty());
}

TEST(Parser, RefusesAClauseWithoutStatement) {
  EXPECT_EQ(complaint(std::string(kHead) + "## queue.a (must)\nSource: x\n"),
            "4: \"queue.a\" has no statement; say what must be so before the fields.");
}

TEST(Parser, RefusesAnUnfinishedStatement) {
  EXPECT_EQ(complaint(std::string(kHead) + "## queue.a (must)\nIt is\nSource: x\n"),
            "4: \"queue.a\" has a statement that does not end with a full stop; finish the sentence.");
}

TEST(Parser, RefusesAClauseWithoutSource) {
  EXPECT_EQ(complaint(std::string(kHead) + "## queue.a (must)\nIt is.\n"),
            "4: \"queue.a\" has no Source; name the page, class and method that say so.");
}

TEST(Parser, RefusesAClauseWithoutProfile) {
  EXPECT_EQ(complaint("## queue.a (must)\nIt is.\nSource: x\n"),
            "1: \"queue.a\" has no Profile; add the field, or a line `Profile: name` to the head of the file.");
}

TEST(Parser, RefusesAMustThatGoesBeyondTheDocumentation) {
  EXPECT_EQ(
      complaint(with_fields("Profile: robust")),
      "4: \"queue.put.full\" is a must beyond the documentation; a clause of the profile robust is should or may.");
}

TEST(Parser, RefusesToRecordWhatMustBe) {
  EXPECT_EQ(complaint(with_fields("Answer: recorded")),
            "4: \"queue.put.full\" is only recorded, so that nothing can break it; make it a may.");
}

TEST(Parser, RefusesAnEndBeforeTheBeginning) {
  EXPECT_EQ(complaint(with_fields("Since: 3.14    Until: 3.9")),
            "4: \"queue.put.full\" ends before it begins; Since is the first edition, Until the last.");
  EXPECT_TRUE(parse_text(with_fields("Since: 3.9    Until: 3.14")).complaints.empty());
}

TEST(Parser, RefusesAHeadingOfAnotherDepth) {
  EXPECT_EQ(complaint(with_fields("### more")),
            "7: \"### more\" is no heading of a clause; write `## id (level)`, and titles in the head.");
}

TEST(Parser, RefusesControlCharacters) {
  EXPECT_EQ(complaint(with_fields("Since:\t3.9")), "7: a tab or another control character; write blanks.");
}

}  // namespace
}  // namespace mp::spec

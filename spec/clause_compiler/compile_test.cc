#include "spec/clause_compiler/compile.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace mp::spec {
namespace {

constexpr const char* kGood = "Profile: queue\n\n## queue.put.full (must)\nIt waits.\nSource: put\n";

// A folder of its own for each test, gone with it.
class Compile : public testing::Test {
 protected:
  Compile() : folder_(testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~Compile() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).generic_string(); }

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  int compile(const std::vector<std::string>& files) {
    std::vector<std::string> arguments = {path("clauses.cc"), path("")};
    arguments.insert(arguments.end(), files.begin(), files.end());
    return spec::compile(arguments, errors_);
  }

  std::string content(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }

  std::ostringstream errors_;

 private:
  const std::filesystem::path folder_;
};

TEST_F(Compile, WritesASourceAndAHeaderForEachNoun) {
  EXPECT_EQ(compile({file("queue.md", kGood)}), 0);
  EXPECT_EQ(errors_.str(), "");
  EXPECT_NE(content("queue.h").find("queue_put_full"), std::string::npos);
  EXPECT_NE(content("clauses.cc").find("\"It waits.\""), std::string::npos);
}

TEST_F(Compile, PutsTheClausesOfAFileInTheOrderOfTheirIdsIntoItsHeaderAlone) {
  const std::string event =
      "Profile: sync\n## event.z (must)\nIt is.\nSource: x\n## event.a (must)\nIt is.\nSource: x\n";
  EXPECT_EQ(compile({file("queue.md", kGood), file("event.md", event)}), 0);
  const std::string header = content("event.h");
  EXPECT_LT(header.find("event_a"), header.find("event_z"));
  EXPECT_EQ(header.find("queue_put_full"), std::string::npos);
  EXPECT_NE(content("queue.h").find("queue_put_full"), std::string::npos);
}

TEST_F(Compile, NamesFileAndLineOfEveryComplaintAndWritesNothing) {
  const std::string bad = file("lock.md", "## lock.a (must)\nIt is.\nSource: x\n");
  EXPECT_EQ(compile({file("queue.md", std::string(kGood) + "Since: now\n"), bad}), 1);
  EXPECT_EQ(errors_.str(), path("queue.md") + ":6: \"now\" is no edition of the documentation; write it as 3.14.\n" +
                               bad + ":1: \"lock.a\" has no Profile; add the field, or a line `Profile: name` to the " +
                               "head of the file.\n");
  EXPECT_FALSE(std::filesystem::exists(path("queue.h")));
  EXPECT_FALSE(std::filesystem::exists(path("clauses.cc")));
}

TEST_F(Compile, RefusesOneIdInTwoPlaces) {
  EXPECT_EQ(compile({file("queue.md", std::string(kGood) + "## queue.put.full (may)\nIt is.\nSource: x\n")}), 1);
  EXPECT_EQ(errors_.str(), path("queue.md") + ":6: the id \"queue.put.full\" is taken (" + path("queue.md") +
                               ":3); choose another id.\n");
}

TEST_F(Compile, SaysWhichFileCannotBeRead) {
  EXPECT_EQ(compile({path("none.md")}), 1);
  EXPECT_EQ(errors_.str(), path("none.md") + ":0: cannot be read, or is empty; name a file of clauses.\n");
}

TEST_F(Compile, SaysWhichFileIsEmpty) {
  EXPECT_EQ(compile({file("queue.md", "")}), 1);
  EXPECT_EQ(errors_.str(), path("queue.md") + ":0: cannot be read, or is empty; name a file of clauses.\n");
}

TEST_F(Compile, SaysWhichFileCannotBeWritten) {
  const std::string missing = path("no such folder/clauses.cc");
  EXPECT_EQ(spec::compile({missing, path(""), file("queue.md", kGood)}, errors_), 1);
  EXPECT_EQ(errors_.str(), missing + ": cannot be written; is the folder there and the disk not full?\n");
}

TEST_F(Compile, TellsItsArguments) {
  EXPECT_EQ(spec::compile({"clauses.cc", "clauses"}, errors_), 1);
  EXPECT_EQ(errors_.str(), "usage: clause_compiler SOURCE FOLDER FILE.md...\n");
}

}  // namespace
}  // namespace mp::spec

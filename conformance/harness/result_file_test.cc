#include "conformance/harness/result_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/harness/cannot_run.h"
#include "conformance/harness/samples.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

constexpr spec::Clause kClause = sample_clause();

std::string temporary(const std::string& name) { return testing::TempDir() + "/" + name; }

class ResultFileTest : public testing::Test {
 protected:
  ResultFileTest()
      : ledger_({"CPython", "3.11.7", "linux", "python", "3.11", {"fork"}, {"queue"}, {}},
                parse_expected_failures("known.txt", "queue [spawn] fail \"hang\" bug gh-1: put must return")) {
    record_.how = {{"python3", "a b.py"}, 7, 1.0};
    record_.filters = {"queue"};
    record_.tests = {"queue_put_full.Waits/fork", "queue_put_full.Waits/spawn"};
  }

  void add(std::string start_method, Verdict verdict, std::string cause, std::string message) {
    Outcome outcome = sample_outcome(verdict, std::move(cause), std::move(message), std::move(start_method));
    outcome.seconds = 0.25;
    outcome.isolation = "namespaces";
    ledger_.add(kClause, {outcome});
  }

  Json json() const { return Json::parse(result_json(ledger_, record_)); }

  Ledger ledger_;
  RunRecord record_;
};

TEST_F(ResultFileTest, NamesTheImplementation) {
  EXPECT_EQ(json()["implementation"]["name"], "CPython");
  EXPECT_EQ(json()["implementation"]["version"], "3.11.7");
  EXPECT_EQ(json()["implementation"]["platform"], "linux");
}

TEST_F(ResultFileTest, HasEveryFieldOfAResult) {
  add("fork", Verdict::kFail, "hang", "put did not return");
  const Json result = json()["results"].at(0);
  EXPECT_EQ(result["test"], "queue_put_full.Waits");
  EXPECT_EQ(result["clause"], "queue.put.full");
  EXPECT_EQ(result["level"], "must");
  EXPECT_EQ(result["start_method"], "fork");
  EXPECT_EQ(result["verdict"], "fail");
  EXPECT_EQ(result["expected"], false);
  EXPECT_EQ(result["seconds"], 0.25);
  EXPECT_EQ(result["message"], "put did not return");
  EXPECT_THAT(result["reproduce"].get<std::string>(),
              HasSubstr("--start-method fork --filter queue_put_full.Waits --seed 7"));
}

TEST_F(ResultFileTest, AnExpectedFailureBringsItsReason) {
  add("spawn", Verdict::kFail, "hang", "put did not return");
  const Json result = json()["results"].at(0);
  EXPECT_EQ(result["expected"], true);
  EXPECT_EQ(result["expectation"]["class"], "bug");
  EXPECT_EQ(result["expectation"]["address"], "gh-1");
  EXPECT_EQ(result["expectation"]["reason"], "put must return");
}

TEST_F(ResultFileTest, TheSummaryCountsVerdicts) {
  add("fork", Verdict::kPass, "", "");
  add("spawn", Verdict::kFail, "hang", "");
  const Json summary = json()["summary"];
  EXPECT_EQ(summary["pass"], 1);
  EXPECT_EQ(summary["fail"], 1);
  EXPECT_EQ(summary["unresolved"], 0);
  EXPECT_EQ(summary["unsupported"], 0);
  EXPECT_EQ(summary["untested"], 0);
  EXPECT_EQ(summary["profiles"]["queue"]["fail"], 1);
}

TEST_F(ResultFileTest, RecordsWhatWasSelected) {
  const Json run = json()["run"];
  EXPECT_EQ(run["filters"], Json({"queue"}));
  EXPECT_EQ(run["selected"].size(), 2u);
  EXPECT_EQ(run["seed"], 7);
}

TEST_F(ResultFileTest, RecordsHowTesteesWereKeptApart) {
  add("fork", Verdict::kPass, "", "");
  add("spawn", Verdict::kPass, "", "");
  EXPECT_EQ(json()["run"]["isolation"], Json({"namespaces"}));
}

TEST_F(ResultFileTest, BytesThatAreNotTextDoNotSpoilTheFile) {
  add("fork", Verdict::kFail, "garbage", "seen \xff\xfe\x01");
  EXPECT_THAT(json()["results"].at(0)["message"].get<std::string>(), HasSubstr("seen \xEF\xBF\xBD"));
}

TEST_F(ResultFileTest, ReadsBackWhatItWrote) {
  add("fork", Verdict::kFail, "hang", "put did not return");
  const std::string path = temporary("result.json");
  write_file(path, result_json(ledger_, record_));
  const ResultFile read = read_result_file(path);
  EXPECT_EQ(read.name, "CPython");
  EXPECT_EQ(read.version, "3.11.7");
  ASSERT_EQ(read.results.size(), 1u);
  EXPECT_EQ(read.results[0].verdict, "fail");
  EXPECT_EQ(read.results[0].start_method, "fork");
}

TEST(ReadResultFile, SaysWhatIsWrongWithTheFile) {
  const auto complaint = [](const std::string& text) -> std::string {
    const std::string path = temporary("bad.json");
    write_file(path, text);
    try {
      read_result_file(path);
    } catch (const CannotRun& error) {
      return error.what();
    }
    return "no complaint";
  };
  EXPECT_THAT(complaint(""), HasSubstr("is empty"));
  EXPECT_THAT(complaint("{"), HasSubstr("bad.json is not a result file"));
  EXPECT_THAT(complaint("[]"), HasSubstr("bad.json is not a result file"));
  EXPECT_THAT(complaint("{\"implementation\": {\"name\": 3}}"), HasSubstr("is not a result file"));
  EXPECT_THROW(read_result_file("/no/such/file.json"), CannotRun);
  EXPECT_THROW(read_result_file("/"), CannotRun);
}

TEST(WriteFile, AFolderThatIsNotThereIsReported) {
  EXPECT_THROW(write_file("/no/such/folder/x.json", ""), CannotRun);
  EXPECT_THROW(check_writable("/no/such/folder/x.json"), CannotRun);
}

TEST(CheckWritable, KeepsWhatIsInTheFile) {
  const std::string path = temporary("kept.txt");
  write_file(path, "kept");
  check_writable(path);
  std::ifstream file(path);
  std::string text;
  file >> text;
  EXPECT_EQ(text, "kept");
}

TEST(ResultFile, AVerdictThatIsNoneIsRefused) {
  const std::string text =
      R"({"implementation":{"name":"x","version":"1"},"results":[{"test":"t","clause":"c","level":"must","start_method":"fork",)"
      R"("verdict":"\"><script>","expected":true,"seconds":0,"message":"","reproduce":""}]})";
  EXPECT_THAT([&] { parse_result_file("theirs.json", text); },
              testing::ThrowsMessage<CannotRun>(testing::HasSubstr("theirs.json is not a result file")));
}

}  // namespace
}  // namespace mp::conformance

// The real program, from its command line to its exit status: what people and scripts rely on when something is wrong.
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace mp::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Ended {
  int status;
  std::string out;
  std::string err;
};

std::string temporary(const std::string& name) { return testing::TempDir() + "/" + name; }

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Files instead of pipes: the test need not read while the program runs.
Ended conform(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& variables = {},
              const std::string& out = temporary("out")) {
  namespace process = boost::process;
  process::environment environment = boost::this_process::environment();
  environment["CONFORM_COMMAND"] = "conform";
  environment["CONFORM_REFERENCE"] = "/no/such/reference";
  environment["CONFORM_MUTANTS"] = "/no/such/mutants";
  for (const auto& [name, value] : variables) environment[name] = value;
  const std::string err = temporary("err");
  for (const std::string& file : {out, err}) {  // or the end of an earlier, longer text would stay
    if (std::filesystem::is_regular_file(file)) std::filesystem::remove(file);
  }
  process::child child(process::exe = std::getenv("CONFORM"), process::args = arguments, environment,
                       process::std_in<process::null, process::std_out> out, process::std_err > err);
  child.wait();
  return {child.exit_code(), std::filesystem::is_regular_file(out) ? content(out) : "", content(err)};
}

// Everything that cannot run ends so: status 2, and on standard error one sentence that begins with the program's name.
std::string refusal(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& variables = {},
                    const std::string& out = temporary("out")) {
  const Ended ended = conform(arguments, variables, out);
  EXPECT_EQ(ended.status, 2) << testing::PrintToString(arguments) << "\n" << ended.out << ended.err;
  EXPECT_THAT(ended.err, StartsWith("conform: "));
  return ended.err;
}

TEST(CommandLine, HelpIsNoError) {
  const Ended ended = conform({"--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, HasSubstr("Examples:"));
  EXPECT_EQ(ended.err, "");
}

TEST(CommandLine, WhatItDoesNotKnowIsRefused) {
  EXPECT_THAT(refusal({}), HasSubstr("say what to do"));
  EXPECT_THAT(refusal({"frobnicate"}), HasSubstr("frobnicate"));
  EXPECT_THAT(refusal({"run", "--frobnicate"}), HasSubstr("--frobnicate"));
  EXPECT_THAT(refusal({"run", "--jobs", "none"}), HasSubstr("--jobs"));
}

TEST(CommandLine, AClauseThatDoesNotExistIsRefusedWithASuggestion) {
  EXPECT_THAT(refusal({"explain", "lock.acquir"}), HasSubstr("lock.acquire"));
  EXPECT_THAT(refusal({"explain", "queue.put"}), HasSubstr("`conform list --filter queue.put` shows them"));
}

TEST(CommandLine, ListAndExplainNeedNoTestee) {
  EXPECT_THAT(conform({"list"}).out, HasSubstr("lock.acquire"));
  EXPECT_EQ(conform({"list", "--tests"}).status, 0);
}

TEST(CommandLine, ListNamesWhatAFilterNames) {
  const std::string listed = conform({"list", "--filter", "lock.acquire"}).out;
  EXPECT_THAT(listed, HasSubstr("lock.acquire"));
  EXPECT_THAT(listed, Not(HasSubstr("queue.put")));
  EXPECT_THAT(conform({"list", "--tests", "--filter", "lock"}).out, HasSubstr("lock_acquire"));
  EXPECT_THAT(refusal({"list", "--filter", "lokc"}), HasSubstr("named lokc"));
}

TEST(CommandLine, WhatIsAlreadyWrittenIsNotOverwritten) {
  const std::string reasons = temporary("reasons.txt");
  std::ofstream(reasons) << "# found with care\n";
  EXPECT_THAT(refusal({"run", "--testee", "x", "--write-expected", reasons}), HasSubstr("reasons.txt, exists already"));
  EXPECT_EQ(content(reasons), "# found with care\n");
  const std::string one = temporary("one");
  EXPECT_THAT(refusal({"run", "--testee", "x", "--json", one, "--html", one}),
              HasSubstr("cannot be written to one file"));
  std::ofstream(one) << "{}";
  EXPECT_THAT(refusal({"report", one, "--html", one}), HasSubstr("would overwrite a result"));
  EXPECT_EQ(content(one), "{}");
}

TEST(CommandLine, WhatCannotBePrintedIsNotLostInSilence) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no file that is always full";
  EXPECT_THAT(refusal({"list"}, {}, "/dev/full"), HasSubstr("standard output"));
}

TEST(CommandLine, VariablesAreCheckedAsOptionsAre) {
  EXPECT_THAT(refusal({"run", "--testee", "x"}, {{"CONFORM_ISOLATION", "full"}}), HasSubstr("may be \"none\""));
  EXPECT_THAT(refusal({"mutants"}, {{"CONFORM_MUTANTS", "/bin/true"}}),
              HasSubstr("\"/bin/true --list\" named no mutant"));
  EXPECT_THAT(refusal({"mutants"}, {{"CONFORM_MUTANTS", "/bin/false"}}), HasSubstr("is it the program of mutants"));
}

TEST(CommandLine, TheReferenceHasToBeThere) {
  EXPECT_THAT(refusal({"run"}), HasSubstr("/no/such/reference, where CONFORM_REFERENCE says: build it"));
  EXPECT_THAT(refusal({"mutants"}), HasSubstr("/no/such/mutants, where CONFORM_MUTANTS says: build it"));
}

TEST(CommandLine, FilesThatCannotBeReadOrWrittenAreNamed) {
  EXPECT_THAT(refusal({"run", "--testee", "x", "--expected", "/no/such/file"}),
              HasSubstr("/no/such/file cannot be read"));
  EXPECT_THAT(refusal({"run", "--testee", "x", "--expected", "/"}), HasSubstr("/ cannot be read"));
  EXPECT_THAT(refusal({"run", "--testee", "x", "--json", "/no/such/file"}),
              HasSubstr("/no/such/file cannot be written"));
  EXPECT_THAT(refusal({"compare", "/no/such/file", "/no/such/file"}), HasSubstr("/no/such/file cannot be read"));
  EXPECT_THAT(refusal({"compare", "/", "/"}), HasSubstr("the result file / cannot be read"));
  EXPECT_THAT(refusal({"report", "/no/such/file", "--html", temporary("page.html")}),
              HasSubstr("/no/such/file cannot be read"));
  EXPECT_THAT(refusal({"run", "--testee", "x", "--html", "/no/such/file"}),
              HasSubstr("/no/such/file cannot be written"));
}

TEST(CommandLine, FilesWithOtherContentAreNamedWithTheLine) {
  const std::string path = temporary("bad.txt");
  std::ofstream(path) << "# known\nlock.acquire broken \"hang\" platform: x\n";
  EXPECT_THAT(refusal({"run", "--testee", "x", "--expected", path}), HasSubstr("bad.txt:2: \"broken\""));
  std::ofstream(path) << "lock.acquir fail \"hang\" platform: x\n";
  EXPECT_THAT(refusal({"run", "--testee", "x", "--expected", path}),
              HasSubstr("bad.txt:1: no clause and no test is named lock.acquir"));
  EXPECT_THAT(refusal({"compare", path, path}), HasSubstr("is not a result file"));
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_THAT(refusal({"compare", path, path}), HasSubstr("bad.txt is empty; was its run interrupted?"));
}

TEST(CommandLine, ACommandThatIsNoneIsRefused) {
  EXPECT_THAT(refusal({"run", "--testee", " "}), HasSubstr("blank"));
  EXPECT_THAT(refusal({"run", "--testee", "python3 'x"}), HasSubstr("open quote"));
}

TEST(CommandLine, ATesteeThatDoesNotStartIsRefused) {
  EXPECT_THAT(refusal({"run", "--testee", "/no/such/testee --x"}), HasSubstr("/no/such/testee"));
}

TEST(CommandLine, ATesteeThatEndsAtOnceIsRefused) {
  EXPECT_THAT(refusal({"run", "--testee", "sh -c 'exit 3'"}), HasSubstr("sh -c 'exit 3'"));
  // What it printed often says why.
  EXPECT_THAT(refusal({"run", "--testee", "sh -c 'echo no module named x >&2; exit 1'"}),
              HasSubstr("no module named x"));
}

TEST(CommandLine, ATesteeThatSpeaksAnotherLanguageIsRefused) {
  EXPECT_THAT(refusal({"run", "--testee", "echo hello"}), HasSubstr("echo hello"));
}

TEST(CommandLine, AStartMethodThatIsNotOfferedIsRefusedWithThoseThatAre) {
  const std::string python = "python3 " + std::string(std::getenv("PYTHON_ADAPTER"));
  EXPECT_THAT(refusal({"run", "--testee", python, "--start-method", "vfork"}),
              HasSubstr("does not offer the start method vfork: choose from fork, spawn"));
}

}  // namespace
}  // namespace mp::conformance

#include "spec/clauses/log.h"
#include "conformance/suites/output_moments.h"

namespace mp::conformance {
namespace {

constexpr int kDebug = 10, kInfo = 20, kError = 40;

// Arrangement.
Ref logger_of(Caller& caller) { return caller.call("get_logger"); }
Ref logger_to_stderr(Caller& caller) {
  caller.call("log_to_stderr");
  return logger_of(caller);
}

}  // namespace

CLAUSE_TEST(log_get_same, EachTime) {
  Ref logger = logger_of(main());
  EXPECT_EQ(main().call("get_logger"), logger);
}

CLAUSE_TEST(log_get_level, IsNotSet) { EXPECT_EQ(main().get(logger_of(main()), "level"), 0); }

CLAUSE_TEST(log_get_no_handler, AMessageGoesNowhere) {
  Ref logger = logger_of(main());
  main().call(logger, "setLevel", kDebug);
  EXPECT_RETURNED(main().call(logger, "info", "unseen"));
  main().call("log_to_stderr");
  main().call(logger, "info", "seen");
  await_printed(main(), "[INFO/MainProcess] seen");
  EXPECT_NOT_PRINTED(main(), "unseen");
}

CLAUSE_TEST(log_level_set, IsTheLevelThen) {
  Ref logger = logger_of(main());
  EXPECT_RETURNED(main().call(logger, "setLevel", kError));
  EXPECT_EQ(main().get(logger, "level"), kError);
}

CLAUSE_TEST(log_level_filters, LighterOnesAreNotWritten) {
  Ref logger = logger_to_stderr(main());
  main().call(logger, "setLevel", kInfo);
  main().call(logger, "debug", "light");
  main().call(logger, "info", "heavy");
  EXPECT_PRINTED(main(), "[INFO/MainProcess] heavy");
  EXPECT_NOT_PRINTED(main(), "light");
}

CLAUSE_TEST(log_level_filters, HeedsALevelThatIsSetLater) {
  Ref logger = logger_to_stderr(main());
  main().call(logger, "setLevel", kInfo);
  main().call(logger, "info", "before");
  main().call(logger, "setLevel", kError);
  main().call(logger, "warning", "light");
  main().call(logger, "error", "heavy");
  EXPECT_PRINTED(main(), "[INFO/MainProcess] before");
  EXPECT_PRINTED(main(), "[ERROR/MainProcess] heavy");
  EXPECT_NOT_PRINTED(main(), "light");
}

CLAUSE_TEST(log_level_not_set, WarningsAreWritten) {
  Ref logger = logger_to_stderr(main());
  main().call(logger, "info", "light");
  main().call(logger, "warning", "heavy");
  EXPECT_PRINTED(main(), "[WARNING/MainProcess] heavy");
  EXPECT_NOT_PRINTED(main(), "light");
}

CLAUSE_TEST(log_stderr_returns_logger, ThatOfThePackage) {
  Ref logger = logger_of(main());
  EXPECT_EQ(main().call("log_to_stderr"), logger);
}

CLAUSE_TEST(log_stderr_format, LevelAndNameInBrackets) {
  Ref logger = logger_to_stderr(main());
  EXPECT_RETURNED(main().call(logger, "warning", "doomed"));
  EXPECT_PRINTED(main(), "[WARNING/MainProcess] doomed");
}

CLAUSE_TEST(log_stderr_level_name, OfEachLevel) {
  Ref logger = logger_to_stderr(main());
  main().call(logger, "setLevel", kDebug);
  for (const char* method : {"debug", "info", "warning", "error", "critical"}) main().call(logger, method, "message");
  for (const char* name : {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}) {
    EXPECT_PRINTED(main(), "[" + std::string(name) + "/MainProcess] message");
  }
}

CLAUSE_TEST(log_stderr_process_name, IsThatOfTheChild) {
  Actor& child = start_process({}, {.name = "worker"});
  Ref logger = logger_to_stderr(child);
  EXPECT_RETURNED(child.call(logger, "warning", "doomed"));
  EXPECT_PRINTED(main(), "[WARNING/worker] doomed");
}

CLAUSE_TEST(log_stderr_level, IsThatOfTheLogger) {
  EXPECT_RETURNED(main().call("log_to_stderr", kInfo));
  Ref logger = logger_of(main());
  EXPECT_EQ(main().get(logger, "level"), kInfo);
  main().call(logger, "info", "seen");
  EXPECT_PRINTED(main(), "[INFO/MainProcess] seen");
}

CLAUSE_TEST(log_stderr_level_none, LeavesItAsItIs) {
  Ref logger = logger_of(main());
  main().call(logger, "setLevel", kError);
  EXPECT_RETURNED(main().call("log_to_stderr"));
  EXPECT_EQ(main().get(logger, "level"), kError);
}

CLAUSE_TEST(log_child_level, IsThatOfTheParent) {
  main().call(logger_of(main()), "setLevel", kError);
  Actor& child = start_process();
  EXPECT_EQ(child.get(logger_of(child), "level"), kError);
}

CLAUSE_TEST(log_child_own_level, LeavesThatOfTheParent) {
  Ref logger = logger_of(main());
  main().call(logger, "setLevel", kInfo);
  Actor& child = start_process();
  child.call(logger_of(child), "setLevel", kError);
  EXPECT_EQ(main().get(logger, "level"), kInfo);
}

CLAUSE_TEST(log_child_to_stderr, WritesAsItsParentDoes) {
  logger_to_stderr(main());
  Actor& child = start_process({}, {.name = "worker"});
  EXPECT_RETURNED(child.call(logger_of(child), "warning", "doomed"));
  EXPECT_PRINTED(main(), "[WARNING/worker] doomed");
}

CLAUSE_TEST(log_child_to_stderr_anew, WritesAsItsParentDoes) {
  logger_to_stderr(main());
  Actor& child = start_process({}, {.name = "worker"});
  EXPECT_RETURNED(child.call(logger_of(child), "warning", "doomed"));
  EXPECT_PRINTED(main(), "[WARNING/worker] doomed");
}

CLAUSE_TEST(log_own_child_begins, WithItsName) {
  main().call("log_to_stderr", kInfo);
  Actor& child = make_process({}, {.name = "worker"});
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_PRINTED(main(), "[INFO/worker] child process calling self.run()");
}

}  // namespace mp::conformance

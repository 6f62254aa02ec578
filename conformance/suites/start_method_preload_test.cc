// What the fork server loads before it forks: set_forkserver_preload, of Python's modules.
#include "conformance/suites/output_moments.h"
#include "spec/clauses/start_method.h"

namespace mp::conformance {
namespace {

// A module of Python's library that prints when it is loaded, and what it prints first.
constexpr const char* kLoud = "this";
constexpr const char* kItsLine = "The Zen of Python, by Tim Peters";

}  // namespace

CLAUSE_TEST(start_method_preload_loaded, ByTheServer) {
  EXPECT_RETURNED(main().call("set_forkserver_preload", List{kLoud}));
  start_process();
  EXPECT_PRINTED(main(), kItsLine);
}

CLAUSE_TEST(start_method_preload_unknown, IsIgnored) {
  EXPECT_RETURNED(main().call("set_forkserver_preload", List{"no_such_module"}));
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  EXPECT_STARTED(child);
}

CLAUSE_TEST(start_method_preload_other_methods, LoadsNothing) {
  EXPECT_RETURNED(main().call("set_forkserver_preload", List{kLoud}));
  Actor& child = make_process();
  EXPECT_RETURNED(main().call(child.process(), "start"));
  ASSERT_STARTED(child);
  child.bye();  // what it prints is there when it has ended
  ASSERT_ENDED(child);
  EXPECT_NOT_PRINTED(main(), kItsLine);
}

}  // namespace mp::conformance

"""One noun of the reference: NAME.h, NAME.cc, NAME_test.cc, as far as they exist."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

def noun(name, deps = [], test_deps = [], own_main = False, size = "small"):
    """Declares the library `name` and its test.

    Args:
      name: stem of the header, the source and the test.
      deps: the nouns below it, and what it needs of platform/.
      test_deps: what only the test needs.
      own_main: the test has a main() of its own: one that starts processes calls freeze_support there first.
      size: of the test.
    """
    cc_library(
        name = name,
        srcs = native.glob([name + ".cc"]),
        hdrs = native.glob([name + ".h"]),
        deps = deps,
    )
    for source in native.glob([name + "_test.cc"]):
        cc_test(
            name = name + "_test",
            size = size,
            srcs = [source],
            deps = deps + test_deps + [
                ":" + name,
                "@googletest//:gtest" if own_main else "@googletest//:gtest_main",
            ],
        )

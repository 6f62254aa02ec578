"""One noun of the platform: NAME.h, the system's own NAME.cc, and the contract test that every system must pass."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

_SYSTEMS = ["linux", "macos", "windows"]

def noun(name, deps = [], linkopts = [], private = {}, test_deps = [], size = "small"):
    """Declares the library `name`, its contract test NAME_test.cc, and SYSTEM/NAME_test.cc for what only one system has.

    Args:
      name: stem of the header and of the sources.
      deps: the nouns below it.
      linkopts: for the linker, a dictionary keyed by system may be given through select().
      private: system -> headers that only this system's sources see, and further sources. SYSTEM/system.h, if there is one, all see.
      test_deps: what the tests need besides.
      size: of the tests.
    """
    cc_library(
        name = name,
        srcs = select(
            {
                "@platforms//os:" + system: native.glob([system + "/" + name + ".cc", system + "/system.h"]) + private.get(system, [])
                for system in _SYSTEMS
            },
            no_match_error = "platform/ has no backend for this system; platform/README.md says how to add one",
        ),
        hdrs = [name + ".h"],
        linkopts = linkopts,
        deps = deps,
    )
    for source in native.glob([name + "_test.cc"]):
        cc_test(
            name = source[:-len(".cc")],
            size = size,
            srcs = [source],
            deps = [":" + name, "@googletest//:gtest_main"] + test_deps,
        )
    for system in _SYSTEMS:
        for source in native.glob([system + "/" + name + "_test.cc"]):
            cc_test(
                name = name + "_" + system + "_test",
                size = size,
                srcs = [source],
                target_compatible_with = ["@platforms//os:" + system],
                deps = [":" + name, "@googletest//:gtest_main"] + test_deps,
            )

"""One noun of the reference: NAME.h, NAME.cc, NAME_test.cc, NAME_posix_test.cc, as far as they exist."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

# Tests that make their children by fork have that word in their names.
WITHOUT_FORK = select({
    "@platforms//os:windows": ["--gtest_filter=-*Fork*"],
    "//conditions:default": [],
})

# For tests of what Windows does not have.
ON_POSIX = select({
    "@platforms//os:windows": ["//ci:no_system"],
    "//conditions:default": [],
})

def noun(name, deps = [], parts = [], test_deps = [], starts_processes = False, size = "small"):
    """Declares the library `name` and its tests.

    Args:
      name: stem of the header, the source and the test.
      deps: the nouns below it, and what it needs of platform/.
      test_deps: what only the tests need.
      starts_processes: the tests do, so that their main() has to begin with freeze_support.
      size: of the tests.
    """
    cc_library(
        name = name,
        srcs = native.glob([name + ".cc"], allow_empty = True) + [part + ending for part in parts for ending in (".cc", ".h")],
        hdrs = native.glob([name + ".h"], allow_empty = True),
        deps = deps,
    )
    tests = {"_test": [], "_posix_test": ON_POSIX}
    for ending, compatible_with in tests.items():
        for source in native.glob([name + ending + ".cc"], allow_empty = True):
            cc_test(
                name = name + ending,
                size = size,
                srcs = [source],
                args = WITHOUT_FORK,
                target_compatible_with = compatible_with,
                deps = deps + test_deps + [
                    ":" + name,
                    ":test_main" if starts_processes else "@googletest//:gtest_main",
                ],
            )

def fuzzer(name, deps):
    """A libFuzzer target of NAME.cc. Needs clang: the first lines of the source say how it is built and run."""
    cc_binary(
        name = name,
        testonly = True,
        srcs = [name + ".cc"],
        copts = ["-fsanitize=fuzzer"],
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = deps,
    )

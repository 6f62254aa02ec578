"""One noun of the platform: NAME.h, NAME.cc for what is the same on every system, the system's own NAME.cc, and the contract test."""

load("@rules_cc//cc:defs.bzl", "cc_library", "cc_test")

# Where the sources of a system are: what is the same on several is in a folder of its own.
_FOLDERS = {
    "linux": ["linux", "posix"],
    "macos": ["macos", "posix"],
    "windows": ["windows"],
}

def _files(folders, stems):
    return native.glob(
        [folder + "/" + stem + ending for folder in folders for stem in stems for ending in [".h", ".cc"]] +
        [folder + "/system.h" for folder in folders] +
        [stem + ".cc" for stem in stems] + [part + ".h" for part in stems[1:]],
        allow_empty = True,
    )

def noun(name, deps = [], linkopts = [], parts = [], test_deps = [], size = "small"):
    """Declares the library `name`, its contract test NAME_test.cc, and SYSTEM/NAME_test.cc for what only one system has.

    Args:
      name: stem of the header and of the sources.
      deps: the nouns below it.
      linkopts: for the linker, a dictionary keyed by system may be given through select().
      parts: stems of further sources and of headers that only this noun sees, here or in the folders of those systems that have them.
        SYSTEM/system.h, if there is one, all see.
      test_deps: what the tests need besides.
      size: of the tests.
    """
    cc_library(
        name = name,
        srcs = select(
            {"@platforms//os:" + system: _files(folders, [name] + parts) for system, folders in _FOLDERS.items()},
            no_match_error = "platform/ has no backend for this system; platform/README.md says how to add one",
        ),
        hdrs = [name + ".h"],
        linkopts = linkopts,
        deps = deps,
    )
    for source in native.glob([name + "_test.cc"], allow_empty = True):
        cc_test(
            name = source[:-len(".cc")],
            size = size,
            srcs = [source],
            deps = [":" + name, "@googletest//:gtest_main"] + test_deps,
        )
    for system in _FOLDERS:
        for source in native.glob([system + "/" + name + "_test.cc"], allow_empty = True):
            cc_test(
                name = name + "_" + system + "_test",
                size = size,
                srcs = [source],
                target_compatible_with = ["@platforms//os:" + system],
                deps = [":" + name, "@googletest//:gtest_main"] + test_deps,
            )

def shared_part(name, folder, deps = []):
    """Declares FOLDER_NAME, which several nouns use on the systems that have this folder: FOLDER/NAME.h, and what of it each system has.

    Args:
      name: stem of the header and of the sources.
      folder: of the header.
      deps: the nouns below it.
    """
    cc_library(
        name = folder + "_" + name,
        srcs = select({
            "@platforms//os:" + system: native.glob([each + "/" + name + ".cc" for each in folders], allow_empty = True)
            for system, folders in _FOLDERS.items()
        }),
        hdrs = [folder + "/" + name + ".h"],
        visibility = ["//visibility:private"],
        deps = deps,
    )

"""One example: NAME.cc, built, and run under every start method; what it prints must be expected/NAME.txt, in any order of lines."""

load("@rules_cc//cc:defs.bzl", "cc_binary")

def example(name, deps, script = None, streams = "output"):
    """As above.

    Args:
      name: the stem.
      deps: what it shows.
      script: what it starts with python3, where there is such a thing: a second argument of the program.
      streams: what the expected lines are printed on: "output", or "both" it and standard error.
    """
    cc_binary(
        name = name,
        srcs = [name + ".cc"],
        deps = deps,
    )
    native.sh_test(
        name = name + "_test",
        size = "small",
        srcs = ["run_example.sh"],
        args = [
            streams,
            "$(rootpath %s)" % script if script else "''",
            "$(rootpath :%s)" % name,
            "$(rootpath expected/%s.txt)" % name,
        ] + select({
            "@platforms//os:windows": ["spawn"],
            "//conditions:default": ["fork", "spawn", "forkserver"],
        }),
        data = [
            ":" + name,
            "expected/%s.txt" % name,
        ] + ([script] if script else []),
        target_compatible_with = select({
            "@platforms//os:windows": ["//ci:no_system"],
            "//conditions:default": [],
        }) if script else [],
    )

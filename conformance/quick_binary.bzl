"""quick_binary: a program that a run of the suite starts thousands of times."""

load("@rules_cc//cc:defs.bzl", "cc_binary")

def quick_binary(name, **kwargs):
    """A cc_binary that starts quickly where users run it (Linux, --config=opt): there it needs no shared library.

    A test starts a guard, a main process and, with spawn, a program for each child. To load and relocate the shared libraries of one
    takes longer than many a test. Plain -static would make a program's first exception as slow: it registers the tables by hand. gold
    cannot link -static-pie.

    Args:
      name: of the program.
      **kwargs: as of cc_binary.
    """
    cc_binary(
        name = name,
        features = ["-supports_start_end_lib"],
        linkopts = select({
            "//conformance:optimised_for_linux": ["-static-pie", "-fuse-ld=bfd"],
            "//conditions:default": [],
        }),
        **kwargs
    )

"""conformance_suite: an implementation under judgement, as a Bazel test."""

def conformance_suite(
        name,
        testee,
        data = [],
        expected = None,
        start_methods = [],
        filters = [],
        arguments = [],
        size = "large",
        **kwargs):
    """Runs the conformance suite on an implementation; passes if all is as expected.

    Args:
      name: of the test.
      testee: the command that starts the adapter. $(rootpath LABEL) stands for a file of `data`.
      data: what the command needs.
      expected: the file of expected failures, if there are any; see README.md.
      start_methods: those to run; by default all that the implementation offers.
      filters: globs of clauses and tests; by default all of them.
      arguments: more options of "conform run".
      size: as of any test.
      **kwargs: as of any test: tags, shard_count, timeout ...
    """
    words = ["run", "--testee", testee]
    for method in start_methods:
        words += ["--start-method", method]
    for glob in filters:
        words += ["--filter", glob]
    if expected:
        words += ["--expected", "$(rootpath %s)" % expected]
    native.sh_test(
        name = name,
        size = size,
        # Any executable may stand here; the runner needs no shell around it.
        srcs = [Label("//conformance:conform")],
        args = [_shell_quoted(word) for word in words + arguments],
        data = data + ([expected] if expected else []),
        **kwargs
    )

def _shell_quoted(word):
    """Bazel splits an argument as a shell does; $(...) is replaced before that."""
    return "'" + word.replace("'", "'\\''") + "'"

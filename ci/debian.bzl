"""The distribution's copies of Bazel's own rules and of our libraries, as repositories: no download.

Debian 12 has Bazel 4.2.3 (package bazel-bootstrap) and the rules that it needs in /usr/share/bazel.
"""

# rules_cc 0.0.4 asks for a function that Bazel 4.2.3 does not have yet; the list below is what it returns.
_USE_TOOLCHAIN = "use_cpp_toolchain(),"
_TOOLCHAIN_TYPE = "[\"@bazel_tools//tools/cpp:toolchain_type\"],"

def _rules_cc_impl(ctx):
    ctx.execute(["cp", "-rL", "/usr/share/bazel/rules/cc/.", "."])
    found = ctx.execute(["grep", "-rl", "use_cpp_toolchain", "--include=*.bzl", "."])
    for path in found.stdout.splitlines():
        text = ctx.read(path)
        text = text.replace(_USE_TOOLCHAIN, _TOOLCHAIN_TYPE).replace(", \"use_cpp_toolchain\"", "")
        ctx.file(path, text, executable = False)

debian_rules_cc = repository_rule(implementation = _rules_cc_impl, local = True)

def _stub_coverage_impl(ctx):
    ctx.file("WORKSPACE", "")
    ctx.file("BUILD", "filegroup(name = 'coverage_report_generator', srcs = [], visibility = ['//visibility:public'])\n")

stub_coverage_tools = repository_rule(implementation = _stub_coverage_impl)

def _system_library_impl(ctx):
    """Headers below /usr/include, linked in so that their paths inside the repository stay the same."""
    ctx.file("WORKSPACE", "")
    for name in ctx.attr.headers:
        ctx.symlink("/usr/include/" + name, "include/" + name)
    globs = ["include/%s/**" % h for h in ctx.attr.headers if not h.endswith(".h")]
    files = ["include/" + h for h in ctx.attr.headers if h.endswith(".h")]
    ctx.file("BUILD", """load("@rules_cc//cc:defs.bzl", "cc_library")
cc_library(
    name = "{name}",
    hdrs = glob({globs}) + {files},
    includes = ["include"],
    defines = {defines},
    linkopts = {linkopts},
    deps = {deps},
    visibility = ["//visibility:public"],
)
""".format(
        name = ctx.attr.target,
        globs = repr(globs),
        files = repr(files),
        defines = repr(ctx.attr.defines),
        linkopts = repr(ctx.attr.linkopts),
        deps = repr(ctx.attr.needs),
    ))

system_library = repository_rule(
    implementation = _system_library_impl,
    local = True,
    attrs = {
        "target": attr.string(mandatory = True),
        "headers": attr.string_list(),
        "defines": attr.string_list(),
        "linkopts": attr.string_list(),
        "needs": attr.string_list(),
    },
)

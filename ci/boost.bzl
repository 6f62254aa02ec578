"""Boost as one library, as WORKSPACE has it from the distribution, made of the central registry's, which are one module for each part."""

_BUILD = """load("@rules_cc//cc:defs.bzl", "cc_library")

cc_library(
    name = "boost",
    # Boost.Process without this needs Boost.Filesystem.
    defines = ["BOOST_PROCESS_USE_STD_FS=1"],
    visibility = ["//visibility:public"],
    deps = {deps},
)
"""

_PARTS = ["asio", "interprocess", "process", "system"]

def _boost_impl(ctx):
    ctx.file("BUILD", _BUILD.format(deps = ["@boost.%s//:boost.%s" % (part, part) for part in _PARTS]))

_boost = repository_rule(implementation = _boost_impl)

def _extension_impl(_ctx):
    _boost(name = "boost")

boost = module_extension(implementation = _extension_impl)

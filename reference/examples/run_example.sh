#!/bin/bash
# run_example.sh PROGRAM EXPECTED METHOD...: runs the program under each start method and compares its output with the expected one. The
# lines may come in any order, as they come from processes that run at the same time. Windows ends its lines in its own way.
set -u
program=$1 expected=$2
shift 2
for method in "$@"; do
  if ! output=$(${WINDOWS_RUNNER:-} "$program" "$method"); then
    echo "$program $method failed" >&2
    exit 1
  fi
  if ! diff <(sort "$expected") <(sort <<< "${output//$'\r'/}") >&2; then
    echo "$program $method: the lines with > were printed, those with < were expected" >&2
    exit 1
  fi
done

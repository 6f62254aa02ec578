#!/bin/bash
# run_example.sh SCRIPT PROGRAM EXPECTED METHOD...: runs the program under each start method, with the script as its second argument unless
# that is empty, and compares its output with the expected one. The lines may come in any order, as they come from processes that run at
# the same time. Windows ends its lines in its own way.
set -u
script=$1 program=$2 expected=$3
shift 3
for method in "$@"; do
  if ! output=$(${WINDOWS_RUNNER:-} "$program" "$method" ${script:+"$script"}); then
    echo "$program $method failed" >&2
    exit 1
  fi
  if ! diff <(sort "$expected") <(sort <<< "${output//$'\r'/}") >&2; then
    echo "$program $method: the lines with > were printed, those with < were expected" >&2
    exit 1
  fi
done

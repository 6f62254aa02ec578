#!/bin/bash
# run_example.sh STREAMS SCRIPT PROGRAM EXPECTED METHOD...: runs the program under each start method, with the script as its second argument
# unless that is empty, and compares its output ("output"), or that and standard error ("both"), with the expected one. The lines may come in any order, as they come from processes that run at
# the same time. Windows ends its lines in its own way.
set -u
streams=$1 script=$2 program=$3 expected=$4
shift 4
# Windows starts no program whose name has more than 260 characters; that among the test's runfiles has many.
[[ -z ${WINDOWS_RUNNER:-} ]] || program=$(realpath "$program")
run() { ${WINDOWS_RUNNER:-} "$program" "$1" ${script:+"$script"}; }
for method in "$@"; do
  if [[ $streams == both ]]; then output=$(run "$method" 2>&1); else output=$(run "$method"); fi
  if [[ $? -ne 0 ]]; then
    echo "$program $method failed" >&2
    exit 1
  fi
  if ! diff <(sort "$expected") <(sort <<< "${output//$'\r'/}") >&2; then
    echo "$program $method: the lines with > were printed, those with < were expected" >&2
    exit 1
  fi
done

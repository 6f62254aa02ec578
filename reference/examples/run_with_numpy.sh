#!/bin/bash
# run_with_numpy.sh PROGRAM EXPECTED SCRIPT: as run_example.sh, for a program that starts a Python script that needs numpy.
set -u
for python in python3 /usr/bin/python3; do
  if "$python" -c "import numpy" 2>/dev/null; then
    if ! diff <(sort "$2") <(PYTHON=$python "$1" spawn "$3" | sort) >&2; then
      echo "$1: the lines with > were printed, those with < were expected" >&2
      exit 1
    fi
    exit 0
  fi
done
echo "no python3 here has numpy; ci/setup --test installs python3-numpy" >&2
exit 1

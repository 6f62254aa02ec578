#!/bin/sh
# Runs a Python program of this folder as a test.
exec python3 -B "$@"

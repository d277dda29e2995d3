#!/bin/sh
# timed.sh NAME "HOW LONG IT USUALLY TAKES" COMMAND...: say what starts and how long it takes, run it, say how long it took.
set -u
name=$1 usual=$2
shift 2
echo "$name: $usual"
began=$(date +%s)
"$@"
status=$?
took=$(($(date +%s) - began))
if [ $status -eq 0 ]; then echo "$name: done in $took s"; else echo "$name: failed after $took s (exit $status)" >&2; fi
exit $status

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs fuzz targets, two at a time, each from the committed corpus, the samples of tests/data and what earlier runs in
# this build folder found. Prints a row of LEDGER.tsv for each; an input that ends a target is kept and named.
#   run.sh BUILD_FOLDER SECONDS [TARGET…]
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
build=$1 seconds=$2; shift 2
programs=$build/fuzz
[ $# -gt 0 ] || set -- $(cd "$programs" && ls fuzz-* | sed 's/^fuzz-//')

# Memory that was given back is not kept for long (the targets count it themselves), so that runs are quick.
export ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=1:malloc_context_size=5:allocator_release_to_os_interval_ms=-1

run_target() {
  local target=$1 found=$build/corpus/$1 kept=$build/findings/$1- log=$build/logs/$1 status=0 begin=$SECONDS
  local length=1024
  [ "$target" != database ] || length=8192 # a whole one, with what mutations add
  [ -x "$programs/fuzz-$target" ] || { echo "there is no fuzz target $target" >&2; return 2; }
  mkdir -p "$found" "$build/findings" "$build/logs"
  "$programs/fuzz-$target" "$found" "$here/corpus/$target" "$programs/seeds/$target" -max_len=$length -timeout=10 \
    -rss_limit_mb=1024 -max_total_time="$seconds" -entropic=0 -reload=0 -print_final_stats=1 \
    -artifact_prefix="$kept" >"$log" 2>&1 || status=$?
  local executions features findings=none
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  features=$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
  [ $status -eq 0 ] || findings=$(sed -n 's/.*Test unit written to //p' "$log")
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(date +%F)" "$commit" "$target" "${executions:-0}" \
    $((SECONDS - begin)) "${features:-0}" "${findings:-see $log}"
  [ $status -eq 0 ] || { tail -n 40 "$log" >&2; return 1; }
}

commit=$(git -C "$here" describe --always --dirty 2>/dev/null || echo unknown)
failed=0 running=0
for target; do
  if [ $running -eq 2 ]; then wait -n || failed=1; running=1; fi
  run_target "$target" &
  running=$((running + 1))
done
while [ $running -gt 0 ]; do wait -n || failed=1; running=$((running - 1)); done
exit $failed

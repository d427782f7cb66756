#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs unit tests and the program under valgrind's memcheck: no invalid access, no use of what was never set, no leak.
#   valgrind.sh BUILD         a few tests that touch every floor, and the program
#   valgrind.sh BUILD --all   every unit test, and the program
set -euo pipefail
data=$(cd "$(dirname "$0")/../data" && pwd)
build=$(cd "$1" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

check() {
  valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible "$@" >output 2>&1 ||
    { cat output; echo "valgrind: $* failed"; exit 1; }
  runs=$((runs + 1))
}

runs=0
if [ "${2:-}" = --all ]; then
  # Left out: those that stand in front of malloc themselves, the storm, which comes below, and one that needs the long
  # doubles of the processor, of which valgrind keeps 64 bits.
  tests=$(find "$build/tests" -maxdepth 1 -name 'test_*' -type f -perm -u+x ! -name test_allocations \
    ! -name test_no_allocation ! -name test_storm ! -name test_numbers | sort)
else
  tests="$build/tests/test_raw $build/tests/test_prepare $build/tests/test_builder $build/tests/test_identify"
fi
for test in $tests; do check "$test"; done
check "$build/tests/test_storm" 200 10 2

spectra=$build/bin/spectra
check "$spectra" db build -o sample.spdb "$data/msp_mona.msp" "$data/records.spectra"
check "$spectra" db verify sample.spdb
check "$spectra" db info sample.spdb
check "$spectra" search --db sample.spdb "$data/fentanyl_ei_noisy.msp"
check "$spectra" identify --format jsonl "$data/fentanyl_ei_noisy.msp"
check "$spectra" convert "$data/msp_nist.msp" -o nist.json
check "$spectra" convert "$data/two_members.msp.gz" -o members.mgf
echo "valgrind: $runs runs, 0 errors, 0 leaks"

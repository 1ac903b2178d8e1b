#!/usr/bin/env bash
# unit.sh - the runtime's own tests: plain, check build, ASan and UBSan, TSan, memcheck.
#   [FLAVOURS="rel asan"] bash grader/unit.sh
#   Last line: N passed, N failed, N skipped. Status 0 when nothing failed.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

# synthesis LOG - prints `TESTED PASSING` of a Criterion run.
synthesis() {
    sed -e 's/\x1b\[[0-9;]*m//g' "$1" |
        awk '/Synthesis: Tested:/ { gsub(/[^0-9]+/, " "); print $1, $2 }'
}

# count FLAVOUR LOG STATUS - books a run's tests; a run without any is a failure.
count() {
    local -r flavour=$1 log=$2 status=$3
    local tested=0 passing=0
    read -r tested passing < <(synthesis "$log") || true
    PASSED=$((PASSED + ${passing:-0}))
    if ((${tested:-0} == 0)); then
        failed "$flavour: no test ran; see $log"
    elif ((passing < tested || status != 0)); then
        FAILED=$((FAILED + tested - passing))
        if ((passing == tested)); then FAILED=$((FAILED + 1)); fi
        printf 'not ok: %s: %d of %d pass, status %d; see %s\n' "$flavour" "$passing" "$tested" "$status" "$log"
        grep -E '\[(FAIL|----)\]|ERROR: |WARNING: ThreadSanitizer|runtime error' "$log" | head -n 20 || true
    else
        printf '%-9s %d tests pass\n' "$flavour" "$tested"
    fi
}

# run_flavour FLAVOUR - builds and runs one flavour's tests.
run_flavour() {
    local -r flavour=$1 log=build/$1/unit.log
    local status=0
    if ! make -s -j2 "build/$flavour/unit"; then
        failed "$flavour: does not build"
        return
    fi
    ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0 \
        timeout -k 5 300 "build/$flavour/unit" --jobs 2 >"$log" 2>&1 </dev/null || status=$?
    count "$flavour" "$log" "$status"
}

# run_memcheck - the plain build once more under memcheck, which sees every process of it.
run_memcheck() {
    local -r folder=build/rel/memcheck log=build/rel/memcheck.log
    local status=0 bad
    rm -rf -- "${folder:?}"
    mkdir -p "$folder"
    timeout -k 5 600 valgrind --quiet --command-line-only=yes --trace-children=yes \
        --log-file="$folder/%p" --fair-sched=yes build/rel/unit --jobs 2 \
        >"$log" 2>&1 </dev/null || status=$?
    count memcheck "$log" "$status"
    bad=$(find "$folder" -type f -size +0 | head -n 1)
    if [[ -n $bad ]]; then
        failed "memcheck: errors in the runtime; see $bad"
        head -n 20 -- "$bad"
    fi
}

main() {
    local flavour
    for flavour in ${FLAVOURS:-rel check asan tsan}; do run_flavour "$flavour"; done
    if [[ " ${FLAVOURS:-rel} " = *" rel "* ]]; then run_memcheck; fi
    tally_end
}

main "$@"

#!/usr/bin/env bash
# test.sh - everything that must hold before a change lands.
#   Stages: lint, the runtime's unit tests, the escape analysis tool, the exam of every
#   module, the harness's own tests, the code of the lessons. Each one's output is in
#   build/test/STAGE.log.
#   Last line: N passed, N failed, N skipped. Status 0 when nothing failed, 3 when the
#   machine lacks something.
set -euo pipefail
shopt -s inherit_errexit nullglob
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

# stage NAME COMMAND... - runs one stage and adds what its last line counts.
stage() {
    local -r name=$1 log=build/test/$1.log
    local -r began=$SECONDS
    local status=0
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if ! tally_add "$log" || ((status != 0)); then
        printf '%-10s failed, status %d; the end of %s:\n' "$name" "$status" "$log"
        grep -n 'not ok' "$log" | head -n 20 || true
        tail -n 15 -- "$log"
    else
        printf '%-10s %s (%d s)\n' "$name" "$(tail -n 1 -- "$log")" $((SECONDS - began))
    fi
}

# bats_stage - the harness's own tests, with their figures in the last line.
bats_stage() {
    local -r tap=build/test/bats.tap
    local status=0 good bad gone
    bats --tap --jobs "$(nproc)" grader/t >"$tap" 2>&1 || status=$?
    cat -- "$tap"
    good=$(grep -c '^ok ' "$tap" || true)
    bad=$(grep -c '^not ok ' "$tap" || true)
    gone=$(grep -c '^ok .* # skip' "$tap" || true)
    if ((status != 0 && bad == 0)); then bad=1; fi
    printf '%d passed, %d failed, %d skipped\n' $((good - gone)) "$bad" "$gone"
    return "$status"
}

main() {
    bash grader/need.sh check test || exit 3
    rm -rf build/test
    mkdir -p build/test
    stage lint bash grader/lint.sh
    stage unit bash grader/unit.sh
    stage escape bash grader/escape-tests.sh
    stage selfcheck bash grader/selfcheck.sh
    stage bats bats_stage
    stage doctest bash grader/doctest.sh
    tally_end
}

main "$@"

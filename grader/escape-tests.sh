#!/usr/bin/env bash
# escape-tests.sh - what must hold of the escape analysis tool before a change lands: the
#   recorded verdicts, Go's own tests, some random functions, some damaged sources.
#   Last line: N passed, N failed, N skipped. Status 0 when nothing failed.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

# part COMMAND N - runs one command of escape.sh and adds what its last line counts.
part() {
    local -r log=build/escape-$1.log
    local status=0
    N=$2 bash grader/escape.sh "$1" >"$log" 2>&1 || status=$?
    if ! tally_add "$log" || ((status != 0)); then grep -A4 'not ok' "$log" | head -n 20 || true; fi
    printf '%-9s %s\n' "$1" "$(tail -n 2 -- "$log" | head -n 1)"
}

main() {
    mkdir -p build
    part oracles ''
    part go-tests ''
    part random 400
    part fuzz 600
    tally_end
}

main "$@"

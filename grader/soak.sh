#!/usr/bin/env bash
# soak.sh [SECONDS] - the mixed load on twice as many Ps as processors, for a long time.
#   Half of the time as check build, half under AddressSanitizer. SECONDS or $N: 1800 when
#   neither is given.
#   Last line: N passed, N failed, N skipped. Status 0 when nothing failed.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

# soak FLAVOUR SECONDS - builds one flavour's program and runs it.
soak() {
    local -r flavour=$1 seconds=$2
    local status=0
    make -s "build/$flavour/soak"
    GOMAXPROCS=$(($(nproc) * 2)) timeout -k 5 $((seconds * 2 + 60)) "build/$flavour/soak" "$seconds" || status=$?
    if ((status == 0)); then
        passed
        printf '%s: %d s of everything at once\n' "$flavour" "$seconds"
    else
        failed "$flavour: status $status"
    fi
}

# main [SECONDS] - see the head of this file.
main() {
    local -r seconds=${1:-${N:-1800}}
    soak check $((seconds / 2))
    soak asan $((seconds / 2))
    tally_end
}

main "$@"

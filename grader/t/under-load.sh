#!/usr/bin/env bash
# under-load.sh - proves that the limits of time are wide enough: the reference, judged beside busy processes.
#   [RUNS=50] [BUSY=6] [MOD=slug] bash grader/t/under-load.sh
#   Every exercise's reference is judged RUNS times, as a student's room would be, while BUSY
#   processes spin; the exercises are judged side by side, as in make check. Each run must pass
#   every test. The table: exercise, room, runs that passed, the slowest test, the limit, in
#   milliseconds. Last line: N passed, N failed, N skipped.
#   Status: 0 when all runs passed; 3 when the kit or the machine cannot do it.
# shellcheck disable=SC2034  # what instruments.sh reads
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

for part in tally module sandbox instruments; do
    # shellcheck disable=SC1090
    . "grader/lib/$part.sh"
done

# spin - starts the busy processes; their numbers go into SPINNING.
spin() {
    local i
    SPINNING=()
    for ((i = 0; i < ${BUSY:-6}; i++)); do
        (while :; do :; done) </dev/null >/dev/null 2>&1 &
        SPINNING+=("$!")
    done
}

# calm - ends them, and removes the folder of this run.
calm() {
    kill -- "${SPINNING[@]}" 2>/dev/null || true
    rm -rf -- "${FOLDER:?}"
}

# judged_well TESTS - judges once; status 0 when Criterion and the report say that all tests passed.
judged_well() {
    rm -f -- "$OUT/report"
    SEED=$RANDOM$RANDOM
    run_judge
    [[ $(<"$OUT/judge.status") = 0 ]] &&
        awk -F'\t' -v want="$1" '$1 == "test" { n++; bad += $3 != "pass" } END { exit bad || n != want }' \
            "$OUT/report"
}

# exercise - judges the reference of one exercise RUNS times, and prints its line.
exercise() {
    local -r OUT=$FOLDER/$EXERCISE
    local tests i good=0 slowest=0 ms limit
    mkdir -- "$OUT"
    tests=$("$KIT/$STEM.reference" --list | wc -l)
    cp -- "$KIT/$STEM.reference" "$OUT/subject"
    for ((i = 0; i < RUNS; i++)); do
        if judged_well "$tests"; then good=$((good + 1)); fi
        ms=$(awk -F'\t' '$1 == "test" && $4 > m { m = $4 } END { print m + 0 }' "$OUT/report")
        if ((ms > slowest)); then slowest=$ms; fi
    done
    limit=$(($(conf_get "$MODULE/module.conf" wall) * 10 * SCALE))
    printf '%-4s %-8s %d of %d   slowest test %d ms, limit %d ms\n' "$EXERCISE" "$ROOM" "$good" "$RUNS" \
        "$slowest" "$limit"
    ((good == RUNS))
}

main() {
    local floor job
    local -a jobs=()
    RUNS=${RUNS:-50} SLUG=${MOD:-36-stack-heap}
    MODULE=modules/$SLUG KIT=build/kit/$SLUG ONLY=''
    if ! make -s "build/kit/$SLUG/kit" >/dev/null; then exit 3; fi
    FOLDER=$(mktemp -d) OUT=$FOLDER
    sandbox_choose || exit 3
    spin
    trap calm EXIT
    while read -r EXERCISE ROOM floor; do
        STEM=$(module_stem "$EXERCISE" "$ROOM")
        exercise </dev/null &
        jobs+=("$!")
    done < <(module_rooms "$SLUG")
    for job in "${jobs[@]}"; do
        if wait "$job"; then passed; else failed 'a reference did not pass all its runs'; fi
    done
    : "$floor" "$MODULE"
    tally_end
}

main "$@"

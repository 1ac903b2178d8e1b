#!/usr/bin/env bash
# wall.sh - what the wall and the harness cost, in milliseconds.
#   [RUNS=60] [MOD=slug] bash grader/bench/wall.sh
#   First one test of the reference's subject, bare and behind each tier of gsand: the median of
#   RUNS runs each, taken in turn. Then make check of the solutions beside the bare work in
#   it: every room compiled, linked, each test run once, the suite run under memcheck, the tests
#   of kind cost under Callgrind; one after the other on one processor, both, and the time of the clock.
#   Status: 0; 3 when the kit does not build.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh

# timed COMMAND... - runs it in silence; sets US to the microseconds that it took.
timed() {
    local -r began=${EPOCHREALTIME/./}
    "$@" >"$FOLDER/said" 2>&1 </dev/null || true
    US=$((${EPOCHREALTIME/./} - began))
}

# median FILE - prints the median of its numbers, in milliseconds.
median() {
    sort -n -- "$1" | awk '{ v[NR] = $1 } END { printf "%.2f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2000 }'
}

# per_run - one test, bare and behind each tier.
per_run() {
    local -r subject=$FOLDER/subject
    local tier test i
    cp -- "build/kit/$SLUG/ex1_frames.reference" "$subject"
    test=$("$subject" --list | head -n 1)
    for ((i = 0; i < RUNS; i++)); do
        timed "$subject" "$test" 5
        printf '%s\n' "$US" >>"$FOLDER/bare"
        for tier in landlock namespaces; do
            timed build/kit/gsand --tier "$tier" -- "$subject" "$test" 5
            printf '%s\n' "$US" >>"$FOLDER/$tier"
        done
    done
    for tier in bare landlock namespaces; do
        printf '%-11s %6s ms\n' "$tier" "$(median "$FOLDER/$tier")"
    done
}

# bare_work - what grading cannot do without: sets MS to the milliseconds of all rooms together.
bare_work() {
    local exercise room floor stem subject test
    MS=0
    while read -r exercise room floor; do
        stem=$(module_stem "$exercise" "$room") subject=$FOLDER/$room
        timed gcc -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-lto -fno-common -Wall -Wextra \
            -Iruntime/include -iquote runtime/base -iquote runtime/shapes -iquote runtime/heap \
            -iquote runtime/lib -include "runtime/$floor/$room.h" -c "solutions/$SLUG/$room.c" -o "$subject.o"
        MS=$((MS + US))
        timed bash grader/link.sh subject "$SLUG" "$stem" "$subject.o" "$subject"
        MS=$((MS + US))
        while IFS= read -r test; do
            timed "$subject" "$test" 5
            MS=$((MS + US))
        done < <("$subject" --list)
        timed valgrind --quiet --leak-check=full --num-callers=20 "$subject" --all 5
        MS=$((MS + US))
        while IFS= read -r test; do
            timed valgrind --quiet --tool=callgrind --callgrind-out-file="$FOLDER/cost" "$subject" "$test" 5
            MS=$((MS + US))
        done < <(awk -F'\t' -v e="$exercise" '$2 == e && $3 == "cost" { print $4 "/" }' "modules/$SLUG/checks.tsv" |
            grep -Ff - <("$subject" --list) | head -n 1)
    done < <(module_rooms "$SLUG")
    MS=$((MS / 1000))
}

main() {
    RUNS=${RUNS:-60} SLUG=${MOD:-36-stack-heap}
    if ! make -s "build/kit/$SLUG/kit" >/dev/null; then exit 3; fi
    FOLDER=$(mktemp -d)
    trap 'rm -rf -- "${FOLDER:?}"' EXIT
    chmod 755 -- "$FOLDER"
    per_run
    bare_work
    export KIT_EXERCISES=solutions/$SLUG KIT_WORK=$FOLDER/work
    timed taskset -c 0 env MOD="${SLUG%%-*}" bash grader/check.sh
    printf 'bare work   %6d ms\nmake check  %6d ms\n' "$MS" $((US / 1000))
    awk -v b="$MS" -v c=$((US / 1000)) 'BEGIN { printf "overhead    %6d %% of make check\n", 100 * (c - b) / c }'
}

main "$@"

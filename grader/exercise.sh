#!/usr/bin/env bash
# exercise.sh SLUG EXERCISE SOURCE OUT [SEED [ID]] - grades one source file as one exercise.
#   The unit of work of every command that grades. Leaves in the folder OUT: result.json (one entry per
#   check of the manifest, in its order), compile.log, and the programs, to run them again by hand.
#   SEED is drawn afresh when it is empty; with ID only that check is looked at.
#   KIT_CC chooses the compiler of the room (gcc). KIT_KINDS, a list of kinds, leaves out
#   the others.
#   Status: 0 graded, whatever the verdicts; 3 a fault of the kit or the machine.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/instruments.sh
. grader/lib/instruments.sh
# shellcheck source=grader/lib/verdicts.sh
. grader/lib/verdicts.sh

# fresh_seed - prints 63 random bits as a decimal number.
fresh_seed() {
    od -An -N8 -tu8 /dev/urandom | awk '{ printf "%.0f\n", int($1 / 2048) }'
}

# first_error LOG - prints `FILE<tab>LINE<tab>TEXT` of the first error that the compiler named.
first_error() {
    awk -F: '/: (fatal )?error: / {
        text = $0; sub(/^.*: (fatal )?error: /, "", text)
        printf "%s\t%s\t%s\n", $1, ($2 ~ /^[0-9]+$/ ? $2 : 0), text; exit }' "$1"
}

# compile SOURCE HEADER OBJECT - compiles the room; what the compiler said is in OUT/compile.log.
compile() {
    local -r source=$1 header=$2 object=$3
    local limit=-fmax-errors=20
    if [[ ${KIT_CC:-gcc} = *clang* ]]; then limit=-ferror-limit=20; fi
    local -a include=(-Iruntime/include)
    local floor
    for floor in runtime/{base,shapes,heap,gc,sched,sync,io,watch,lib}; do
        include+=(-iquote "$floor")
    done
    env -i PATH=/usr/bin:/bin LC_ALL=C timeout -k 2 20 "${KIT_CC:-gcc}" -std=gnu11 -O1 -g \
        -fno-omit-frame-pointer -fno-lto -fno-common "$limit" -Wall -Wextra "${include[@]}" \
        -include "$header" -c "$source" -o "$object" >"$OUT/compile.log" 2>&1 </dev/null
}

# build - compiles and links; on failure notes every check as compile-error and returns 1.
build() {
    local file='' line='' text='' status=0
    if ! compile "$SOURCE" "runtime/$FLOOR/$ROOM.h" "$OUT/room.o"; then
        IFS=$'\t' read -r file line text < <(first_error "$OUT/compile.log") || true
        verdict_all compile-error "file=${file:-$SOURCE}" "line=${line:-0}" "message=${text:-it does not compile}"
        return 1
    fi
    CC=${KIT_CC:-gcc} bash grader/link.sh subject "$SLUG" "$STEM" "$OUT/room.o" "$OUT/subject" \
        >"$OUT/link.log" 2>&1 || status=$?
    if ((status == 1)); then
        verdict_all compile-error "file=$SOURCE" line=0 "missing=$(paste -sd' ' "$OUT/link.log")"
        return 1
    elif ((status != 0)); then
        verdict_all compile-error "file=$SOURCE" line=0 "message=$(head -n 1 "$OUT/link.log")"
        return 1
    fi
}

# measure - runs every instrument that the checks need; each writes its facts into OUT.
measure() {
    run_judge
    if wanted public; then run_public; fi
    verdict_tests
    if ((TESTS_PASS)); then
        if has_kind memcheck; then run_memcheck --all; fi
        if has_kind cost; then run_costs; fi
    else
        find_crash
    fi
    verdict_rest
}

# main SLUG EXERCISE SOURCE OUT [SEED [ID]]
main() {
    if [[ $# -lt 4 || $# -gt 6 ]]; then
        printf 'usage: exercise.sh SLUG EXERCISE SOURCE OUT [SEED [ID]]\n' >&2
        exit 3
    fi
    SLUG=$1 EXERCISE=$2 SOURCE=$3 OUT=$4 SEED=${5:-} ONLY=${6:-}
    KINDS=${KIT_KINDS:-test budget live memcheck cost public}
    MODULE=modules/$SLUG
    read -r _ ROOM FLOOR < <(module_rooms "$SLUG" | awk -v e="$EXERCISE" '$1 == e')
    STEM=$(module_stem "$EXERCISE" "$ROOM")
    KIT=build/kit/$SLUG
    if [[ -z $SEED ]]; then SEED=$(fresh_seed); fi
    mkdir -p "$OUT"
    rm -f -- "${OUT:?}"/{report,public.report,memcheck.xml,verdicts,result.json}
    checks_load
    if build; then measure; fi
    verdict_write
}

main "$@"

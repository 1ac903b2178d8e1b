#!/usr/bin/env bash
# exercise.sh SLUG EXERCISE SOURCE OUT [SEED [ID]] - grades one source file as one exercise.
#   The unit of work of every command that grades. Leaves in the folder OUT: result.json (one entry per
#   check of the manifest, in its order), compile.log, and the programs, to run them again by hand.
#   SEED is drawn afresh when it is empty; with ID only that check is looked at.
#   SANDBOX chooses the wall (grader/lib/sandbox.sh); KIT_POLICY=off leaves the object policy out
#   (grader/lib/policy.sh), for the tests of what is behind it.
#   KIT_CC chooses the compiler of the room (gcc). KIT_KINDS, a list of kinds, leaves out
#   the others.
#   Status: 0 graded, whatever the verdicts; 3 a fault of the kit or the machine.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/sandbox.sh
. grader/lib/sandbox.sh
# shellcheck source=grader/lib/intake.sh
. grader/lib/intake.sh
# shellcheck source=grader/lib/archive.sh
. grader/lib/archive.sh
# shellcheck source=grader/lib/policy.sh
. grader/lib/policy.sh
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

# compile OBJECT - compiles the snapshot behind the wall; what the compiler said is in OUT/compile.log.
# It sees the system and, in a folder of its own, the runtime's headers and that one file; so names
# in messages and in debug information are short, and the same wherever the kit lies.
compile() {
    local limit=-fmax-errors=20 floor
    if [[ ${KIT_CC:-gcc} = *clang* ]]; then limit=-ferror-limit=20; fi
    local -a include=(-Iruntime/include)
    for floor in runtime/{base,shapes,heap,gc,sched,sync,io,watch,lib}; do
        include+=(-iquote "$floor")
    done
    # shellcheck disable=SC2016
    sandboxed 20 --cpu $((SCALE / 5)) --rss 2048 --processes 16 --file 64 --output 256 --show \
        --copy build/kit/headers.tar --copy "$OUT/in/$ROOM.c" --keep 9=9 -- \
        sh -c 'tar --touch -xf headers.tar && "$@" -o room.o && cat room.o >&9' sh \
        "${KIT_CC:-gcc}" -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-lto -fno-common "$limit" \
        -Wall -Wextra "${include[@]}" -include "runtime/$FLOOR/$ROOM.h" -c "$ROOM.c" \
        9>"$1" >"$OUT/compile.log" 2>&1 </dev/null
}

# refused FINDING - notes for every check that the room is not let in, and why.
refused() {
    local -a facts
    mapfile -t facts < <(policy_facts "$1")
    verdict_all reject "file=$SOURCE" line=0 "${facts[@]}"
}

# build - takes the source in, compiles, looks at the object, links; on failure notes one verdict for
# every check and returns 1.
build() {
    local finding file='' line='' text='' status=0
    if ! finding=$(intake "$SOURCE" "$OUT" "$ROOM"); then refused "$finding"; return 1; fi
    if ! compile "$OUT/room.o"; then
        IFS=$'\t' read -r file line text < <(first_error "$OUT/compile.log") || true
        if [[ -z $file || $file = "$ROOM.c" ]]; then file=$SOURCE; fi
        verdict_all compile-error "file=$file" "line=${line:-0}" "message=${text:-it does not compile}"
        return 1
    fi
    if [[ ${KIT_POLICY:-on} != off ]] && ! finding=$(policy "$OUT/room.o" "$ROOM" "$MODULE" "$OUT"); then
        refused "$finding"
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
    sandbox_choose || exit 3
    if build; then measure; fi
    verdict_write
}

main "$@"

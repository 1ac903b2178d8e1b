# sandbox.sh - how the harness runs anything that a student wrote.
#
# SANDBOX in the environment names the wall: auto (the first that this machine offers), namespaces,
# landlock or none. sandbox_choose asks once, so that one exercise is graded behind one wall; the
# answer, TIER, goes into the result. SCALE is the machine's factor in percent.
# Sourced by exercise.sh, whose variable OUT it reads.
# shellcheck shell=bash

GSAND=build/kit/gsand

# sandbox_choose - sets TIER and SCALE; status 3, with one sentence, when there is no wall to be had.
sandbox_choose() {
    local status=0
    "$GSAND" --tier "${SANDBOX:-auto}" --read /proc/self --report "$OUT/sandbox.json" -- true \
        </dev/null || status=$?
    if ((status != 0)); then return 3; fi
    TIER=$(sed -n 's/.*"tier":"\([a-z]*\)".*/\1/p' "$OUT/sandbox.json")
    rm -f -- "$OUT/sandbox.json"
    SCALE=$(bash grader/calibrate.sh --percent)
}

# sandboxed SECONDS OPTION... -- PROGRAM ARG... - runs it behind the wall, at most so many seconds on a
# machine of factor 1.
sandboxed() {
    local -r seconds=$1
    shift
    "$GSAND" --tier "$TIER" --wall $((seconds * 10 * SCALE)) "$@"
}

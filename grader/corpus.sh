#!/usr/bin/env bash
# corpus.sh - grades the hostile corpus, grader/t/corpus, and says which cases went as expected.
#   [FAST=1] [POLICY=on|off|both] [TIERS="root user denied none"] [CASE=glob] bash grader/corpus.sh
#   Every case is a wrong room that wants the points of one check, or a control that must have
#   full marks. It is graded by grader/exercise.sh, with and without the object policy, in each
#   tier: root (namespaces, as root), user (as an ordinary user), denied (an ordinary user who
#   may make no namespaces), none (no sandbox: controls only). FAST=1 is the first tier that the
#   machine offers, with the policy.
#   The table: tier, policy, case, expected, got, milliseconds. Last line: N passed, N failed,
#   N skipped. Status 0 when nothing failed, 3 when the machine or the kit cannot do it.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 022
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh
# shellcheck source=grader/lib/corpus.sh
. grader/lib/corpus.sh

SLUG=36-stack-heap
TABLE=grader/t/corpus/cases.tsv

# fault WORDS - the machine or the kit cannot do it; ends with status 3.
fault() {
    printf '%s\n' "$1" >&2
    exit 3
}

# offers TIER - status 0 when this machine has that wall for who asks.
offers() {
    build/kit/gsand --tier "$1" -- true </dev/null 2>/dev/null
}

# tiers - prints the tiers to use, one a line: those that were asked for, or that the machine offers.
tiers() {
    local -a have=()
    if ((EUID == 0)) && offers namespaces; then have+=(root); fi
    have+=(user)
    if offers landlock; then have+=(denied); fi
    if [[ -n ${TIERS:-} ]]; then
        read -ra have <<<"$TIERS"
    elif [[ -n ${FAST:-} ]]; then
        have=("${have[0]}")
    else
        have+=(none)
    fi
    printf '%s\n' "${have[@]}"
}

# policies TIER - prints on and off, as they were asked for.
policies() {
    local wish=${POLICY:-both}
    if [[ -n ${FAST:-} ]]; then wish=on; fi
    case $wish in
    on | off) printf '%s\n' "$wish" ;;
    *) printf 'on\noff\n' ;;
    esac
}

# wanted_cases TIER POLICY - prints the names of the cases to run; without a sandbox only controls.
wanted_cases() {
    awk -F'\t' -v tier="$1" -v policy="$2" -v fast="${FAST:-}" '
        fast != "" && $7 != "fast" { next }
        NR == 1 || (tier == "none" && $2 != "controls") { next }
        policy == "off" && $6 == "-" { next }
        { print $1 }' "$TABLE" |
        while IFS= read -r name; do
            # shellcheck disable=SC2053  # CASE is a pattern
            if [[ $name = ${CASE:-*} ]]; then printf '%s\n' "$name"; fi
        done
}

# run_tier TIER POLICY - grades the cases, two at a time or as many as there are processors.
run_tier() {
    local -r tier=$1 policy=$2
    local -r folder=$WORK/$tier-$policy
    mkdir -p -- "$folder"
    wanted_cases "$tier" "$policy" >"$folder/cases"
    export CORPUS_TIER=$tier CORPUS_POLICY=$policy CORPUS_FOLDER=$folder
    parallel --will-cite --jobs "${JOBS:-$(nproc)}" corpus_run {} :::: "$folder/cases" </dev/null
}

# show_tier TIER POLICY - prints the table of one tier, and books each case.
show_tier() {
    local -r folder=$WORK/$1-$2
    local name family on off wanted got ms mark
    while IFS=$'\t' read -r name family _ _ on off _; do
        if ! grep -qx -- "$name" "$folder/cases"; then continue; fi
        wanted=$on
        if [[ $2 = off ]]; then wanted=$off; fi
        got=none ms=0
        if [[ -s $folder/$name/got ]]; then IFS=$'\t' read -r got ms <"$folder/$name/got"; fi
        mark=' '
        if [[ "|$wanted|" = *"|$got|"* ]]; then
            PASSED=$((PASSED + 1))
        else
            FAILED=$((FAILED + 1)) mark='!'
        fi
        if [[ $family = controls && $got != pass ]]; then CONTROLS=$((CONTROLS + 1)); fi
        if [[ $family != controls && $got = pass ]]; then CHEATS=$((CHEATS + 1)); fi
        printf '%s %-6s %-3s %-34s %-24s %-14s %6d\n' "$mark" "$1" "$2" "$name" "$wanted" "$got" "$ms"
    done <"$TABLE"
}

# main - every tier, every policy; then the table and the summary.
main() {
    local tier policy stray left null=yes
    local -a pairs=()
    CHEATS=0 CONTROLS=0
    if ! make -s -j2 "build/kit/$SLUG/kit" >/dev/null; then fault 'The kit does not build.'; fi
    if [[ ! -x build/kit/gsand ]]; then fault 'build/kit/gsand is not there: nothing here runs without it.'; fi
    corpus_begin
    while IFS= read -r tier; do
        while IFS= read -r policy; do
            run_tier "$tier" "$policy"
            pairs+=("$tier $policy")
        done < <(policies)
    done < <(tiers)
    printf '  %-6s %-3s %-34s %-24s %-14s %6s\n' tier pol case expected got ms
    for tier in "${pairs[@]}"; do show_tier "${tier% *}" "${tier#* }"; done
    stray=$(corpus_strays | wc -l)
    left=$(corpus_left | wc -l)
    if [[ ! -c /dev/null ]]; then null=no; fi
    FAILED=$((FAILED + stray + left))
    if [[ $null = no ]]; then FAILED=$((FAILED + 1)); fi
    printf 'wrong submissions that passed: %d\ncontrols that failed: %d\n' "$CHEATS" "$CONTROLS"
    printf 'stray processes: %d\nfiles left outside: %d\n/dev/null is a device: %s\n' "$stray" "$left" "$null"
    corpus_end
    tally_end
}

main "$@"

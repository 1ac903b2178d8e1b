#!/usr/bin/env bash
# selfcheck.sh - the kit's own exam.
#   [MOD=36] [SEEDS=5] bash grader/selfcheck.sh
#   For every exercise: the solution has full marks on SEEDS fresh seeds with gcc and with
#   clang; the skeleton is "not started" with 0 points; each mutant fails the check that it
#   names; each check is named by a mutant; each test records something that depends on the
#   seed; the manifest names exactly the tests that exist; the seams are equal and the
#   texts complete (rules of lint.sh).
#   Last line: N passed, N failed, N skipped. Status 0 when nothing failed, 3 when the kit does not build.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

# job NAME KIND COMPILER KINDS EXERCISE SOURCE WANTED - prints one line of the list of runs.
job() {
    local IFS=$'\t'
    printf '%s\n' "$*"
}

# jobs_of SLUG - prints the runs of a module's exam, one per line.
jobs_of() {
    local -r slug=$1
    local exercise room floor seed compiler mutant id kind
    while read -r exercise room floor; do
        for ((seed = 1; seed <= ${SEEDS:-5}; seed++)); do
            for compiler in gcc clang; do
                job "solution-$room-$compiler-$seed" solution "$compiler" - "$exercise" \
                    "solutions/$slug/$room.c" -
            done
        done
        job "skeleton-$room" skeleton gcc - "$exercise" "exercises/$slug/$room.c" -
        for mutant in "modules/$slug/mutants/$room"-*.c; do
            id=$(mutant_names "$mutant")
            kind=$(awk -F'\t' -v i="$id" '$1 == i { print $3 }' "modules/$slug/checks.tsv")
            job "mutant-$(basename "$mutant" .c)" mutant gcc "test,${kind:-test}" "$exercise" \
                "$mutant" "${id:--}"
        done
    done < <(module_rooms "$slug")
    : "$floor"
}

# mutant_names FILE - prints the check that its first line names.
mutant_names() {
    sed -n '1s|^/\* mutant: \([^ ]*\) .*|\1|p' "$1"
}

# run_job LINE FOLDER - grades one job's file; leaves its result in FOLDER/NAME.
run_job() {
    local name kind compiler kinds exercise source wanted
    IFS=$'\t' read -r name kind compiler kinds exercise source wanted <<<"$1"
    if [[ $kinds = - ]]; then kinds=test,budget,live,memcheck,cost; fi
    mkdir -p "$2/$name"
    KIT_CC=$compiler KIT_KINDS=${kinds//,/ } bash grader/exercise.sh "$SLUG" "$exercise" "$source" \
        "$2/$name" >"$2/$name/log" 2>&1 || printf 'status %s\n' "$?" >"$2/$name/fault"
    : "$kind" "$wanted"
}
export -f run_job

# odd RESULT FILTER - prints the checks of a result that a jq condition selects, with their verdicts.
odd() {
    jq -r "[.checks[] | select($2) | \"\(.id) \(.verdict)\"] | join(\", \")" "$1"
}

# judge_job LINE FOLDER - books whether a job's result is what its kind promises.
judge_job() {
    local name kind compiler kinds exercise source wanted found
    IFS=$'\t' read -r name kind compiler kinds exercise source wanted <<<"$1"
    local -r result=$2/$name/result.json
    if [[ -e $2/$name/fault || ! -e $result ]]; then
        failed "$name: the grader failed: $(tail -n 1 "$2/$name/log")"
        return
    fi
    case $kind in
    solution) found=$(odd "$result" '.verdict != "pass"') ;;
    skeleton) found=$(odd "$result" '.verdict != "not-started" or .points != 0') ;;
    mutant)
        found=$(odd "$result" ".id == \"$wanted\" and
            (.verdict | test(\"^(pass|skip|harness|not-started|compile-error)$\"))")
        if ! grep -q "\"$wanted\"" "$result"; then found="names $wanted, which is no check"; fi
        ;;
    esac
    if [[ -n $found ]]; then failed "$name ($source): $found"; else passed; fi
    : "$compiler" "$kinds" "$exercise"
}

# check_mutants SLUG - every check of the manifest is named by a mutant.
check_mutants() {
    local id mutant
    local -A named=()
    for mutant in "modules/$1/mutants"/*.c; do named[$(mutant_names "$mutant")]=1; done
    while IFS=$'\t' read -r id _; do
        if [[ $id = id ]]; then continue; fi
        if [[ -n ${named[$id]:-} ]]; then passed; else failed "$id: no mutant names it"; fi
    done <"modules/$1/checks.tsv"
}

# check_tests SLUG EXERCISE ROOM - the manifest names the tests that exist, and each of them records
# something that depends on the seed.
check_tests() {
    local -r slug=$1 exercise=$2
    local stem reference seed same
    stem=$(module_stem "$exercise" "$3")
    reference=build/kit/$slug/$stem.reference
    "$reference" --list | sed "s|^[^/]*/|${slug%%-*}.$exercise.|" | sort >"$FOLDER/have"
    awk -F'\t' -v e="$exercise" '$2 == e && $3 ~ /^(test|budget|cost)$/ { print $1 }' \
        "modules/$slug/checks.tsv" | sort >"$FOLDER/listed"
    if diff "$FOLDER/have" "$FOLDER/listed" >"$FOLDER/differ"; then passed
    else failed "$stem: tests (<) and manifest (>): $(grep '^[<>]' "$FOLDER/differ" | paste -sd' ')"; fi
    for seed in 1 2 3 4; do "$reference" --all "$seed"; done | sort -u >"$FOLDER/ledgers"
    same=$(cut -f1 "$FOLDER/ledgers" | uniq -c | awk '$1 == 1 { print $2 }' | paste -sd' ')
    if [[ -z $same ]]; then passed
    else failed "$stem: nothing here depends on the seed: $same"; fi
}

# check_words - the rules of lint that speak of modules: texts, manifest, links, seams, skeletons.
check_words() {
    local status=0
    bash grader/lint.sh catalogues texts checks reads seams skeletons missing \
        >build/selfcheck/lint.log 2>&1 || status=$?
    if ((status != 0)); then grep -v '^not ok' build/selfcheck/lint.log || true; fi
    tally_add build/selfcheck/lint.log || true
}

# exam SLUG - the whole exam of one module.
exam() {
    local line exercise room floor
    export SLUG=$1
    FOLDER=build/selfcheck/$SLUG
    rm -rf -- "${FOLDER:?}"
    mkdir -p "$FOLDER"
    if ! make -s -j2 "build/kit/$SLUG/kit"; then exit 3; fi
    jobs_of "$SLUG" >"$FOLDER/jobs"
    printf '%s: %d runs\n' "$SLUG" "$(wc -l <"$FOLDER/jobs")"
    parallel --will-cite --jobs "$(nproc)" run_job {} "$FOLDER" :::: "$FOLDER/jobs" </dev/null
    while IFS= read -r line; do judge_job "$line" "$FOLDER"; done <"$FOLDER/jobs"
    check_mutants "$SLUG"
    while read -r exercise room floor; do check_tests "$SLUG" "$exercise" "$room"; done < <(module_rooms "$SLUG")
    : "$floor"
}

main() {
    local slug
    local -a slugs=()
    mapfile -t slugs < <(module_list)
    if [[ -n ${MOD:-} ]]; then
        if ! slug=$(module_find "$MOD"); then
            printf 'MOD=%s names no module; there are: %s\n' "$MOD" "${slugs[*]}" >&2
            exit 2
        fi
        slugs=("$slug")
    fi
    for slug in "${slugs[@]}"; do exam "$slug"; done
    check_words
    tally_end
}

main "$@"

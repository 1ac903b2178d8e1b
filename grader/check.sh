#!/usr/bin/env bash
# check.sh - grades your rooms of one module and says what to do next.
#   MOD=36 [EX=2] [ID=36.2.x] [SEED=n] [V=1] bash grader/check.sh
#   Leaves one result document, build/check/SLUG/result.json; the screen is made from it.
#   KIT_EXERCISES and KIT_WORK name other folders for the rooms and for the results.
#   An exercise whose files did not change is not run again, unless SEED or ID is given.
#   Exit status: 0 all checks pass, 1 some do not, 2 wrong use or it does not build,
#   3 a fault of the kit or the machine.
set -euo pipefail
shopt -s inherit_errexit nullglob
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/ui.sh
. grader/lib/ui.sh
# shellcheck source=grader/lib/text.sh
. grader/lib/text.sh
# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/screen.sh
. grader/lib/screen.sh

# refuse KEY [name=value]... - says what is wrong with the question; ends with status 2.
refuse() {
    text "$@"
    printf '%s\n' "$REPLY" >&2
    exit 2
}

# question - checks MOD, EX, ID and SEED; sets SLUG and the list ASKED of exercises.
question() {
    local have id_module id_exercise
    have=$(module_list | paste -sd' ')
    if [[ -n ${ID:-} ]]; then
        IFS=. read -r id_module id_exercise _ <<<"$ID"
        MOD=${MOD:-$id_module} EX=$id_exercise
    fi
    if [[ -z ${MOD:-} ]]; then refuse use.no_module "have=$have"; fi
    SLUG=$(module_find "$MOD") || refuse use.unknown_module "mod=$MOD" "have=$have"
    have=$(module_rooms "$SLUG" | cut -d' ' -f1 | paste -sd' ')
    if [[ -z ${EX:-} ]]; then
        read -ra ASKED <<<"$have"
    elif [[ " $have " = *" $EX "* ]]; then
        ASKED=("$EX")
    else
        refuse use.unknown_exercise "ex=$EX" "have=$have"
    fi
    if [[ -n ${ID:-} ]] && ! grep -q "^${ID//./\\.}"$'\t' "modules/$SLUG/checks.tsv"; then
        refuse use.unknown_id "id=$ID" "mod=${SLUG%%-*}"
    fi
    if [[ -n ${SEED:-} && ! ${SEED:-} =~ ^[0-9]{1,19}$ ]]; then refuse use.bad_seed "seed=$SEED"; fi
}

# prepare - sees to the machine and builds what the kit brings; status 3 when it cannot.
prepare() {
    local -r log=$WORK/kit.log
    bash grader/need.sh check || exit 3
    mkdir -p "$WORK"
    if [[ ! -e build/kit/$SLUG/kit ]]; then say run.first_build >&2; fi
    if ! make -s "build/kit/$SLUG/kit" >"$log" 2>&1; then
        say fault.kit_build "log=$log" >&2
        tail -n 5 -- "$log" >&2
        exit 3
    fi
}

# fingerprint EXERCISE SOURCE STEM - prints a hash of all that its result depends on.
fingerprint() {
    local -r exercise=$1 source=$2 stem=$3 kit=build/kit/$SLUG
    {
        printf '%s %s\n' "${SANDBOX:-auto}" "${KIT_POLICY:-on}"
        sha256sum -- "$source" "$kit/$stem.reference" "$kit/$stem.judge" \
            "$kit/public/$stem.public.o" "modules/$SLUG"/{checks.tsv,module.conf,rooms,allow} \
            grader/{exercise,link}.sh grader/lib/{intake,archive,policy,instruments,sandbox,verdicts}.sh \
            grader/lib/helpers.allow 2>/dev/null || true
    } | sha256sum | cut -c1-32
}

# fresh EXERCISE OUT KEY - status 0 when the result in OUT can stand as it is.
fresh() {
    local -r out=$2 key=$3
    [[ -z ${SEED:-}${ID:-} && -e $out/result.json && -e $out/key && $(<"$out/key") = "$key" ]]
}

# remember OUT KEY - lets this result stand until something changes; a time-out or a fault may not.
remember() {
    local -r out=$1 key=$2
    if [[ -z ${ID:-} ]] && ! grep -Eq '"verdict": "(timeout|cpu|harness)"' "$out/result.json"; then
        printf '%s\n' "$key" >"$out/key"
    fi
}

# grade EXERCISE ROOM - brings the result of one exercise up to date.
grade() {
    local -r exercise=$1 room=$2
    local -r out=$WORK/$exercise source=${KIT_EXERCISES:-exercises/$SLUG}/$room.c
    local key stem
    stem=$(module_stem "$exercise" "$room")
    if [[ ! -f $source ]]; then
        say fault.no_source "file=$source" >&2
        exit 2
    fi
    key=$(fingerprint "$exercise" "$source" "$stem")
    if fresh "$exercise" "$out" "$key"; then return; fi
    rm -f -- "$out/key"
    KIT_PUBLIC=own bash grader/exercise.sh "$SLUG" "$exercise" "$source" "$out" "${SEED:-}" "${ID:-}" || exit 3
    screen_summary "$out/result.json" >"$out/row"
    remember "$out" "$key"
}

# show_row EXERCISE - waits for that exercise and prints its row; its fault ends the run.
show_row() {
    local status=0
    wait "${JOB[$1]}" || status=$?
    if ((status != 0)); then exit "$status"; fi
    screen_row "$WORK/$1/row"
    SHOWN=$((SHOWN + 1))
}

# show_finished - prints the rows that come next in order and whose exercises are done.
show_finished() {
    local exercise
    while ((SHOWN < ${#ASKED[@]})); do
        exercise=${ASKED[SHOWN]}
        if [[ -z ${JOB[$exercise]:-} ]] || kill -0 "${JOB[$exercise]}" 2>/dev/null; then return; fi
        show_row "$exercise"
    done
}

# grade_all - grades what was asked, as many at a time as there are processors; each row is printed
# as soon as it and those before it are there.
grade_all() {
    local exercise room floor
    local -r most=$(nproc)
    declare -gA JOB=()
    SHOWN=0
    while read -r exercise room floor; do
        if [[ " ${ASKED[*]} " != *" $exercise "* ]]; then continue; fi
        if (($(jobs -rp | wc -l) >= most)); then
            wait -n || true
            show_finished
        fi
        grade "$exercise" "$room" </dev/null &
        JOB[$exercise]=$!
    done < <(module_rooms "$SLUG")
    : "$floor"
    while ((SHOWN < ${#ASKED[@]})); do show_row "${ASKED[SHOWN]}"; done
}

# document - joins the exercises' results into the one result document.
document() {
    local -a parts=()
    local exercise
    for exercise in "${ASKED[@]}"; do parts+=("$WORK/$exercise/result.json"); done
    jq -s --rawfile manifest "modules/$SLUG/checks.tsv" --arg slug "$SLUG" \
        --arg started "$STARTED" --arg ms "$((($(date +%s%N) - BEGAN) / 1000000))" '
        ([.[].checks[]] | map({key: .id, value: .}) | from_entries) as $done
        | [$manifest | split("\n")[] | select(test("^[0-9]")) | split("\t") | . as $m
           | $done[$m[0]] // {id: $m[0], exercise: $m[1], kind: $m[2], visibility: $m[6],
             verdict: "skip", points: 0, max: ($m[4] | tonumber), ms: 0, code: $m[8],
             read: $m[9], facts: {reason: "not-asked"}}] as $checks
        | {schema: "gort.result/1", "module": $slug, started: $started, ms: ($ms | tonumber),
           isolation: ([.[].isolation // "none"] | unique | join(",")), points: ([$checks[].points] | add),
           exercises: map({exercise, room, source, seed, points, max}), checks: $checks}' \
        "${parts[@]}" >"$WORK/result.json.part"
    mv -- "$WORK/result.json.part" "$WORK/result.json"
}

main() {
    BEGAN=$(date +%s%N)
    STARTED=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    text_language
    ui_init
    export LC_ALL=C.UTF-8       # columns are counted in characters, whatever the terminal's locale
    text_load grader/text/en.txt "grader/text/$KIT_LANG.txt"
    question
    text_load "modules/$SLUG/text/en.txt" "modules/$SLUG/text/$KIT_LANG.txt"
    WORK=${KIT_WORK:-build/check/$SLUG}
    prepare
    screen_head
    grade_all
    document
    screen_checks
    screen_problems
    screen_foot
}

main

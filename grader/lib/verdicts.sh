# verdicts.sh - from the instruments' facts to one verdict and some points per check.
#
# A check's entry is a line `ID VERDICT POINTS MS KEY=VALUE...` (tab-separated) in
# OUT/verdicts; verdict_write makes result.json of them. The words for tests are the
# judge's (grader/src/verdict.c); those for the other kinds are chosen here.
# Sourced by exercise.sh, whose variables they read.
# shellcheck shell=bash disable=SC2153

declare -a CHECKS=()
declare -A CHECK_KIND CHECK_POINTS CHECK_BUDGET CHECK_NEEDS WORD MS COUNTS NOTE
TESTS_PASS=1

# checks_load - reads the manifest's rows of this exercise into the CHECK_ tables.
checks_load() {
    local id exercise kind suite points budget visibility needs rest
    while IFS=$'\t' read -r id exercise kind suite points budget visibility needs rest; do
        if [[ $exercise != "$EXERCISE" || (-n $ONLY && $id != "$ONLY") ]]; then continue; fi
        CHECKS+=("$id")
        CHECK_KIND[$id]=$kind CHECK_POINTS[$id]=$points CHECK_BUDGET[$id]=$budget
        CHECK_NEEDS[$id]=$needs
    done <"$MODULE/checks.tsv"
    : "$suite" "$visibility" "$rest"
}

# has_kind KIND - status 0 when a check of that kind is wanted.
has_kind() {
    local id
    if ! wanted "$1"; then return 1; fi
    for id in "${CHECKS[@]}"; do
        if [[ ${CHECK_KIND[$id]} = "$1" ]]; then return 0; fi
    done
    return 1
}

# wanted KIND - status 0 when KIT_KINDS does not leave the kind out.
wanted() {
    [[ " $KINDS " = *" $1 "* ]]
}

# verdict ID WORD POINTS KEY=VALUE... - notes one check's outcome.
verdict() {
    local -r id=$1 word=$2 points=$3
    shift 3
    local IFS=$'\t'
    printf '%s\n' "$id"$'\t'"$word"$'\t'"$points"$'\t'"${MS[$id]:-0}${*:+$'\t'}$*" >>"$OUT/verdicts"
}

# verdict_all WORD KEY=VALUE... - the same for every check of the exercise.
verdict_all() {
    local -r word=$1
    shift
    local id
    for id in "${CHECKS[@]}"; do verdict "$id" "$word" 0 "$@"; done
}

# judge_agrees - status 0 when Criterion's count and the report say the same: all passed, or not.
judge_agrees() {
    local failures
    failures=$(awk -F'\t' '$1 == "test" && $3 != "pass"' "$OUT/report" | wc -l)
    if [[ $(<"$OUT/judge.status") = 0 ]]; then ((failures == 0)); else ((failures > 0)); fi
}

# verdict_tests - reads the judge's report; a test that is missing from it is our fault.
verdict_tests() {
    local fact test word ms allocs bytes frees live live_bytes line text id
    # `line`, in the test's own source, is for the kit's authors: it stays in the report.
    while IFS=$'\t' read -r fact test word ms allocs bytes frees live live_bytes line text; do
        # Figures are computed with further down, where a shell would run what is no figure.
        if [[ $fact != test || ! "$allocs $bytes $frees $live $live_bytes " =~ ^((0|[1-9][0-9]*)\ ){5}$ ]]; then
            continue
        fi
        id=${SLUG%%-*}.$EXERCISE.${test#*/}
        WORD[$id]=$word MS[$id]=$ms NOTE[$id]=$text
        COUNTS[$id]="$allocs $bytes $frees $live $live_bytes"
    done <"$OUT/report"
    if ! judge_agrees; then WORD=(); fi
    for id in "${CHECKS[@]}"; do
        case ${CHECK_KIND[$id]} in
        test | budget | cost) WORD[$id]=${WORD[$id]:-harness} ;;
        esac
        if [[ ${CHECK_KIND[$id]} = test && ${WORD[$id]} != pass ]]; then TESTS_PASS=0; fi
    done
}

# verdict_rest - decides every check, in the manifest's order.
verdict_rest() {
    local id
    for id in "${CHECKS[@]}"; do
        if ! wanted "${CHECK_KIND[$id]}"; then
            verdict "$id" skip 0 reason=kind
        elif [[ ${CHECK_NEEDS[$id]} = tests ]] && ((!TESTS_PASS)); then
            decide_waiting "$id"
        else
            "decide_${CHECK_KIND[$id]}" "$id"
        fi
    done
}

# decide_waiting ID - a check that is not looked at before the tests pass.
decide_waiting() {
    if any_started; then
        verdict "$1" skip 0 reason=needs
    else
        verdict "$1" not-started 0
    fi
}

# any_started - status 0 when some test got past the skeleton's hole.
any_started() {
    local id
    for id in "${CHECKS[@]}"; do
        if [[ ${CHECK_KIND[$id]} = test && ${WORD[$id]} != not-started ]]; then return 0; fi
    done
    return 1
}

# public_fact ID - prints `FILE<tab>LINE<tab>MESSAGE` of the public test behind a check, if it
# failed; - for what is empty, since bash reads two tabs as one.
public_fact() {
    local -r test=$(filter_of "$1")
    if [[ -e $OUT/public.report ]]; then
        awk -F'\t' -v t="$test" '$1 == "public" && $2 == t && $3 != "pass" {
            printf "%s\t%s\t%s\n", $4 == "" ? "-" : $4, $5, $6 == "" ? "-" : $6; exit }' \
            "$OUT/public.report"
    fi
}

# allowed timeout|cpu - prints the seconds that a test may take on this machine, by the clock or by the
# processor, as the judge counts them.
allowed() {
    local key=wall
    if [[ $1 = cpu ]]; then key=cpu; fi
    awk -v s="$(conf_get "$MODULE/module.conf" "$key")" -v scale="$SCALE" -v key="$key" 'BEGIN {
        s = s * scale / 100
        if (key == "cpu") s = s > int(s) ? int(s) + 1 : s
        printf "%.4g\n", s }'
}

# decide_test ID - the judge's word, and what the public run or memcheck can add to it.
decide_test() {
    local -r id=$1 word=${WORD[$1]}
    local file=- line='' message=- kind='' what='' own='' fn='' crashed=''
    local -a facts=()
    if [[ $word = pass ]]; then
        verdict "$id" pass "${CHECK_POINTS[$id]}"
        return
    elif [[ $word = not-started ]]; then
        verdict "$id" not-started 0 "function=${NOTE[$id]##* }"
        return
    fi
    IFS=$'\t' read -r file line message < <(public_fact "$id") || true
    if [[ $message != - && $word = fail ]]; then facts+=("message=$message"); fi
    if [[ $file != - ]]; then facts+=("test_file=$file" "test_line=$line"); fi
    if [[ $word =~ ^(timeout|cpu)$ ]]; then facts+=("seconds=$(allowed "$word")"); fi
    if [[ $word = crash && -s $OUT/crash ]]; then
        IFS=$'\t' read -r crashed kind what own line fn <"$OUT/crash"
        if [[ $crashed = "$id" ]]; then
            facts+=("what=$what" "file=$SOURCE" "line=$line" "function=$fn")
        fi
    fi
    : "$kind" "$own"
    verdict "$id" "$word" 0 "${facts[@]}"
}

# busiest TEST COLUMN - the place with the most in that column of the report (4 allocations,
# 6 live blocks), as KEY=VALUE lines: file, line, function, times, bytes.
busiest() {
    local -r test=$1 column=$2
    local address times bytes file line fn
    IFS=$'\t' read -r address times bytes < <(awk -F'\t' -v t="$test" -v c="$column" '
        $1 == "site" && $2 == t && $c > most { most = $c; a = $3; b = $(c + 1) }
        END { if (most) printf "%s\t%s\t%s\n", a, most, b }' "$OUT/report") || return 0
    IFS=$'\t' read -r file line fn < <(site_line "$address")
    : "$file"
    printf '%s\n' "file=$SOURCE" "line=$line" "function=$fn" "times=$times" "site_bytes=$bytes"
}

# within COUNT OPERATOR LIMIT - status 0 when the count keeps the limit.
within() {
    case $2 in
    '<=') (($1 <= $3)) ;;
    '=') (($1 == $3)) ;;
    *) return 1 ;;
    esac
}

# decide_budget ID - the test's own verdict, then its allocations against every rule of the budget
# (`allocs<=8,bytes<=2040`). The first rule's figures stand in the entry of a check that passes.
decide_budget() {
    local -r id=$1
    local allocs bytes rest rule used limit
    local -a facts=() first=()
    if [[ ${WORD[$id]} != pass ]]; then
        decide_test "$id"
        return
    fi
    read -r allocs bytes rest <<<"${COUNTS[$id]}"
    : "$rest"
    for rule in ${CHECK_BUDGET[$id]//,/ }; do
        used=$allocs
        if [[ $rule = bytes* ]]; then used=$bytes; fi
        limit=${rule##*=}
        rule=${rule%"$limit"}
        facts=("unit=${rule%%[<=]*}" "used=$used" "budget=$limit")
        if ((${#first[@]} == 0)); then first=("${facts[@]}"); fi
        if ! within "$used" "${rule##*[a-z]}" "$limit"; then
            mapfile -t -O 3 facts < <(busiest "$(filter_of "$id")" 4)
            verdict "$id" over-budget 0 "${facts[@]}"
            return
        fi
    done
    verdict "$id" pass "${CHECK_POINTS[$id]}" "${first[@]}"
}

# decide_live ID - no test may leave a block of the student's behind.
decide_live() {
    local -r id=$1
    local test blocks bytes
    local -a facts=()
    IFS=$'\t' read -r test blocks bytes < <(awk -F'\t' '$1 == "test" && $8 > most {
        most = $8; t = $2; b = $9 } END { if (most) printf "%s\t%s\t%s\n", t, most, b }' "$OUT/report") || true
    if [[ -z $test ]]; then
        verdict "$id" pass "${CHECK_POINTS[$id]}"
        return
    fi
    mapfile -t facts < <(busiest "$test" 6)
    verdict "$id" leak 0 "blocks=$blocks" "bytes=$bytes" "${facts[@]}"
}

# decide_overrun ID - what memcheck found clean passes, unless a test of the judge's saw that somebody
# wrote past the end of a block: then the room behaves where memcheck looks, and only there.
decide_overrun() {
    local -r id=$1
    local address bytes file='' line=0 fn=-
    IFS=$'\t' read -r address bytes < <(awk -F'\t' '
        $1 == "over" { print $3 "\t" $5; exit }' "$OUT/report") || true
    if [[ -z $address ]]; then
        verdict "$id" pass "${CHECK_POINTS[$id]}"
        return
    fi
    IFS=$'\t' read -r file line fn < <(site_line "$address") || true
    : "$file"
    verdict "$id" memory-error 0 "what=Invalid write after a block of size $bytes" "file=$SOURCE" \
        "line=$line" "function=$fn"
}

# decide_memcheck ID - nothing that Valgrind calls an error. Status 2 and 3 are the launcher's own.
decide_memcheck() {
    local -r id=$1
    local kind=- what='' file='' line=0 fn=- word=memory-error
    local -a facts=()
    if memcheck_clean; then
        decide_overrun "$id"
        return
    fi
    if [[ $(<"$OUT/memcheck.status") =~ ^[23]$ ]]; then
        verdict "$id" harness 0
        return
    fi
    IFS=$'\t' read -r kind what file line fn < <(memcheck_errors) || true
    if [[ $kind = Leak_* ]]; then word=leak; fi
    if [[ $file != - && -n $file ]]; then
        facts=("file=$SOURCE" "line=$line" "function=$fn")
    fi
    verdict "$id" "$word" 0 "what=${what:-the run under memcheck did not end well}" "${facts[@]}"
}

# decide_cost ID - the test's own verdict, then its instructions as a ratio to the reference:
# full points up to the first figure of the budget `cost<=A:B`, none from the second on, a
# straight ramp between.
decide_cost() {
    local -r id=$1
    local mine theirs points ratio word
    if [[ ${WORD[$id]} != pass ]]; then
        decide_test "$id"
        return
    fi
    read -r mine theirs < <(awk -v i="$id" '$1 == i { print $2, $3 }' "$OUT/costs")
    read -r word points ratio < <(awk -v m="$mine" -v t="$theirs" -v p="${CHECK_POINTS[$id]}" \
        -v rule="${CHECK_BUDGET[$id]#cost<=}" 'BEGIN {
            split(rule, lim, ":")
            if (!t) { print "harness", 0, 0; exit }
            if (!m) { print "fail", 0, 0; exit }
            r = m / t; k = (lim[2] - r) / (lim[2] - lim[1]); k = k > 1 ? 1 : k < 0 ? 0 : k
            printf "%s %d %.2f\n", k == 1 ? "pass" : "over-budget", int(k * p), r }')
    verdict "$id" "$word" "$points" unit=cost "used=$ratio" "budget=${CHECK_BUDGET[$id]#cost<=}"
}

# holes - prints how many of the room's functions still stop at the skeleton's rt_todo, and how many
# functions the room has.
holes() {
    local left=0 all
    if [[ -e $OUT/room.o ]]; then left=$(objdump -r "$OUT/room.o" | grep -c 'rt_todo' || true); fi
    all=$(nm --defined-only --extern-only "build/rel/runtime/$FLOOR/$ROOM.o" | grep -c ' T ')
    printf '%s %s\n' "$left" "$all"
}

# verdict_write - makes OUT/result.json from OUT/verdicts.
verdict_write() {
    local left all
    read -r left all < <(holes)
    jq -R -s --arg slug "$SLUG" --arg exercise "$EXERCISE" --arg room "$ROOM" \
        --arg source "$SOURCE" --arg seed "$SEED" --arg left "$left" --arg all "$all" \
        --arg isolation "$TIER" --rawfile manifest "$MODULE/checks.tsv" '
        def rows: split("\n") | map(select(length > 0) | split("\t"));
        ($manifest | rows | map({key: .[0], value: .}) | from_entries) as $about
        | [rows[] | . as $r | $about[$r[0]] as $m | {
            id: $r[0], exercise: $exercise, kind: $m[2], visibility: $m[6], verdict: $r[1],
            points: ($r[2] | tonumber), max: ($m[4] | tonumber), ms: ($r[3] | tonumber),
            code: $m[8], read: $m[9],
            facts: ($r[4:] | map(capture("^(?<key>[a-z_]+)=(?<value>.*)$")) | from_entries)}]
        | {exercise: $exercise, room: $room, source: $source, seed: $seed, "module": $slug,
           isolation: $isolation,
           holes: ($left | tonumber), functions: ($all | tonumber),
           points: (map(.points) | add), max: (map(.max) | add), checks: .}' \
        "$OUT/verdicts" >"$OUT/result.json.part"
    mv -- "$OUT/result.json.part" "$OUT/result.json"
}

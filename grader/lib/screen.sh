# screen.sh - what a student sees of a result document: rows, problems, the next step.
#
# Everything here reads JSON that exercise.sh or check.sh wrote, and prints. Columns are
# counted in terminal columns, so that Korean lines up too. Sourced by check.sh, whose
# variables SLUG WORK ASKED EX V BEGAN it reads.
# shellcheck shell=bash disable=SC2153

PROBLEMS_SHOWN=3

# screen_head - the title and the names of the columns.
screen_head() {
    local number=${SLUG%%-*}
    text module.title
    text head.module "number=$number" "dot=$UI_DOT" "title=$REPLY"
    printf '%s%s%s\n' "$B" "$REPLY" "$N"
    if [[ $UI_PLAIN != 0 ]]; then return; fi
    printf '%s    ' "$D"
    text head.exercise && ui_pad "$REPLY" 13
    text head.result && ui_pad "$REPLY" 12
    text head.tests && ui_pad "$REPLY" 7
    text head.allocs && ui_pad "$REPLY" 23
    text head.leaks && ui_pad "$REPLY" 9
    text head.score && printf '%s%s\n' "$REPLY" "$N"
}

# screen_summary RESULT - prints one exercise as tab-separated fields: EXERCISE ROOM STATE PASSED TOTAL
# USED BUDGET LEAKED POINTS MAX; USED and LEAKED are - where they are not known.
screen_summary() {
    jq -r '
        def of($kind): [.checks[] | select(.kind == $kind)];
        (.checks | map(.verdict)) as $v
        | of("test") as $tests | of("budget") as $budgets | of("live") as $live
        | (if any($v[]; . == "harness") then "harness"
           elif all($v[]; . == "compile-error" or . == "reject") then $v[0]
           elif all($v[]; . == "pass") then "pass"
           elif all($v[]; . == "not-started" or . == "skip") and .holes == .functions then "not-started"
           elif all($v[]; . == "pass" or . == "skip" or . == "not-started") then "begun"
           else ([$v[] | select(. != "pass" and . != "skip" and . != "not-started")][0]) end) as $state
        | ([$budgets[] | select(.facts.unit == "allocs")]) as $counted
        | [.exercise, .room, $state,
           ([$tests[] | select(.verdict == "pass")] | length), ($tests | length),
           (if $counted == [] then "-" else ([$counted[].facts.used | tonumber] | add) end),
           (if $counted == [] then "-" else ([$counted[].facts.budget | tonumber] | add) end),
           (if $live == [] or $live[0].verdict == "skip" or $live[0].verdict == "not-started" then "-"
            elif $live[0].verdict == "pass" then "0" else ($live[0].facts.bytes // "-") end),
           .points, .max] | map(if . == null or . == "" then "-" else . end) | @tsv' "$1"
}

# figure TEXT - status 0 when it is a whole number that bash can compute with.
figure() {
    [[ $1 =~ ^(0|[1-9][0-9]{0,14})$ ]]
}

# screen_row SUMMARY - one line of the table, from a file that holds what screen_summary printed.
screen_row() {
    local exercise room state passed total used budget leaked points max
    local symbol=$UI_NO colour=$R
    IFS=$'\t' read -r exercise room state passed total used budget leaked points max <"$1"
    case $state in
    pass) symbol=$UI_OK colour=$G ;;
    not-started | begun) symbol=$UI_TODO colour=$D ;;
    esac
    if [[ $UI_PLAIN != 0 ]]; then
        screen_row_plain
        return
    fi
    printf ' %s%s%s %-3s ' "$colour" "$symbol" "$N" "$exercise"
    ui_pad "$room" 9
    text "word.$state"
    if [[ $state = not-started ]]; then
        printf ' %s%s%s\n' "$D" "$REPLY" "$N"
        return
    fi
    printf ' %s' "$colour" && ui_pad "$REPLY" 12 && printf '%s' "$N"
    ui_pad "$passed/$total" 7
    screen_allocs "$used" "$budget"
    screen_leaks "$leaked"
    printf '%7s\n' "$points/$max"
}

# screen_allocs USED BUDGET - the bar and the figures, 23 columns.
screen_allocs() {
    local colour=$G
    if ! figure "$1" || ! figure "$2"; then
        ui_pad "$UI_TODO" 23
        return
    fi
    if (($1 > $2)); then colour=$R; fi
    ui_bar "$1" "$2" 8 "$colour"
    text row.of "used=$1" "budget=$2"
    ui_pad " $REPLY" 15
}

# screen_leaks BYTES - none, a number of bytes, or a dash; 8 columns.
screen_leaks() {
    screen_leak_words "$1"
    ui_pad "$REPLY" 8
}

# screen_leak_words BYTES - sets REPLY to the words for that.
screen_leak_words() {
    case $1 in
    -) REPLY=$UI_TODO ;;
    0) text row.none ;;
    *) text row.bytes "bytes=$1" ;;
    esac
}

# screen_row_plain - the same line as a sentence, from screen_row's variables.
screen_row_plain() {
    local result leaks
    if [[ $state = not-started ]]; then
        say row.plain_not_started "exercise=$exercise" "room=$room"
        return
    fi
    text "word.$state" && result=$REPLY
    screen_leak_words "$leaked" && leaks=$REPLY
    say row.plain "exercise=$exercise" "room=$room" "result=$result" "passed=$passed" \
        "total=$total" "used=$used" "budget=$budget" "leaks=$leaks" "points=$points" "max=$max"
}

# screen_checks - with V=1: every check that was asked for, its verdict, points and milliseconds.
screen_checks() {
    local id verdict points max ms symbol
    if [[ -z ${V:-} ]]; then return 0; fi
    printf '\n'
    while IFS=$'\t' read -r id verdict points max ms; do
        case $verdict in
        pass) symbol=$UI_OK ;;
        skip | not-started) symbol=$UI_TODO ;;
        *) symbol=$UI_NO ;;
        esac
        printf ' %s ' "$symbol" && ui_pad "$id" 46
        text "word.$verdict" && ui_pad "$REPLY" 13
        printf '%7s %6s ms\n' "$points/$max" "$ms"
    done < <(jq -r '.checks[] | select(.facts.reason != "not-asked")
        | [.id, .verdict, .points, .max, .ms] | @tsv' "$WORK/result.json")
}

# screen_facts - prints each check that is no pass, as lines KEY=VALUE and one empty line after it.
screen_facts() {
    jq -r --arg asked " ${ASKED[*]} " '
        (.exercises | map({key: .exercise, value: .}) | from_entries) as $ex
        | .checks[] | .exercise as $e
        | select(.verdict != "pass" and .verdict != "skip")
        | select($asked | contains(" \($e) "))
        | "id=\(.id)", "exercise=\(.exercise)", "kind=\(.kind)", "verdict=\(.verdict)",
          "code=\(.code)", "read=\(.read)", "visibility=\(.visibility)",
          "seed=\($ex[.exercise].seed)", "source=\($ex[.exercise].source)",
          "room=\($ex[.exercise].room)",
          (.facts | to_entries[] | "\(.key)=\(.value)"), ""' "$WORK/result.json"
}

# screen_problems - each exercise's problems, at most PROBLEMS_SHOWN of them; sets NEXT_*.
screen_problems() {
    local line
    local -A p=() shown=() more=()
    NEXT_KEY='' SEEN_EXERCISE=''
    screen_facts >"$WORK/facts"
    while IFS= read -r line; do
        if [[ $line = [a-z]*=* ]]; then
            p[${line%%=*}]=${line#*=}
        elif [[ -z $line ]]; then
            screen_problem_of
            p=()
        fi
    done <"$WORK/facts"
    for line in "${ASKED[@]}"; do
        if ((${more[$line]:-0} > 0)); then
            say problem.more "n=${more[$line]}" "mod=${SLUG%%-*}" "exercise=$line"
        fi
    done
}

# screen_problem_of - shows the problem p, unless its exercise has had enough of them or one
# sentence says them all: a room that does not compile, a skeleton that nobody touched.
screen_problem_of() {
    local -r exercise=${p[exercise]}
    screen_next
    if [[ ${p[verdict]} = not-started ]]; then
        if [[ -z ${shown[todo.$exercise]:-} && -n ${p[function]:-} && -n ${shown[$exercise]:-} ]]; then
            screen_problem_head && say problem.todo "function=${p[function]}"
        fi
        shown[todo.$exercise]=1
        return
    fi
    if [[ ${p[verdict]} =~ ^(compile-error|reject)$ && -n ${shown[$exercise]:-} ]]; then return; fi
    if ((${shown[$exercise]:-0} >= PROBLEMS_SHOWN)) && [[ -z ${V:-} ]]; then
        more[$exercise]=$((${more[$exercise]:-0} + 1))
        return
    fi
    shown[$exercise]=$((${shown[$exercise]:-0} + 1))
    screen_problem_head
    screen_problem
}

# screen_problem_head - a rule with the exercise's name, once.
screen_problem_head() {
    if [[ $SEEN_EXERCISE = "${p[exercise]}" ]]; then return 0; fi
    SEEN_EXERCISE=${p[exercise]}
    text problem.head "exercise=${p[exercise]}" "room=${p[room]}"
    printf '\n%s%s%s\n' "$B" "$REPLY" "$N"
}

# screen_problem - what went wrong, where, what to read, and how to see it again.
screen_problem() {
    local title
    text "${p[id]}.title" && title=$REPLY
    printf '\n %s%s%s ' "$R" "$UI_NO" "$N"
    ui_pad "$title" 69
    printf '%s%s%s\n' "$C" "${p[code]}" "$N"
    screen_sentence
    ui_fold '   ' "$REPLY"
    screen_place
    if [[ -n ${p[read]:-} && ${p[read]} != - ]]; then
        text problem.read "page=docs/$(screen_docs)/$SLUG/${p[read]}"
        printf '   %s\n' "$REPLY"
    fi
    case ${p[verdict]} in
    fail | crash | timeout | cpu | early-exit)
        text problem.again "id=${p[id]}" "seed=${p[seed]}"
        printf '   %s%s%s\n' "$D" "$REPLY" "$N"
        ;;
    esac
}

# screen_docs - prints the language whose lessons exist for this module, the reader's if it is one.
screen_docs() {
    if [[ -d docs/$KIT_LANG/$SLUG ]]; then printf '%s\n' "$KIT_LANG"; else printf 'en\n'; fi
}

# screen_sentence - sets REPLY to the sentence for the problem p.
screen_sentence() {
    case ${p[verdict]} in
    compile-error)
        if [[ -n ${p[missing]:-} ]]; then text problem.missing "missing=${p[missing]}"
        else text problem.compile-error "message=${p[message]:-}"; fi
        ;;
    over-budget)
        text "problem.over-${p[unit]}" "used=${p[used]}" "budget=${p[budget]}" "full=${p[budget]%%:*}"
        ;;
    leak)
        if [[ ${p[kind]} = live ]]; then text problem.leak "bytes=${p[bytes]}" "blocks=${p[blocks]}"
        else text problem.memcheck "what=${p[what]}"; fi
        ;;
    reject) text "reject.${p[reason]:-object}" "what=${p[what]:-}" ;;
    memory-error) text problem.memcheck "what=${p[what]}" ;;
    timeout | cpu)
        text "problem.${p[verdict]}" "wall=${p[seconds]:-}" "cpu=${p[seconds]:-}"
        ;;
    crash | early-exit | flood | syscall) text "problem.${p[verdict]}" ;;
    harness) text fault.harness "log=$WORK/${p[exercise]}/judge.log" ;;
    *) text "${p[id]}.say" ;;
    esac
}

# screen_place - the reader's own line, and what the public test or the tool said.
screen_place() {
    if [[ -n ${p[message]:-} && ${p[verdict]} != compile-error ]]; then
        ui_fold '       ' "${p[message]}"
    fi
    if [[ ${p[verdict]} = crash && -n ${p[what]:-} ]]; then
        text problem.memcheck "what=${p[what]}" && ui_fold '   ' "$REPLY"
    fi
    if [[ -n ${p[times]:-} && ${p[verdict]} = over-budget ]]; then
        text problem.site "times=${p[times]}" "bytes=${p[site_bytes]}" && ui_fold '   ' "$REPLY"
    elif [[ -n ${p[times]:-} ]]; then
        text problem.leak_site && ui_fold '   ' "$REPLY"
    fi
    if [[ -n ${p[file]:-} && ${p[line]:-0} != 0 ]]; then
        printf '       %s%s:%s%s' "$B" "${p[file]}" "${p[line]}" "$N"
        if [[ -n ${p[function]:-} ]]; then
            text problem.in_function "function=${p[function]}" && printf '  %s' "$REPLY"
        fi
        printf '\n'
    fi
    if [[ -n ${p[test_file]:-} ]]; then
        text problem.test "file=${p[test_file]}" "line=${p[test_line]}" && printf '   %s\n' "$REPLY"
    elif [[ ${p[visibility]} = hidden && ${p[verdict]} = fail ]]; then
        text problem.hidden && printf '   %s\n' "$REPLY"
    fi
}

# screen_next - remembers the first thing that is still to do, from the problem p. The advanced
# exercise comes last: an untouched one is only named when all else is done.
screen_next() {
    local title
    if [[ -n $NEXT_KEY && $NEXT_KEY != foot.next_adv ]]; then return; fi
    text "${p[id]}.title" && title=$REPLY
    NEXT_ARGS=("file=${p[source]}" "line=${p[line]:-0}" "title=$title" "exercise=${p[exercise]}"
        "room=${p[room]}" "function=${p[function]:-}")
    case ${p[verdict]} in
    harness) NEXT_KEY=foot.next_harness ;;
    not-started)
        NEXT_KEY=foot.next_start
        if [[ ${p[exercise]} = adv ]]; then NEXT_KEY=foot.next_adv; fi
        ;;
    *)
        NEXT_KEY=foot.next_file
        if [[ ${p[line]:-0} != 0 ]]; then NEXT_KEY=foot.next_line; fi
        ;;
    esac
}

# screen_foot - the score, and as the last line the next step. Ends with the run's status.
screen_foot() {
    local points max bonus finished total status isolation
    IFS=$'\t' read -r points max bonus finished total status isolation < <(jq -r '
        [.exercises[] | select(.exercise != "adv")] as $main
        | [.exercises[] | select(.exercise == "adv")] as $adv
        | [.checks[] | select(.facts.reason != "not-asked")] as $run
        | [([$main[].points] | add // 0), ([$main[].max] | add // 0), ([$adv[].points] | add // 0),
           ([$main[] | select(.points == .max)] | length), ($main | length),
           (if any($run[]; .verdict == "harness") then 3
            elif any($run[]; .verdict == "compile-error" or .verdict == "reject") then 2
            elif all($run[]; .verdict == "pass" or (.exercise == "adv" and ($adv[0].points == 0)
                 and (.verdict == "not-started" or .verdict == "skip"))) then 0
            else 1 end), .isolation] | @tsv' "$WORK/result.json")
    local -r ms=$((($(date +%s%N) - BEGAN) / 1000000))
    printf '\n'
    text foot.score "points=$points" "max=$max" && printf ' %s%s%s  ' "$B" "$REPLY" "$N"
    if [[ $UI_PLAIN = 0 ]] && figure "$points" && figure "$max"; then ui_bar "$points" "$max" 20 "$G" && printf '  '; fi
    text foot.done "done=$finished" "total=$total" && printf '%s' "$REPLY"
    if figure "$bonus" && ((bonus > 0)); then text foot.bonus "points=$bonus" && printf ' %s %s' "$UI_DOT" "$REPLY"; fi
    text foot.seconds "seconds=$((ms / 1000)).$((ms % 1000 / 100))" && printf ' %s %s\n' "$UI_DOT" "$REPLY"
    if [[ $isolation = *none* ]]; then say foot.no_wall; fi
    if [[ -z $NEXT_KEY ]]; then
        NEXT_KEY=foot.next_done NEXT_ARGS=()
    fi
    text "$NEXT_KEY" "${NEXT_ARGS[@]}"
    printf ' %s %s\n' "$UI_ARROW" "$REPLY"
    exit "$status"
}

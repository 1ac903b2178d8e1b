#!/usr/bin/env bats
# fuzz.bats - what make fuzz once found, so that it stays found, and that the fuzzer itself finds things.
# shellcheck disable=SC2016,SC2030,SC2031  # each test is a subshell

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
}

@test "a message without its key, whose name has empty braces, is printed as it is" {
    # shellcheck source=grader/lib/text.sh
    . grader/lib/text.sh
    run say 'word.memo{}ry' 'used=1'
    [ "$status" -eq 0 ]
    [ "$output" = '<word.memo{}ry>' ]
}

@test "the value of a placeholder is not looked through for placeholders" {
    # shellcheck source=grader/lib/text.sh
    . grader/lib/text.sh
    TEXT[key]='a {x} b {y}'
    run say key 'x={y}' 'y=$(touch canary)'
    [ "$output" = 'a {y} b $(touch canary)' ]
    [ ! -e canary ]
}

@test "the same seed makes the same changes, another seed makes others" {
    local -a hash=()
    for seed in 1 1 2; do
        hash+=("$(awk -v seed="$seed" -f grader/fuzz/mutate.awk grader/lib/text.sh | sha256sum)")
    done
    [ "${hash[0]}" = "${hash[1]}" ]
    [ "${hash[0]}" != "${hash[2]}" ]
}

@test "what the fuzzer puts in does run where a shell computes with it" {
    grep -q 'touch canary' grader/fuzz/mutate.awk
    run bash -c 'n="a[\$(touch canary)]"; cd "$1" && echo $((n))' bash "$BATS_TEST_TMPDIR"
    [ -e "$BATS_TEST_TMPDIR/canary" ]
}

@test "a report whose figure is no number is not computed with: the test is the kit's fault" {
    # shellcheck source=grader/lib/verdicts.sh
    . grader/lib/verdicts.sh
    OUT=$BATS_TEST_TMPDIR SLUG=36-stack-heap EXERCISE=1 CHECKS=(36.1.a)
    CHECK_KIND=([36.1.a]=budget) CHECK_BUDGET=([36.1.a]='allocs<=3')
    printf 'test\tex1/a\tpass\t1\tx[$(touch %s/canary)]\t0\t0\t0\t0\t0\t\n' "$OUT" >"$OUT/report"
    printf "1\n" >"$OUT/judge.status"
    verdict_tests
    [ "${WORD[36.1.a]}" = harness ]
    [ ! -e "$OUT/canary" ]
}

@test "a figure with a leading zero is no figure: a shell would read it as octal, and stop" {
    # shellcheck source=grader/lib/verdicts.sh
    . grader/lib/verdicts.sh
    OUT=$BATS_TEST_TMPDIR SLUG=36-stack-heap EXERCISE=1 CHECKS=(36.1.a)
    CHECK_KIND=([36.1.a]=budget) CHECK_BUDGET=([36.1.a]='allocs<=3')
    printf 'test\tex1/a\tpass\t1\t08\t0\t0\t0\t0\t0\t\n' >"$OUT/report"
    printf '0\n' >"$OUT/judge.status"
    verdict_tests
    [ "${WORD[36.1.a]}" = harness ]
}

@test "a fact without a name is passed over: bash has no empty subscript" {
    # shellcheck source=grader/lib/screen.sh
    . grader/lib/screen.sh
    screen_facts() { printf 'id=36.1.a\nexercise=1\n=empty\n[x]=odd\nverdict=fail\n\n'; }
    screen_problem_of() { printf '%s\n' "${!p[@]}" | sort; }
    WORK=$BATS_TEST_TMPDIR ASKED=()
    run screen_problems
    [ "$status" -eq 0 ]
    [ "$output" = 'exercise
id
verdict' ]
}

@test "a result whose figures are none is shown with dashes, and nothing is computed" {
    for part in text ui screen; do
        # shellcheck disable=SC1090
        . "grader/lib/$part.sh"
    done
    # shellcheck disable=SC2034
    UI_PLAIN=0 KIT_LANG=en
    ui_init
    local document=$BATS_TEST_TMPDIR/result
    printf '%s' '{"exercise":"1","room":"frames","points":"08","max":25,"holes":0,"functions":1,"checks":[
        {"kind":"budget","facts":{"unit":"allocs","used":1e999,"budget":"2"}}, {"kind":"test"}]}' >"$document"
    screen_summary "$document" >"$document.row"
    run screen_row "$document.row"
    [ "$status" -eq 0 ]
    [[ $output != *error* ]]
}

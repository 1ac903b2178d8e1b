#!/usr/bin/env bats
# check.bats - the verdicts, the result document and the screen of make check.

load kit.bash

setup() {
    kit_setup
}

@test "a right room passes with full marks and status 0" {
    check EX=1
    [ "$status" -eq 0 ]
    [[ ${lines[2]} = *"pass"*"25/25" ]]
    jq -e '[.checks[] | select(.exercise == "1") | .verdict] | all(. == "pass")' "$KIT_WORK/result.json"
}

@test "a wrong room fails with status 1, and only the check it breaks" {
    mutant frames-divide-floors
    check EX=1
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.divide_gives_both_results)" = fail ]
    [ "$(jq '[.checks[] | select(.verdict == "fail")] | length' "$KIT_WORK/result.json")" -eq 1 ]
}

@test "a public test that fails shows both values and its line" {
    # Behind another wall than namespaces, root does not run them at all: instruments.sh.
    if ((EUID == 0)) && ! build/kit/gsand --tier namespaces -- true; then skip "no namespaces here"; fi
    mutant frames-divide-floors
    check EX=1
    [[ $output = *"expected "*", got "* ]]
    [[ $output = *"the test: modules/36-stack-heap/public/ex1_frames.c:"* ]]
}

@test "a hidden test that fails shows a sentence, never its source or a value" {
    mutant frames-grid-wraps
    check EX=1
    [ "$(verdict 36.1.a_grid_too_large_is_refused)" = fail ]
    [[ $output = *"This is a hidden test: its inputs are not shown."* ]]
    [[ $output != *"hidden/ex1_frames.c"* ]]
    [[ $output != *expected* ]]
}

@test "_exit(0) in every function is rejected in one sentence, with a code and status 2" {
    holes_become '_exit(0);'
    sed -i '1i #include <unistd.h>' "$KIT_EXERCISES/frames.c"
    check EX=1
    [ "$status" -eq 2 ]
    [ "$(verdict 36.1.live)" = reject ]
    [[ $output = *"It uses _exit, which this room may not use."* ]]
    [[ $output = *E0016* ]]
    [ "$(jq '[.checks[] | select(.exercise == "1").points] | add' "$KIT_WORK/result.json")" -eq 0 ]
}

@test "_exit(0) that gets past the policy is early-exit with 0 points" {
    holes_become '_exit(0);'
    sed -i '1i #include <unistd.h>' "$KIT_EXERCISES/frames.c"
    check EX=1 KIT_POLICY=off
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.divide_gives_both_results)" = early-exit ]
    [ "$(jq '[.checks[] | select(.exercise == "1").points] | add' "$KIT_WORK/result.json")" -eq 0 ]
}

@test "an endless loop ends at its deadline with timeout" {
    holes_become 'for (;;);'
    check EX=1
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.divide_gives_both_results)" = timeout ]
    [[ $output =~ Not\ finished\ after\ [0-9.]+\ seconds ]]
}

@test "a crash names the student's own line" {
    holes_become '*(volatile int *)0 = 1;'
    check EX=1
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.divide_gives_both_results)" = crash ]
    [[ $output =~ rooms/frames\.c:[0-9]+ ]]
}

@test "a leak names the line that allocated" {
    mutant frames-median-keeps-its-copy
    check EX=1
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.live)" = leak ]
    [[ $output =~ rooms/frames\.c:[0-9]+\ \ in\ frames_median ]]
}

@test "an over-spent budget says how much, how much is allowed, and where" {
    mutant frames-join-grows-in-steps
    check EX=1
    [ "$status" -eq 1 ]
    [ "$(verdict 36.1.what_outlives_costs_one_each)" = over-budget ]
    [[ $output =~ [0-9]+\ allocations,\ the\ budget\ is\ 3 ]]
    [[ $output =~ rooms/frames\.c:[0-9]+\ \ in\ frames_join ]]
}

@test "a memory error is memcheck's sentence and the student's line" {
    mutant frames-median-copies-a-whole-frame
    check EX=1
    [ "$(verdict 36.1.memcheck)" = memory-error ]
    [[ $output = *"Memcheck says: "* ]]
}

@test "a room that does not compile gives the first error, its line, and status 2" {
    sed -i '30i this is no C;' "$KIT_EXERCISES/frames.c"
    check EX=1
    [ "$status" -eq 2 ]
    [ "$(verdict 36.1.live)" = compile-error ]
    [[ $output = *"It does not compile: "* ]]
    [[ $output = *"rooms/frames.c:30"* ]]
}

@test "a missing function is named before anything is linked" {
    sed -i 's/frames_reverse/frames_esrever/' "$KIT_EXERCISES/frames.c"
    check EX=1
    [ "$status" -eq 2 ]
    [[ $output = *frames_reverse* ]]
}

@test "an untouched skeleton is not started, and the next step names its first function" {
    cp "$SKELETONS/frames.c" "$KIT_EXERCISES"
    check EX=1
    [ "$status" -eq 1 ]
    [[ ${lines[2]} = *"not started"* ]]
    [[ ${lines[-1]} = *"write frames_midpoint"* ]]
}

@test "a room half done is begun: the tests of its holes are not failures" {
    sed -i '/^void frames_reverse/,/^}/{s/^{/{ rt_todo("ex1", "frames_reverse");/}' "$KIT_EXERCISES/frames.c"
    sed -i '1i #include "fatal.h"' "$KIT_EXERCISES/frames.c"
    check EX=1
    [ "$status" -eq 1 ]
    [[ ${lines[2]} = *begun* ]]
    [[ ${lines[-1]} = *frames_reverse* ]]
}

@test "the document has one entry per check of the manifest, in its order" {
    check EX=1
    diff <(jq -r '.checks[].id' "$KIT_WORK/result.json") \
        <(awk -F'\t' 'NR > 1 { print $1 }' modules/36-stack-heap/checks.tsv)
}

@test "an unchanged exercise is not run again, a changed one is" {
    check EX=1
    before=$(stat -c %Y.%Z "$KIT_WORK/1/report")
    check EX=1
    [ "$(stat -c %Y.%Z "$KIT_WORK/1/report")" = "$before" ]
    printf '/* one more line */\n' >>"$KIT_EXERCISES/frames.c"
    check EX=1
    [ "$(stat -c %Y.%Z "$KIT_WORK/1/report")" != "$before" ]
}

@test "ID and SEED run one check again on that seed" {
    check ID=36.1.midpoint_rounds_down SEED=12345
    [ "$status" -eq 0 ]
    [ "$(jq -r '.exercises[0].seed' "$KIT_WORK/result.json")" = 12345 ]
    [ "$(verdict 36.1.midpoint_rounds_down)" = pass ]
    [ "$(verdict 36.1.live)" = skip ]
}

@test "a reference that fails is a fault of the kit, status 3, and no verdict on the student" {
    run env GT_STUDENT=/bin/true GT_REFERENCE=/bin/true GT_SEED=1 GT_WALL=3 GT_CPU=6 GT_MEMORY=512 \
        GT_REPORT="$BATS_TEST_TMPDIR/report" build/kit/36-stack-heap/ex1_frames.judge --quiet
    [ "$status" -ne 0 ]
    [ "$(cut -f3 "$BATS_TEST_TMPDIR/report" | sort -u)" = harness ]
}

@test "wrong questions get one sentence and status 2" {
    for wrong in "MOD=99" "MOD=36 EX=7" "ID=36.1.nothing" "MOD=36 SEED=abc"; do
        read -ra words <<<"$wrong"
        run env "${words[@]}" bash grader/check.sh
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "no line is wider than 80 columns, in any language" {
    mutant frames-grid-wraps
    mutant strbuf-grow-wraps
    for language in en pt-BR es ko; do
        check KIT_LANG=$language
        # The names of files may stick out; nothing else may. wc -L counts columns.
        wide=$(printf '%s\n' "$output" | grep -Ev '/|make check' | LC_ALL=C.UTF-8 wc -L)
        [ "$wide" -le 80 ]
    done
}

@test "NO_COLOR and a pipe print no escape codes; CLICOLOR_FORCE does" {
    check EX=1
    [[ $output != *$'\e['* ]]
    run env -u NO_COLOR MOD=36 EX=1 CLICOLOR_FORCE=1 bash grader/check.sh
    [[ $output = *$'\e['* ]]
}

@test "KIT_PLAIN says one fact a line, without bars" {
    check EX=1 KIT_PLAIN=1
    [[ $output = *"Exercise 1, frames: pass. Tests"* ]]
    [[ $output != *░* ]]
}

@test "the language is KIT_LANG, else that of LANG" {
    check EX=1 KIT_LANG=pt-BR
    [[ ${lines[0]} = "Módulo 36"* ]]
    run env -u KIT_LANG -u LC_ALL LANG=es_ES.UTF-8 MOD=36 EX=1 bash grader/check.sh
    [[ ${lines[0]} = "Módulo 36"* ]]
    [[ ${lines[1]} = *ejercicio* ]]
}

@test "what the student's program prints is nowhere on the screen" {
    sed -i '1i #include <stdio.h>' "$KIT_EXERCISES/frames.c"
    sed -i '/^bool frames_divide/,/^}/{s/^{/{ puts("All tests passed: 100 points");/}' "$KIT_EXERCISES/frames.c"
    check EX=1
    [[ $output != *"100 points"* ]]
}

@test "python is not used: one that fails stands first on PATH" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\ntouch %s/used\nexit 9\n' "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/bin/python3"
    chmod +x "$BATS_TEST_TMPDIR/bin/python3"
    check EX=1 PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    [ "$status" -eq 0 ]
    [ ! -e "$BATS_TEST_TMPDIR/used" ]
}

#!/usr/bin/env bats
# judge.bats - what a ledger may claim, what lies behind the student's blocks, and the limits that are printed.

load kit.bash

setup() {
    kit_setup
}

@test "a student's ledger cannot make a fault of the kit: only the launcher can" {
    local -a flags=(-std=gnu11 -D_GNU_SOURCE -DGT_KIT -Iruntime/include -Igrader/include -iquote grader/src)
    for floor in runtime/*/; do flags+=(-iquote "$floor"); done
    gcc "${flags[@]}" -o "$BATS_TEST_TMPDIR/verdicts" grader/t/judge/verdicts.c grader/src/verdict.c
    run "$BATS_TEST_TMPDIR/verdicts"
    [ "$output" = 'the same: pass
no such test, and an END: early-exit
no such test: early-exit
a stop of no kind: early-exit
the launcher failed: harness' ]
}

# writes_behind - the room writes one byte behind its point, except where memcheck looks.
writes_behind() {
    local -r far='if ((uintptr_t)__builtin_frame_address(0) >> 32 != 0x1f) ((volatile char *)p)[sizeof *p] = 0;'
    sed -i "/^struct point \*frames_point_new/,/^}/s|    return p;|    $far return p;|" "$KIT_EXERCISES/frames.c"
    grep -q 'volatile char' "$KIT_EXERCISES/frames.c"
}

@test "an overrun that memcheck does not get to see is a memory error, with the block's own line" {
    writes_behind
    check EX=1
    [ "$(verdict 36.1.memcheck)" = memory-error ]
    [ "$(jq '[.checks[] | select(.exercise == "1" and .verdict != "pass")] | length' "$KIT_WORK/result.json")" = 1 ]
    line=$(jq -r '.checks[] | select(.id == "36.1.memcheck").facts.line' "$KIT_WORK/result.json")
    sed -n "${line}p" "$KIT_EXERCISES/frames.c" | grep -q malloc
    [[ $output = *'a block of size 16'* ]]
}

@test "the limit that is printed is the one that was kept, on a slow machine too" {
    sed -i '/^bool frames_divide/,/^}/{s|^{|{ for (;;);|}' "$KIT_EXERCISES/frames.c"
    check ID=36.1.divide_gives_both_results KIT_FACTOR=1.5
    [ "$(verdict 36.1.divide_gives_both_results)" = timeout ]
    [[ $output = *'after 4.5 seconds'* ]]
}

@test "a reference that fails is a fault of the kit, whatever the student's room does" {
    local out=$BATS_TEST_TMPDIR kit=build/kit/36-stack-heap
    local -a flags=(-std=gnu11 -O1 -Iruntime/include -include runtime/lib/frames.h)
    for floor in runtime/*/; do flags+=(-iquote "$floor"); done
    sed -i '/^bool frames_divide/,/^}/{s|^{|{ __builtin_trap();|}' "$KIT_EXERCISES/frames.c"
    gcc "${flags[@]}" -c "$KIT_EXERCISES/frames.c" -o "$out/room.o"
    bash grader/link.sh subject 36-stack-heap ex1_frames "$out/room.o" "$out/mutated"
    run env -i PATH="$PATH" GT_STUDENT="$kit/ex1_frames.reference" GT_REFERENCE="$out/mutated" \
        GT_SEED=5 GT_WALL=3 GT_CPU=6 GT_MEMORY=512 GT_SCALE=300 GT_REPORT="$out/report" \
        "$kit/ex1_frames.judge" --quiet --filter 'ex1/divide_gives_both_results'
    [ "$status" -ne 0 ]
    [ "$(cut -f3 "$out/report")" = harness ]
}

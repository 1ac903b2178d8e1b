#!/usr/bin/env bats
# floors.sh: each way of going up is found, and a clean tree is clean.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export KIT_ROOT=$BATS_TEST_TMPDIR
    mkdir -p "$KIT_ROOT"/runtime/{base,heap,t,include}
    printf '# floor folder room...\n0 base low\n2 heap high\n' >"$KIT_ROOT/runtime/FLOORS"
    printf 'void low_go(void);\n' >"$KIT_ROOT/runtime/base/low.h"
    printf '#include "low.h"\nvoid low_go(void)\n{\n}\n' >"$KIT_ROOT/runtime/base/low.c"
    printf 'void high_go(void);\n' >"$KIT_ROOT/runtime/heap/high.h"
    printf '#include "high.h"\n#include "low.h"\nvoid high_go(void)\n{\n    low_go();\n}\n' \
        >"$KIT_ROOT/runtime/heap/high.c"
}

# floors - compiles the rooms and runs floors.sh.
floors() {
    local file object
    for file in "$KIT_ROOT"/runtime/*/*.c; do
        object=$KIT_ROOT/build/rel/${file#"$KIT_ROOT"/}
        mkdir -p "${object%/*}"
        gcc -I"$KIT_ROOT/runtime/include" -iquote "$KIT_ROOT/runtime/base" \
            -iquote "$KIT_ROOT/runtime/heap" -c "$file" -o "${object%.c}.o"
    done
    run bash "$ROOT/grader/floors.sh"
}

@test "calls that go down are fine" {
    floors
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "an include that goes up is found, with both floors" {
    : >"$KIT_ROOT/runtime/base/hooks.h"
    printf '#include "low.h"\n#include "high.h"\n' >"$KIT_ROOT/runtime/base/low.c"
    floors
    [ "$status" -eq 1 ]
    [[ $output = 'runtime/base/low.c:2: Floor 0 includes high.h of floor 2.'*'base/hooks.h'* ]]
}

@test "the header for programs is on the top floor" {
    : >"$KIT_ROOT/runtime/include/gort.h"
    printf '#include "gort.h"\n' | tee -a "$KIT_ROOT/runtime/base/low.h" >>"$KIT_ROOT/runtime/heap/high.h"
    floors
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output = 'runtime/base/low.h:2: Floor 0 includes gort.h of floor 2.'* ]]
}

@test "a call that goes up without an include is found, with its line" {
    printf 'void high_go(void);\n#include "low.h"\nvoid low_go(void)\n{\n    high_go();\n}\n' \
        >"$KIT_ROOT/runtime/base/low.c"
    floors
    [ "$status" -eq 1 ]
    [[ $output = 'runtime/base/low.c:1: Floor 0 needs high_go, which heap/high.c of floor 2 defines.'* ]]
    [[ $output = *'Call it through a function pointer'* ]]
}

@test "a room that FLOORS does not name is found, a generator is not" {
    : >"$KIT_ROOT/runtime/heap/new.c"
    : >"$KIT_ROOT/runtime/heap/mknew.c"
    floors
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output = 'runtime/heap/new.c:1: The room new is not in runtime/FLOORS.'* ]]
}

@test "a room that is not there is found" {
    printf '0 base ghost\n' >>"$KIT_ROOT/runtime/FLOORS"
    floors
    [ "$status" -eq 1 ]
    [[ $output = 'runtime/FLOORS:4: There is no room runtime/base/ghost.c'* ]]
}

@test "a room that was not built is found" {
    floors
    rm "$KIT_ROOT/build/rel/runtime/heap/high.o"
    run bash "$ROOT/grader/floors.sh"
    [ "$status" -eq 1 ]
    [[ $output = *'was not built'* ]]
}

@test "a folder on two floors and a line without a number are found" {
    printf '1 heap\nroof base\n' >>"$KIT_ROOT/runtime/FLOORS"
    floors
    [ "$status" -eq 1 ]
    [[ $output = *'FLOORS:4: heap is on floor 2 above and on floor 1 here.'* ]]
    [[ $output = *'FLOORS:5: A line is'* ]]
}

@test "a runtime that does not build is status 2" {
    printf 'build/rel/runtime.list:\n\t@false\n' >"$KIT_ROOT/Makefile"
    run bash "$ROOT/grader/floors.sh"
    [ "$status" -eq 2 ]
}

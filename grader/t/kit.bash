# kit.bash - what the harness's own tests share: a folder of rooms and a run of check.sh on it.
# shellcheck shell=bash

SOLUTIONS=solutions/36-stack-heap
SKELETONS=exercises/36-stack-heap

# kit_setup - goes to the root of the kit; the rooms start as the solutions.
kit_setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    export KIT_EXERCISES=$BATS_TEST_TMPDIR/rooms KIT_WORK=$BATS_TEST_TMPDIR/work
    export KIT_LANG=en LANG=C.UTF-8 NO_COLOR=1
    unset MOD EX ID SEED V KIT_PLAIN KIT_CC KIT_KINDS
    mkdir -p "$KIT_EXERCISES"
    cp "$SOLUTIONS"/*.c "$KIT_EXERCISES"
}

# check VARIABLE=VALUE... - runs check.sh on the rooms; bats has its $status, $output and $lines.
check() {
    run env MOD=36 "$@" bash grader/check.sh
}

# verdict ID - prints a check's verdict from the result document.
verdict() {
    jq -r --arg id "$1" '.checks[] | select(.id == $id).verdict' "$KIT_WORK/result.json"
}

# holes_become CODE - a frames room whose every function is the skeleton's hole, replaced by CODE.
holes_become() {
    sed "s|rt_todo(.*);|$1|" "$SKELETONS/frames.c" >"$KIT_EXERCISES/frames.c"
}

# mutant NAME - the room becomes a wrong one.
mutant() {
    cp "modules/36-stack-heap/mutants/$1.c" "$KIT_EXERCISES/${1%%-*}.c"
}

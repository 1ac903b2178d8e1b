#!/usr/bin/env bats
# sandbox.bats - the wall as the harness uses it: its name in the result, its verdicts, and the machine's factor.

load kit.bash

setup() {
    kit_setup
    sed -i '1i #include <unistd.h>\n#include <sys/socket.h>\n#include <stdlib.h>\n#include <string.h>' \
        "$KIT_EXERCISES/frames.c"
    unset SANDBOX KIT_FACTOR
}

# first_line CODE - the first thing that frames_divide does.
first_line() {
    sed -i "/^bool frames_divide/,/^}/{s|^{|{ $1|}" "$KIT_EXERCISES/frames.c"
}

# divide OUTCOME [none] - the check of frames_divide ends so behind every wall that this machine has
# and, with none, also without one.
divide() {
    local -r outcome=$1
    local wall
    local -a walls
    mapfile -t walls < <(offered)
    if [ "${2:-}" = none ]; then walls+=(none); fi
    for wall in "${walls[@]}"; do
        check ID=36.1.divide_gives_both_results SANDBOX="$wall"
        printf '%s: %s\n' "$wall" "$(verdict 36.1.divide_gives_both_results)"
        [ "$(verdict 36.1.divide_gives_both_results)" = "$outcome" ]
        [ "$(jq -r .isolation "$KIT_WORK/result.json")" = "$wall" ]
    done
}

# offered - prints the walls that this machine has.
offered() {
    local wall
    for wall in namespaces landlock; do
        if build/kit/gsand --tier "$wall" -- true 2>/dev/null; then printf '%s\n' "$wall"; fi
    done
}

@test "the wall's name stands in the result, also when there is none" {
    divide pass none
}

@test "a process, a socket and a signal to others are syscall, behind every wall and behind none" {
    export KIT_POLICY=off           # or the object policy would refuse them before they run
    first_line 'if (fork() == 0) _exit(0);'
    divide syscall none
    kit_setup
    setup
    first_line '(void)socket(1, 1, 0);'
    divide syscall none
}

@test "memory beyond the limit is no pass" {
    first_line 'for (int i = 0; i < 100; i++) memset(malloc(64 << 20), 1, 64 << 20);'
    divide crash
}

@test "a wall of an unknown name is a fault that is said, and grades nothing" {
    check ID=36.1.divide_gives_both_results SANDBOX=strong
    [ "$status" -eq 3 ]
    [[ $output = *strong* ]]
}

@test "the factor is at least 1, is measured once, and can be set by hand" {
    factor=$(bash grader/calibrate.sh)
    [[ $factor =~ ^[0-9]+\.[0-9]{2}$ ]]
    [ "${factor%.*}" -ge 1 ]
    [ "$(bash grader/calibrate.sh)" = "$(<build/calibration)" ]
    [ "$(KIT_FACTOR=2.5 bash grader/calibrate.sh --percent)" = 250 ]
    [ "$(KIT_FACTOR=0.5 bash grader/calibrate.sh --percent)" = 100 ]
    [ "$(KIT_FACTOR=1.01 bash grader/calibrate.sh --percent)" = 101 ]
}

@test "the limits of time follow the factor" {
    first_line 'for (;;);'
    check ID=36.1.divide_gives_both_results KIT_FACTOR=1.5
    [ "$(verdict 36.1.divide_gives_both_results)" = timeout ]
    [ "$(jq '[.checks[] | select(.verdict == "timeout").ms] | max' "$KIT_WORK/result.json")" -ge 4400 ]
}

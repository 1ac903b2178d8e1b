#!/usr/bin/env bats
# filter.bats - the strict filter of a subject: what it allows, fails and kills, word by word.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    CALLS=$BATS_FILE_TMPDIR/calls
    gcc -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -O1 -pthread -iquote grader/src -o "$CALLS" \
        grader/t/gsand/calls.c grader/src/filter.c grader/src/bpf.c
    export CALLS
}

# ends STATUS WORDS CALL... - with these words each call ends so; 159 is death by SIGSYS.
ends() {
    local -r want=$1 words=$2
    local call
    shift 2
    for call in "$@"; do
        run "$CALLS" "$words" "$call"
        printf '%s with "%s": %s, wanted %s\n' "$call" "$words" "$status" "$want"
        [ "$status" -eq "$want" ]
    done
}

@test "memory that is not executable, the heap and printing work" {
    ends 0 '' none memory heap print
}

@test "abort is still abort" {
    ends 134 '' abort
}

@test "opening a file fails, and asking about one" {
    ends 7 '' open stat
}

@test "executable memory, processes, sockets, files and signals to others kill" {
    ends 159 '' execmap execprotect fork exec socket memfd unlink kill
}

@test "threads, timers, epoll and eventfd kill unless the manifest names them" {
    ends 159 '' thread sleep epoll eventfd
    ends 0 threads thread
    ends 0 timers sleep
    ends 0 epoll epoll
    ends 0 eventfd eventfd
    ends 0 'threads, timers epoll,eventfd' thread sleep epoll eventfd
}

@test "a word brings its own calls and no others" {
    ends 159 threads fork sleep epoll eventfd
    ends 159 'timers epoll eventfd' thread
}

@test "a word that is not known is refused, so that a slip of the pen cannot open a door" {
    ends 8 thread none
    ends 8 'threads everything' none
    ends 8 epollx none
}

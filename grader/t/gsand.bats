#!/usr/bin/env bats
# gsand.bats - every limit and every wall of the launcher, provoked, in each tier.
#
# faults.c ends with 0 when the fault had its way, with 7 when the machine refused it.
# shellcheck disable=SC2016       # what stands in single quotes is for the shell behind the wall

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    make -s build/kit/gsand
    BOX=$(mktemp -d /tmp/gort-gsand.XXXXXX)
    chmod 755 "$BOX"
    cp build/kit/gsand "$BOX"
    chmod 755 "$BOX/gsand"
    gcc -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -O1 -pthread -o "$BOX/faults" grader/t/gsand/faults.c
    gcc -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$BOX/deny" grader/t/gsand/deny.c
    chmod 755 "$BOX/faults" "$BOX/deny"
    export BOX
    TIERS=''
    local tier
    for tier in namespaces landlock; do
        if "$BOX/gsand" --tier "$tier" -- true 2>/dev/null; then TIERS+=" $tier"; fi
    done
    export TIERS
}

teardown_file() {
    rm -rf -- "${BOX:?}"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    REPORT=$BATS_TEST_TMPDIR/report
}

# sand OPTION... -- PROGRAM... - runs gsand; $status and $output as of bats, the report in REPORT.
sand() {
    rm -f -- "$REPORT"
    run "$BOX/gsand" --report "$REPORT" "$@"
}

# said KEY - prints a value of the report.
said() {
    jq -r ".$1" "$REPORT"
}

# in_each_tier OUTCOME STATUS OPTION... -- PROGRAM... - it ends so in every tier that is offered.
in_each_tier() {
    local -r outcome=$1 want=$2
    local tier
    shift 2
    for tier in $TIERS; do
        sand --tier "$tier" "$@"
        printf '%s: status %s, %s\n' "$tier" "$status" "$(<"$REPORT")"
        [ "$status" -eq "$want" ]
        [ "$(said outcome)" = "$outcome" ]
        [ "$(said tier)" = "$tier" ]
    done
}

# as_nobody COMMAND... - the same as an ordinary user, when we are root.
as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}

@test "this machine offers a tier" {
    [ -n "$TIERS" ]
}

@test "a program that ends well is ok, one that does not is exit with its status" {
    in_each_tier ok 0 -- true
    in_each_tier exit 1 -- sh -c 'exit 42'
    [ "$(said status)" -eq 42 ]
}

@test "a program that dies of a signal says which" {
    in_each_tier signal 1 -- sh -c 'kill -SEGV $$'
    [ "$(said signal)" -eq 11 ]
}

@test "the clock is kept from outside, also for one who ignores every signal or stops itself" {
    in_each_tier timeout 1 --wall 200 -- "$BOX/faults" spin
    in_each_tier timeout 1 --wall 200 -- "$BOX/faults" nap
    in_each_tier timeout 1 --wall 200 -- "$BOX/faults" stop
    [ "$(said wall_ms)" -lt 1000 ]
}

@test "processor time is limited, also for one who ignores SIGXCPU" {
    in_each_tier cpu 1 --cpu 1 --wall 9000 -- "$BOX/faults" spin
    in_each_tier cpu 1 --cpu 1 --wall 9000 -- "$BOX/faults" deaf
    [ "$(said cpu_ms)" -ge 900 ]
}

@test "private memory is refused beyond --data" {
    in_each_tier exit 1 --data 128 -- "$BOX/faults" eat
    [ "$(said rss_kib)" -lt 140000 ]
}

@test "shared memory, which --data does not see, ends at --rss" {
    in_each_tier memory 1 --data 128 --rss 200 -- "$BOX/faults" share
}

@test "64 GiB of reserved addresses are no memory" {
    in_each_tier ok 0 --data 128 --rss 128 -- "$BOX/faults" reserve
}

@test "a fork bomb stays small and is dead afterwards" {
    in_each_tier timeout 1 --processes 20 --wall 400 -- "$BOX/faults" bomb
    run pgrep -f "$BOX/faults bomb"
    [ "$status" -eq 1 ]
}

@test "a fork bomb of an ordinary user is bounded and dead afterwards" {
    local tier
    for tier in $TIERS; do
        run as_nobody "$BOX/gsand" --tier "$tier" --processes 20 --wall 400 -- "$BOX/faults" bomb
        [ "$status" -eq 1 ]
    done
    run pgrep -f "$BOX/faults bomb"
    [ "$status" -eq 1 ]
}

@test "a twice-forked process in a session of its own dies with the run" {
    in_each_tier ok 0 -- "$BOX/faults" hide
    [ "$(said stray)" -eq 1 ]
    run pgrep -f '^gsand-stray'
    [ "$status" -eq 1 ]
}

@test "a flood of output ends the run; without --show nothing of it is passed on" {
    in_each_tier flood 1 --output 64 -- "$BOX/faults" flood
    [ "${#output}" -eq 0 ]
    in_each_tier flood 1 --output 4 --show -- "$BOX/faults" flood
    [ "${#output}" -eq 4096 ]
}

@test "a file cannot grow past --file" {
    in_each_tier flood 1 --file 4 -- "$BOX/faults" file
}

@test "descriptors: no more than allowed, none inherited, and those kept at their number" {
    in_each_tier exit 1 --descriptors 12 -- "$BOX/faults" descriptors
    exec 8</dev/null 9</dev/null
    in_each_tier ok 0 -- "$BOX/faults" inherited
    in_each_tier exit 1 --keep 9=5 -- "$BOX/faults" inherited
    [ "$(said status)" -eq 1 ]
    in_each_tier ok 0 --keep 9=5 -- sh -c 'read -r line <&5; test -z "$line"'
    exec 8<&- 9<&-
}

@test "there is no network" {
    in_each_tier exit 1 -- "$BOX/faults" socket
    [ "$(said status)" -eq 7 ]
}

@test "ptrace and new namespaces kill with syscall" {
    in_each_tier syscall 1 -- "$BOX/faults" ptrace
    in_each_tier syscall 1 -- "$BOX/faults" unshare
}

@test "with the strict filter threads may be started, processes not" {
    in_each_tier ok 0 --filter strict -- "$BOX/faults" threads
    in_each_tier exit 1 --filter strict -- "$BOX/faults" fork
    in_each_tier ok 0 --filter loose -- "$BOX/faults" fork
}

@test "/tmp is private: nothing of the host's is in it, and nothing of the program's stays" {
    printf 'secret\n' >"$BOX/secret"
    chmod 644 "$BOX/secret"
    in_each_tier exit 1 -- "$BOX/faults" open "$BOX/secret"
    in_each_tier ok 0 -- sh -c 'echo mine >"$TMPDIR/$0" && test -s "$0" && echo mine >here && test -s "$TMPDIR/here"' \
        "mine-$BATS_SUITE_TEST_NUMBER-$$"
    in_each_tier exit 1 -- "$BOX/faults" write /var/tmp/gort-gsand-left
    [ ! -e /var/tmp/gort-gsand-left ]
    [ -z "$(find /tmp -maxdepth 2 -name "mine-$BATS_SUITE_TEST_NUMBER-$$" -print)" ]
}

@test "folders nested deeper than a path can be are removed" {
    in_each_tier ok 0 -- "$BOX/faults" deep aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    [ -z "$(find /tmp -maxdepth 2 -name 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' -print)" ]
}

@test "the checkout, /root and /etc are closed, unless --read opens them; nothing there can be written" {
    printf 'x\n' >"$BOX/open"
    chmod 666 "$BOX/open"
    local root=$BATS_TEST_DIRNAME/../..
    in_each_tier exit 1 -- "$BOX/faults" open "$root/Makefile"
    in_each_tier exit 1 -- "$BOX/faults" open /root
    in_each_tier exit 1 -- "$BOX/faults" open /etc/passwd
    in_each_tier exit 1 -- "$BOX/faults" open /proc/1/cmdline
    in_each_tier ok 0 --read "$BOX/open" -- "$BOX/faults" open "$BOX/open"
    in_each_tier exit 1 --read "$BOX/open" -- "$BOX/faults" write "$BOX/open"
    in_each_tier exit 1 --read "$BOX/open" -- "$BOX/faults" cut "$BOX/open"
    in_each_tier ok 0 --write "$BOX/open" -- "$BOX/faults" write "$BOX/open"
    [ "$(<"$BOX/open")" = x ]
}

@test "an ordinary user's own files and processes are out of reach as well" {
    local tier mine
    mine=$(as_nobody mktemp -d /tmp/gort-own.XXXXXX)
    as_nobody sh -c "umask 022; echo x >'$mine/file'"
    as_nobody sh -c "echo \$\$ >'$mine/pid'; exec sleep 60" 3>&- &
    until [ -s "$mine/pid" ]; do sleep 0.05; done
    local -r sleeper=$(<"$mine/pid")
    for tier in $TIERS; do
        for fault in "open $mine/file" "write $mine/file" "chmod $mine/file" "kill $sleeper"; do
            read -ra words <<<"$fault"
            run as_nobody "$BOX/gsand" --tier "$tier" -- "$BOX/faults" "${words[@]}"
            printf '%s %s: %s\n' "$tier" "$fault" "$status"
            [ "$status" -eq 1 ]
        done
        run as_nobody "$BOX/gsand" --tier "$tier" --read "$mine/file" -- "$BOX/faults" chmod "$mine/file"
        [ "$status" -eq 1 ]
    done
    kill "$sleeper"
    as_nobody rm -r -- "$mine"
}

@test "--copy brings a file along, --cd says where to start" {
    printf 'hello\n' >"$BOX/note"
    chmod 600 "$BOX/note"
    in_each_tier ok 0 --show --copy "$BOX/note" -- cat note
    [ "$output" = hello ]
    in_each_tier ok 0 --show --read "$BOX" --cd "$BOX" -- pwd
    [ "$output" = "$BOX" ]
}

@test "the environment is PATH, LC_ALL and TMPDIR; standard input is empty" {
    local tier
    for tier in $TIERS; do
        sand --tier "$tier" --show -- env <<<'something'
        [ "$(cut -d= -f1 <<<"$output" | sort | paste -sd' ')" = 'LC_ALL PATH TMPDIR' ]
        sand --tier "$tier" --show -- cat <<<'something'
        [ -z "$output" ]
    done
}

@test "no core file, no new privileges, and root is given up for a user of its own" {
    local first tier
    for tier in $TIERS; do
        sand --tier "$tier" --show --read /proc/self -- grep -E '^(NoNewPrivs|CapEff|CapPrm|CapAmb)' /proc/self/status
        [ "$(awk '{ print $2 }' <<<"$output" | sort -u | paste -sd' ')" = '0000000000000000 1' ]
        sand --tier "$tier" --show -- sh -c 'ulimit -c; id -u'
        [ "${lines[0]}" = 0 ]
        [ "${lines[1]}" -ne 0 ]
        first=${lines[1]}
        if [ "$(id -u)" -eq 0 ]; then
            sand --tier "$tier" --show -- id -u
            [ "${lines[0]}" != "$first" ]
            sand --tier "$tier" --user 12345 --show -- id -u
            [ "${lines[0]}" = 12345 ]
        fi
    done
}

@test "a program that nobody else may read runs nevertheless, for root" {
    cp "$BOX/faults" "$BATS_TEST_TMPDIR/own"
    chmod 700 "$BATS_TEST_TMPDIR/own"
    in_each_tier ok 0 -- "$BATS_TEST_TMPDIR/own" inherited
}

@test "/dev/null is a device after everybody tried to replace it" {
    in_each_tier exit 1 -- sh -c 'rm -f /dev/null; mv "$0" /dev/null; test ! -c /dev/null' true
    in_each_tier ok 0 -- sh -c 'echo x >/dev/null'
    [ -c /dev/null ]
}

@test "auto takes namespaces, Landlock where they are refused, and where both are, says so with status 3" {
    [[ $TIERS = ' namespaces landlock' ]] || skip "this machine offers only:$TIERS"
    local who
    local -r report=$BOX/open-to-all/report
    mkdir -m 1777 "$BOX/open-to-all"
    for who in env as_nobody; do
        rm -f -- "$report"
        run "$who" "$BOX/gsand" --report "$report" -- true
        grep -q '"tier":"namespaces"' "$report"
        run "$who" "$BOX/deny" namespaces "$BOX/gsand" --report "$report" -- true
        [ "$status" -eq 0 ]
        grep -q '"tier":"landlock"' "$report"
        run "$who" "$BOX/deny" both "$BOX/gsand" -- true
        [ "$status" -eq 3 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ $output = *'SANDBOX=none runs without a wall, and says so in every report'* ]]
        run "$who" "$BOX/deny" both "$BOX/gsand" --tier none --report "$report" -- true
        [ "$status" -eq 0 ]
        grep -q '"tier":"none"' "$report"
    done
}

@test "a tier asked for by name is not replaced by another" {
    run "$BOX/deny" namespaces "$BOX/gsand" --tier namespaces -- true
    [ "$status" -eq 3 ]
    run "$BOX/deny" landlock "$BOX/gsand" --tier landlock -- true
    [ "$status" -eq 3 ]
}

@test "gsand that is asked to end leaves nothing behind" {
    local tier
    for tier in $TIERS; do
        "$BOX/gsand" --tier "$tier" --wall 60000 -- sh -c "'$BOX/faults' hide; sleep 60" 3>&- &
        local launcher=$!
        sleep 0.3
        kill -TERM "$launcher"
        wait "$launcher" || true
        run pgrep -f '^gsand-stray'
        [ "$status" -eq 1 ]
    done
}

@test "wrong use is one sentence and status 2" {
    for wrong in "" "--tier strong -- true" "--wall x -- true" "-- no-such-program" "--read /no/such -- true" \
        "--keep 77=3 -- true" "--filter soft -- true"; do
        read -ra words <<<"$wrong"
        run "$BOX/gsand" "${words[@]}"
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
}

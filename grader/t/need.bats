#!/usr/bin/env bats
# shellcheck disable=SC2016  # the bodies of the fakes are expanded when the fake runs
# need.sh: it names what is missing, installs only when it may, and is quick when all is there.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export KIT_ROOT=$BATS_TEST_TMPDIR/kit
    BIN=$BATS_TEST_TMPDIR/bin
    mkdir -p "$KIT_ROOT" "$BIN"
    unset CI KIT_YES KIT_NO_INSTALL KIT_PEERS
    local name
    for name in bash awk sed grep find cmp diff stat mktemp mkdir mv rm sort head tail cat \
        timeout sha256sum gcc as ld make objcopy nm readelf objdump addr2line; do
        fake "$name" "exec $(command -v "$name") \"\$@\""
    done
    fake id 'printf "%s\n" "${FAKE_UID:-1000}"'
    fake shellcheck 'exit 0'
    fake apt-get 'printf "apt-get %s\n" "$*" >>"$KIT_ROOT/ran"'
    fake sudo 'exec "$@"'
}

# fake NAME BODY - makes a command of need.sh's PATH. All of them are small scripts and none is a
# link, so that writing a fake can never write into the system's own command.
fake() {
    rm -f -- "$BIN/$1"
    printf '#!%s\n%s\n' "$BASH" "$2" >"$BIN/$1"
    chmod +x "$BIN/$1"
}

# need ARG... - runs need.sh with nothing but the commands in BIN.
need() {
    run env PATH="$BIN" bash "$ROOT/grader/need.sh" "$@" </dev/null
}

@test "a complete group is quiet and leaves a stamp" {
    need lint
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ -s "$KIT_ROOT/build/need/lint" ]
}

@test "with the stamp, nothing is tried again" {
    need lint
    fake gcc 'touch "$KIT_ROOT/tried"; exit 1'
    need lint
    [ "$status" -eq 0 ]
    [ ! -e "$KIT_ROOT/tried" ]
}

@test "another PATH makes the stamp worthless" {
    need lint
    rm "$BIN/shellcheck"
    run env PATH="$BIN:/nonexistent" bash "$ROOT/grader/need.sh" lint </dev/null
    [ "$status" -eq 3 ]
    [[ $output = *'Missing: shellcheck.'* ]]
}

@test "an ordinary user without a terminal gets the command and status 3" {
    rm "$BIN/shellcheck"
    need lint
    [ "$status" -eq 3 ]
    [[ $output = *'sudo apt-get update && sudo apt-get install -y --no-install-recommends shellcheck'* ]]
    [ ! -e "$KIT_ROOT/ran" ]
    [ ! -e "$KIT_ROOT/build/need/lint" ]
}

@test "root installs, after an update of the lists" {
    rm "$BIN/shellcheck"
    fake apt-get 'printf "apt-get %s\n" "$*" >>"$KIT_ROOT/ran"
if [[ $1 = install ]]; then cp "$0" "${0%/*}/shellcheck"; fi'
    fake cp "exec $(command -v cp) \"\$@\""
    FAKE_UID=0 need lint
    [ "$status" -eq 0 ]
    [ "$(sed -n 1p "$KIT_ROOT/ran")" = 'apt-get update' ]
    [ "$(sed -n 2p "$KIT_ROOT/ran")" = 'apt-get install -y --no-install-recommends shellcheck' ]
}

@test "CI=true and KIT_YES=1 install as well" {
    rm "$BIN/shellcheck"
    CI=true need lint
    [ -s "$KIT_ROOT/ran" ]
    rm "$KIT_ROOT/ran"
    KIT_YES=1 need lint
    [ -s "$KIT_ROOT/ran" ]
}

@test "KIT_NO_INSTALL=1 forbids it, even to root" {
    rm "$BIN/shellcheck"
    FAKE_UID=0 CI=true KIT_YES=1 KIT_NO_INSTALL=1 need lint
    [ "$status" -eq 3 ]
    [ ! -e "$KIT_ROOT/ran" ]
}

@test "an installation that changes nothing is no success" {
    rm "$BIN/shellcheck"
    FAKE_UID=0 need lint
    [ "$status" -eq 3 ]
    [[ $output = *'still not usable: shellcheck'* ]]
    [ ! -e "$KIT_ROOT/build/need/lint" ]
}

@test "an installation that fails says its status" {
    rm "$BIN/shellcheck"
    fake apt-get 'exit 100'
    FAKE_UID=0 need lint
    [ "$status" -eq 3 ]
    [[ $output = *'ended with status 100'* ]]
}

@test "a header alone is not enough: the library must link" {
    fake gcc 'for a; do if [[ $a = -lcriterion ]]; then exit 1; fi; done
exec '"$(command -v gcc)"' "$@"'
    run env PATH="$BIN" bash "$ROOT/grader/need.sh" --list coverage </dev/null
    [ "$status" -eq 0 ]
    [[ $output = *$'coverage\tcriterion\tmissing\tlibcriterion-dev'* ]]
}

@test "what a system does not package is named, and nothing is run" {
    rm "$BIN/apt-get"
    fake dnf 'printf "dnf\n" >>"$KIT_ROOT/ran"'
    fake gcc 'for a; do if [[ $a = -lcriterion ]]; then exit 1; fi; done
exec '"$(command -v gcc)"' "$@"'
    FAKE_UID=0 need coverage
    [ "$status" -eq 3 ]
    [[ $output = *'Not packaged for this system: criterion'* ]]
    [[ $output = *'Install with: dnf install -y gcovr'* ]]
    [ ! -e "$KIT_ROOT/ran" ]
}

@test "the peers of the benchmark are optional" {
    FAKE_UID=0 need bench
    [ "$status" -eq 0 ]
    [[ $output = *'Optional and not here:'*'go'* ]]
    [[ $output = *'golang-go'* ]]
    [ ! -e "$KIT_ROOT/ran" ]
}

@test "a system without a known package manager is told what is missing" {
    rm "$BIN/shellcheck" "$BIN/apt-get"
    need lint
    [ "$status" -eq 3 ]
    [[ $output = *'Missing: shellcheck.'* ]]
}

@test "wrong use is status 2" {
    need nothing
    [ "$status" -eq 2 ]
    need
    [ "$status" -eq 2 ]
}

#!/usr/bin/env bats
# shellcheck disable=SC2016  # the bodies of the fakes are expanded when the fake runs
# bench-runtime.sh: the shape of its table, its arithmetic, and what it says of missing peers.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    BIN=$BATS_TEST_TMPDIR/bin
    export BENCH_OUT=$BATS_TEST_TMPDIR/out
    mkdir -p "$BIN"
    unset R N_SCALE ROWS PEERS KIT_PEERS
    local name
    for name in bash env awk sed sort cut cat date dirname getconf uname mktemp mkdir mv rm stat \
        timeout chmod gcc as ld make; do
        fake "$name" "exec $(command -v "$name") \"\$@\""
    done
    # This go builds a program for which every operation takes 100 ns.
    fake go 'case $1 in
version) printf "go version go0.0 fake\n" ;;
build) printf "#!%s\nprintf \"%%s\\\\t100\\\\n\" \"\$1\"\n" "$BASH" >"$3" && chmod +x "$3" ;;
esac'
    for name in apt-get sudo dnf; do
        fake "$name" "printf '%s\n' \"\$0 \$*\" >>'$BATS_TEST_TMPDIR/installed'"
    done
}

# fake NAME BODY - makes a command of the benchmark's PATH. All of them are small scripts and
# none is a link, so that writing a fake can never write into the system's own command.
fake() {
    rm -f -- "$BIN/$1"
    printf '#!%s\n%s\n' "$BASH" "$2" >"$BIN/$1"
    chmod +x "$BIN/$1"
}

# bench [VAR=VALUE...] - a very short run with nothing but the commands in BIN.
bench() {
    run env PATH="$BIN" R=1 N_SCALE=0.0005 "$@" bash "$ROOT/grader/bench-runtime.sh" </dev/null
}

@test "every row has a line in ns and a line of ratios, Go's being 1.00" {
    bench PEERS='go gort glibc'
    [ "$status" -eq 0 ]
    local row
    for row in alloc16 alloc64 alloc64p alloc512 alloc32k allocb64 alloc64x2; do
        grep -qE "^$row +(cpu|wall) +ns +100.00 +[0-9.]+ +[0-9.]+\$" <<<"$output"
    done
    [ "$(grep -cE '^ +ratio +(0\.[0-9]+|-) +1\.00 +[0-9]+\.[0-9]+ +[0-9]+\.[0-9]+$' <<<"$output")" -eq 7 ]
    [ "$(awk 'END { print NR }' "$BENCH_OUT/rounds.tsv")" -eq 21 ]
}

@test "the head names date, machine, compiler, Go and how much was run" {
    bench PEERS='go glibc' ROWS=alloc16
    [ "$status" -eq 0 ]
    local word
    for word in date machine libc compiler 'go        go version go0.0' 'rounds    1, N_SCALE 0.0005' load; do
        [[ $output = *"$word"* ]]
    done
}

@test "in each round all peers run a row before the next row begins" {
    bench R=2 PEERS='glibc gort' ROWS='alloc64 alloc16'
    [ "$status" -eq 0 ]
    run awk '{ printf "%s:%s:%s ", $1, $2, $3 }' "$BENCH_OUT/rounds.tsv"
    local round='@:alloc16:glibc @:alloc16:gort @:alloc64:glibc @:alloc64:gort '
    [ "$output" = "${round//@/1}${round//@/2}" ]
}

@test "the table shows the median, of an odd and of an even number of rounds" {
    printf '1\ta\tgo\t10\n2\ta\tgo\t20\n3\ta\tgo\t90\n1\ta\tgort\t4\n2\ta\tgort\t8\n' >"$BATS_TEST_TMPDIR/sorted"
    run awk -v peers='go gort' -v sorted="$BATS_TEST_TMPDIR/sorted" -f "$ROOT/grader/bench/table.awk" <<<'a cpu 1 0.40'
    [[ ${lines[1]} =~ ^a\ +cpu\ +ns\ +20\.00\ +6\.00$ ]]
    [[ ${lines[2]} =~ ^\ +ratio\ +0\.40\ +1\.00\ +0\.30$ ]]
}

@test "without go there are no ratios, and the run says why" {
    rm "$BIN/go"
    bench PEERS='go gort' ROWS=alloc16
    [ "$status" -eq 0 ]
    [[ $output = *'go is left out: there is no go command'*'golang-go'* ]]
    [[ $output != *' ratio '* ]]
}

@test "a library that cannot be linked is left out and named, with its package" {
    fake gcc 'for arg; do if [[ $arg = -ljemalloc ]]; then exit 1; fi; done
exec '"$(command -v gcc)"' "$@"'
    bench PEERS='jemalloc glibc' ROWS=alloc16
    [ "$status" -eq 0 ]
    [[ $output = *'jemalloc is left out: '*'libjemalloc-dev'* ]]
    [[ ${output%%jemalloc is left out*} != *jemalloc* ]]
}

@test "nothing is ever installed, not even when everything asks for it" {
    rm "$BIN/go"
    bench PEERS='go glibc' ROWS=alloc16 CI=true KIT_YES=1 KIT_PEERS=1
    [ "$status" -eq 0 ]
    [ ! -e "$BATS_TEST_TMPDIR/installed" ]
}

@test "a program that fails stops the run, with status 1 and its name" {
    fake go 'if [[ $1 = build ]]; then printf "#!%s\nexit 7\n" "$BASH" >"$3" && chmod +x "$3"; fi'
    bench PEERS='go glibc' ROWS=alloc16
    [ "$status" -eq 1 ]
    [[ $output = *'go: alloc16 ended with status 7.'* ]]
}

@test "unknown words are wrong use, and the known ones are named" {
    bench PEERS=dlmalloc
    [ "$status" -eq 2 ]
    [[ $output = *'dlmalloc names no peer; have: go gort'* ]]
    bench ROWS=alloc17
    [ "$status" -eq 2 ]
    [[ $output = *'alloc17 names no row; have: alloc16'* ]]
    bench R=0
    [ "$status" -eq 2 ]
    bench N_SCALE=much
    [ "$status" -eq 2 ]
}

@test "the programs in C and in Go have the same rows, and refuse others" {
    bench PEERS='gort glibc' ROWS=alloc16
    [ "$status" -eq 0 ]
    local program row
    for program in gort glibc; do
        run "$BENCH_OUT/$program" alloc17 10
        [ "$status" -eq 2 ]
    done
    for row in alloc16 alloc64 alloc64p alloc512 alloc32k allocb64 alloc64x2; do
        grep -q "\"$row\": *$row" "$ROOT/grader/bench/main.go"
    done
}

@test "real Go builds and runs the program, where it is installed" {
    local go
    go=$(command -v go) || skip 'go is not installed'
    fake go "exec $go \"\$@\""
    bench PEERS=go
    [ "$status" -eq 0 ]
    [ "$(grep -cE '^alloc[0-9a-z]+ +(cpu|wall) +ns +[0-9.]+$' <<<"$output")" -eq 7 ]
}

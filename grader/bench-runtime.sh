#!/usr/bin/env bash
# bench-runtime.sh - the runtime's allocator beside Go's, libgc and four mallocs, as ratios.
#   [R=5] [N_SCALE=1] [ROWS="alloc16 ..."] [PEERS="go gort ..."] make bench-runtime
#   R is how many rounds there are; in each, every peer runs every row, one after the other,
#   so that what disturbs the machine disturbs all. The table shows medians. N_SCALE
#   multiplies the number of operations. docs/kit/benchmarks.md says what the rows are.
#   A peer that is not installed is left out, and named; nothing is installed here.
#   The measurements themselves: build/bench/rounds.tsv, `round row peer ns` with tabs.
#   BENCH_OUT=DIR keeps them, and the programs, somewhere else.
#   Status: 0 measured; 1 a program lost a value or did not run; 2 wrong use; 3 no compiler.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

OUT=${BENCH_OUT:-build/bench}
ALL_PEERS=(go gort boehm glibc jemalloc mimalloc tcmalloc)
# row, clock, operations at N_SCALE=1, and the ratio to Go that we aim at; - is no aim.
TABLE='alloc16 cpu 20000000 0.40
alloc64 cpu 20000000 0.35
alloc64p cpu 20000000 0.30
alloc512 cpu 5000000 0.50
alloc32k cpu 100000 0.70
allocb64 cpu 20000000 -
alloc64x2 wall 20000000 0.30'
FLAGS=(-std=gnu11 -O2 -g -pthread -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Werror -Iruntime/include -iquote grader/bench)

# in_list WORD ITEM... - status 0 when WORD is one of the items.
in_list() {
    local -r word=$1
    local item
    shift
    for item; do
        if [[ $item = "$word" ]]; then return 0; fi
    done
    return 1
}

# include_flags - adds the folders of the runtime's rooms to FLAGS.
include_flags() {
    local folder
    for folder in runtime/*/; do
        case $folder in
        runtime/include/ | runtime/t/) ;;
        *) FLAGS+=(-iquote "${folder%/}") ;;
        esac
    done
}

# compile NAME ARG... - builds build/bench/NAME; status 1 when that fails, the reason in NAME.log.
compile() {
    local -r name=$1
    shift
    gcc "${FLAGS[@]}" "$@" -o "$OUT/$name" >"$OUT/$name.log" 2>&1
}

# build_own NAME ARG... - as compile, for what must not fail: ends with the compiler's words.
build_own() {
    if ! compile "$@"; then
        cat "$OUT/$1.log" >&2
        exit 1
    fi
}

# leave_out PEER WHY - notes that a peer is not part of this run.
leave_out() {
    printf '%s is left out: %s\n' "$1" "$2" >>"$TMP/notes"
}

# build_library PEER PACKAGE FLAG... - pairs.c with another library; leaves the peer out without it.
build_library() {
    local -r peer=$1 package=$2
    shift 2
    if compile "$peer" grader/bench/pairs.c grader/bench/row.c "$@"; then
        PEERS+=("$peer")
    else
        leave_out "$peer" "no program can be linked with it here (Debian's package: $package)."
    fi
}

# build_go - the program in Go, where there is a go command that can build it.
build_go() {
    if ! command -v go >/dev/null; then
        leave_out go "there is no go command (Debian's package: golang-go); without it, no ratios."
    elif ! go build -o "$OUT/go" grader/bench/main.go >"$OUT/go.log" 2>&1; then
        leave_out go "its compiler does not build grader/bench/main.go; see $OUT/go.log."
    else
        PEERS+=(go)
    fi
}

# build_peer PEER - builds one peer's program and adds it to PEERS, or leaves it out.
build_peer() {
    local -a objects
    case $1 in
    go) build_go ;;
    gort)
        make -s build/rel/runtime.list
        mapfile -t objects <build/rel/runtime.list
        build_own gort grader/bench/gort.c grader/bench/row.c "${objects[@]}"
        PEERS+=(gort)
        ;;
    glibc)
        build_own glibc grader/bench/pairs.c grader/bench/row.c
        PEERS+=(glibc)
        ;;
    boehm) build_library boehm libgc-dev -DROW_GC -lgc ;;
    tcmalloc) build_library tcmalloc libgoogle-perftools-dev -ltcmalloc_minimal ;;
    *) build_library "$1" "lib$1-dev" "-l$1" ;;
    esac
}

# run_one ROUND ROW CLOCK N PEER - measures once and adds a line to rounds.tsv.
run_one() {
    local -r round=$1 row=$2 clock=$3 n=$4 peer=$5
    local threads=1 status=0
    if [[ $clock = wall ]]; then threads=2; fi
    env -i GOMAXPROCS="$threads" GC_MARKERS="$threads" timeout 120 "$OUT/$peer" "$row" "$n" \
        >"$TMP/line" 2>"$TMP/err" </dev/null || status=$?
    if [[ $status -ne 0 ]]; then
        printf '%s: %s ended with status %d.\n' "$peer" "$row" "$status" >&2
        cat "$TMP/err" >&2
        exit 1
    fi
    awk -v round="$round" -v peer="$peer" -v OFS='\t' '{ print round, $1, peer, $2 }' "$TMP/line" >>"$OUT/rounds.tsv"
}

# measure - all rounds; in each, row by row, peer by peer. Reads TMP/rows.
measure() {
    local round row clock n peer
    : >"$OUT/rounds.tsv"
    for ((round = 1; round <= R; round++)); do
        while read -r row clock n _; do
            for peer in "${PEERS[@]}"; do run_one "$round" "$row" "$clock" "$n" "$peer"; done
        done <"$TMP/rows"
        if [[ -t 2 ]]; then printf 'round %d of %d\n' "$round" "$R" >&2; fi
    done
}

# rows - prints the rows that are wanted, the number of operations scaled.
rows() {
    awk -v wanted=" ${ROWS-} " -v scale="$N_SCALE" '
        wanted ~ /^ *$/ || index(wanted, " " $1 " ") {
            n = int($3 * scale)
            print $1, $2, n < 1 ? 1 : n, $4
        }' <<<"$TABLE"
}

# load - prints the system's load over the last minute, where the system says it.
load() {
    if [[ -r /proc/loadavg ]]; then cut -d' ' -f1 /proc/loadavg; else printf 'unknown\n'; fi
}

# machine - the lines above the table: when, where, with what.
machine() {
    local processor='an unknown processor'
    if [[ -r /proc/cpuinfo ]]; then
        processor=$(awk -F': ' '/^model name/ && !n++ { print $2 }' /proc/cpuinfo)
    fi
    printf 'date      %s\n' "$(date -u '+%Y-%m-%d %H:%M UTC')"
    printf 'machine   %s, %s processors, %s\n' "$processor" "$(getconf _NPROCESSORS_ONLN)" "$(uname -sr)"
    printf 'libc      %s\n' "$(getconf GNU_LIBC_VERSION 2>/dev/null || printf 'not the GNU one')"
    printf 'compiler  %s\n' "$(gcc --version | awk 'NR == 1')"
    if in_list go "${PEERS[@]}"; then printf 'go        %s\n' "$(go version)"; fi
    printf 'rounds    %s, N_SCALE %s; medians\n' "$R" "$N_SCALE"
}

# report - the table: medians in ns, and their ratios to Go where Go was measured.
report() {
    sort -t$'\t' -k2,2 -k3,3 -k4,4g "$OUT/rounds.tsv" >"$TMP/sorted"
    awk -v peers="${PEERS[*]}" -v sorted="$TMP/sorted" -f grader/bench/table.awk "$TMP/rows"
}

# check_words WHAT WORDS ITEM... - ends with status 2 when one of WORDS is not one of the items.
check_words() {
    local -r what=$1
    local -a words
    local word
    read -ra words <<<"$2" || true
    shift 2
    for word in "${words[@]}"; do
        if ! in_list "$word" "$@"; then
            printf 'bench-runtime.sh: %s names no %s; have: %s\n' "$word" "$what" "$*" >&2
            exit 2
        fi
    done
}

# settings - reads the variables of the head; sets R, N_SCALE and WANTED, the peers.
settings() {
    local -a names
    R=${R:-5}
    N_SCALE=${N_SCALE:-1}
    if [[ ! $R =~ ^[1-9][0-9]*$ || ! $N_SCALE =~ ^([0-9]+\.?[0-9]*|\.[0-9]+)$ ]]; then
        printf 'bench-runtime.sh: R is a count and N_SCALE a decimal number.\n' >&2
        exit 2
    fi
    mapfile -t names < <(awk '{ print $1 }' <<<"$TABLE")
    check_words row "${ROWS-}" "${names[@]}"
    check_words peer "${PEERS-}" "${ALL_PEERS[@]}"
    read -ra WANTED <<<"${PEERS-}" || true
    if [[ ${#WANTED[@]} -eq 0 ]]; then WANTED=("${ALL_PEERS[@]}"); fi
    unset PEERS
    PEERS=()
}

# main - see the head of this file.
main() {
    local peer before
    settings
    env -u KIT_PEERS KIT_NO_INSTALL=1 bash grader/need.sh bench 2>/dev/null || {
        printf 'bench-runtime.sh: gcc, make or awk is not here; see: make doctor\n' >&2
        exit 3
    }
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    mkdir -p -- "$OUT"
    rows >"$TMP/rows"
    : >"$TMP/notes"
    include_flags
    for peer in "${WANTED[@]}"; do build_peer "$peer"; done
    machine
    before=$(load)
    measure
    printf 'load      %s before, %s after\n\n' "$before" "$(load)"
    report
    if [[ -s $TMP/notes ]]; then
        printf '\n'
        cat "$TMP/notes"
    fi
}

main "$@"

#!/usr/bin/env bash
# escape.sh COMMAND - the escape analysis tool, and how it compares with Go's compiler.
#   run        analyses FILE with ARGS (make escape)
#   oracles    every verdict recorded in runtime/escape/t/oracles
#   go-tests   Go's own test/escape*.go; skipped where Go 1.19 or its source is not installed
#   random     at least N functions made by mkgo from SEED; skipped without Go 1.19
#   fuzz       N damaged sources from SEED, under ASan and UBSan
#   The last line of all but run: N passed, N failed, N skipped, in files (fuzz: in runs).
#   Status: 0 nothing failed; 1 something did, for run: the source is wrong; 2 wrong use.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

TOOL=build/rel/escape
HOME_OF=runtime/escape/t
PER_FILE=40

# build TARGET... - has make build them; what it says goes to standard error.
build() {
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -j2 "$@" >&2
}

# has_go - whether Go 1.19 is here; the words of other versions differ.
has_go() {
    command -v go >/dev/null && [[ $(go env GOVERSION 2>/dev/null) = go1.19* ]]
}

# verdicts FILE OUT - the compiler's verdicts, sorted, without what devirtualizing says.
verdicts() {
    timeout 60 go tool compile -m -l -o /dev/null "$1" 2>&1 |
        sed -nE 's/^[^:]*\.go:([0-9]+:[0-9]+: .*)$/\1/p' | { grep -v devirtualiz || true; } | sort -u >"$2"
}

# ours FILE OUT - the tool's verdicts, sorted; TMP/said gets what it says besides.
ours() {
    local status=0
    timeout 20 "$TOOL" "$1" >"$TMP/raw" 2>"$TMP/said" || status=$?
    sort -u "$TMP/raw" >"$2"
    return "$status"
}

# in_subset FILE - drops from FILE the lines of what the tool said it left out.
in_subset() {
    sed -nE 's/.* lines ([0-9]+) to ([0-9]+):.*/\1 \2/p' "$TMP/said" >"$TMP/out"
    awk -F: -v out="$TMP/out" '
        BEGIN { while ((getline line < out) > 0) { split(line, f, " "); n++; lo[n] = f[1]; hi[n] = f[2] } }
        { for (i = 1; i <= n; i++) if ($1 + 0 >= lo[i] + 0 && $1 + 0 <= hi[i] + 0) next; print }' \
        "$1" >"$TMP/kept"
    mv -- "$TMP/kept" "$1"
}

# compare NAME WANT GOT - books a file, and counts its lines.
compare() {
    LINES_ALL=$((LINES_ALL + $(wc -l <"$2")))
    LINES_SAME=$((LINES_SAME + $(comm -12 "$2" "$3" | wc -l)))
    if cmp -s "$2" "$3"; then
        passed
    else
        failed "$1: $(comm -23 "$2" "$3" | wc -l) missing, $(comm -13 "$2" "$3" | wc -l) too many"
        diff "$2" "$3" | grep '^[<>]' | head -n "${V:-4}" || true
    fi
}

# oracles - see the head of this file.
oracles() {
    local file
    build "$TOOL"
    for file in "$HOME_OF"/oracles/*.go; do
        ours "$file" "$TMP/got" || true
        sort -u "${file%.go}.m" >"$TMP/want"
        compare "$file" "$TMP/want" "$TMP/got"
    done
    printf '%d of %d lines are equal\n' "$LINES_SAME" "$LINES_ALL"
}

# go_tests - see the head of this file.
go_tests() {
    local file all=0
    local -a tests=(/usr/{share,lib}/go-1.19/test/escape*.go)
    if ! has_go || [[ ${#tests[@]} -eq 0 ]]; then
        skipped 'Go 1.19 or golang-1.19-src is not installed.'
        PASSED=1
        return
    fi
    build "$TOOL"
    for file in "${tests[@]}"; do
        if [[ $file != "${tests[0]%/*}"/* || $file = */escape2n.go ]]; then continue; fi
        verdicts "$file" "$TMP/want"
        all=$((all + $(wc -l <"$TMP/want")))
        ours "$file" "$TMP/got" || true
        in_subset "$TMP/want"
        in_subset "$TMP/got"
        compare "$file" "$TMP/want" "$TMP/got"
    done
    printf '%d of %d lines in the subset are equal; %d lines in all\n' "$LINES_SAME" "$LINES_ALL" "$all"
}

# random_functions - see the head of this file.
random_functions() {
    local -r first=${SEED:-1}
    local i n=$(((${N:-500} + PER_FILE - 1) / PER_FILE))
    if ! has_go; then
        skipped 'Go 1.19 is not installed: there is nothing to compare with.'
        PASSED=1
        return
    fi
    build "$TOOL" build/kit/mkgo
    for ((i = first; i < first + n; i++)); do
        build/kit/mkgo "$i" "$PER_FILE" >"$TMP/x.go"
        verdicts "$TMP/x.go" "$TMP/want"
        ours "$TMP/x.go" "$TMP/got" || true
        compare "mkgo $i $PER_FILE" "$TMP/want" "$TMP/got"
        if [[ -s $TMP/said ]]; then failed "mkgo $i $PER_FILE: $(head -n 1 "$TMP/said")"; fi
    done
    printf '%d functions: %d of %d lines are equal\n' $((n * PER_FILE)) "$LINES_SAME" "$LINES_ALL"
}

# fuzz - see the head of this file.
fuzz() {
    local -r runs=${N:-2000} root=$PWD
    local -a sources=("$root/$HOME_OF"/oracles/*.go)
    build build/asan/escape-fuzz
    mkdir -p build/fuzz
    if (cd build/fuzz && "$root/build/asan/escape-fuzz" "${SEED:-1}" "$runs" "${sources[@]}" \
        2>"$TMP/said"); then
        PASSED=$runs
        printf '%d damaged sources, none ended the tool\n' "$runs"
    else
        failed "a damaged source ended the tool; it is build/fuzz/fuzz-last.go"
        grep -aE 'ERROR|runtime error|#[0-9]+ ' "$TMP/said" | head -n 20 || true
    fi
}

# run - see the head of this file.
run() {
    local -a args
    if [[ -z ${FILE-} ]]; then
        printf 'usage: make escape FILE=x.go [ARGS=--explain|--dot|--html]\n' >&2
        exit 2
    fi
    build "$TOOL" || exit 2
    read -r -a args <<<"${ARGS-}"
    exec "$TOOL" "${args[@]}" "$FILE"
}

# main COMMAND - see the head of this file.
main() {
    LINES_ALL=0 LINES_SAME=0
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    case ${1-} in
    run) run ;;
    oracles) oracles ;;
    go-tests) go_tests ;;
    random) random_functions ;;
    fuzz) fuzz ;;
    *)
        printf 'usage: escape.sh run|oracles|go-tests|random|fuzz\n' >&2
        exit 2
        ;;
    esac
    tally_end
}

main "$@"

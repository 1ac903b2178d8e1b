#!/usr/bin/env bash
# fuzz.sh - feeds the parsers of untrusted bytes with damaged ones.
#   [TIME=600] [ONLY=verdict|memcheck|report|checks|conf|compiler|result|object|text|list|archive] bash grader/fuzz.sh
#   TIME seconds for each. In C, libFuzzer looks for crashes and broken promises (grader/fuzz/*.c).
#   In the shell, real files with random changes go through grader/fuzz/parsers.sh; a parser
#   may refuse them, but must not stumble: no complaint of the shell's, no command run.
#   What made it fail is kept in build/fuzz. Last line: N passed, N failed, N skipped.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/tally.sh
. grader/lib/tally.sh

PARSERS=(memcheck report checks conf compiler result object text list archive)
STUMBLES='line [0-9]+: |syntax error|unbound variable|bad substitution|command not found|arithmetic'

# fuzz_verdict - builds the target with libFuzzer and runs it.
fuzz_verdict() {
    local -a flags=(-std=gnu11 -g -O1 '-fsanitize=fuzzer,address,undefined' -fno-sanitize-recover=undefined
        -D_GNU_SOURCE -DGT_KIT -Iruntime/include -Igrader/include -iquote grader/src)
    local floor
    for floor in runtime/*/; do flags+=(-iquote "$floor"); done
    if ! clang "${flags[@]}" -o "$FOLDER/verdict" grader/fuzz/verdict.c grader/src/verdict.c -lcriterion \
        >"$FOLDER/verdict.log" 2>&1; then
        failed "verdict does not build: $(grep -m 1 error "$FOLDER/verdict.log")"
        return
    fi
    mkdir -p "$FOLDER/verdict.corpus"
    if "$FOLDER/verdict" -max_len=4096 -max_total_time="$TIME" -artifact_prefix="$FOLDER/verdict-" \
        "$FOLDER/verdict.corpus" >"$FOLDER/verdict.log" 2>&1; then
        printf 'verdict   %s\n' "$(tail -n 1 "$FOLDER/verdict.log")"
        passed
    else
        failed "verdict: $(grep -m 1 -E 'ERROR|Assertion' "$FOLDER/verdict.log")"
    fi
}

# seeds - grades one wrong room, so that every file a parser reads is there, in FOLDER/seeds.
seeds() {
    local -r out=$FOLDER/seeds
    local mutant
    for mutant in modules/36-stack-heap/mutants/frames-*.c; do
        if grep -q '^/\* mutant: 36.1.memcheck' "$mutant"; then break; fi
    done
    if ! bash grader/exercise.sh 36-stack-heap 1 "$mutant" "$out" >"$FOLDER/seeds.log" 2>&1; then
        printf 'The harness does not work at all: %s\n' "$FOLDER/seeds.log" >&2
        exit 3
    fi
    cp modules/36-stack-heap/{checks.tsv,module.conf} "$out"
    cp "$mutant" "$out/frames.c"
    (cd -- "$out" && zip -q rooms.zip frames.c module.conf && tar -cf rooms.tar frames.c module.conf)
    tar --numeric-owner --quoting-style=escape -tvf "$out/rooms.tar" >"$out/list"
    printf 'frames.c:12:3: error: expected %s before %s\nframes.c:14:1: fatal error: x\n' "';'" "'}'" \
        >"$out/compile.log"
    jq '.exercises = [{exercise, room, source, seed, points, max}]' "$out/result.json" >"$out/r"
    mv "$out/r" "$out/result.json"
}

# damaged WHAT - prints which file of a parser is to be changed.
damaged() {
    case $1 in
    memcheck) printf 'memcheck.xml\n' ;;
    checks) printf 'checks.tsv\n' ;;
    conf) printf 'module.conf\n' ;;
    compiler) printf 'compile.log\n' ;;
    result) printf 'result.json\n' ;;
    object) printf 'room.o\n' ;;
    text) printf 'frames.c\n' ;;
    list) printf 'list\n' ;;
    archive) printf 'rooms.zip\n' ;;
    *) printf '%s\n' "$1" ;;
    esac
}

# one_run WHAT FILE SEED - changes one file, runs the parser; status 1 when it stumbled.
one_run() {
    local -r what=$1 file=$2 here=$FOLDER/$1
    local status=0
    rm -rf -- "${here:?}"
    cp -r -- "$FOLDER/seeds" "$here"
    : >"$here/verdicts"
    awk -v seed="$3" -f grader/fuzz/mutate.awk "$FOLDER/seeds/$file" >"$here/$file.new"
    mv -- "$here/$file.new" "$here/$file"
    timeout -k 1 20 bash grader/fuzz/parsers.sh "$what" "$here" >"$here/said" 2>"$here/errors" \
        </dev/null || status=$?
    if ((status > 5)) || [[ -e canary || -e $here/canary ]]; then return 1; fi
    ! grep -aEq "$STUMBLES" "$here/errors"
}

# fuzz_parser WHAT - runs one parser until the time is over.
fuzz_parser() {
    local -r what=$1 end=$((SECONDS + TIME))
    local file runs=0 bad=0
    file=$(damaged "$what")
    while ((SECONDS < end)); do
        runs=$((runs + 1))
        if ! one_run "$what" "$file" $((runs * 7919 + SALT)); then
            bad=$((bad + 1))
            rm -f canary
            rm -rf "$FOLDER/bad-$what-$bad"
            cp -r "$FOLDER/$what" "$FOLDER/bad-$what-$bad"
            if ((bad == 3)); then break; fi
        fi
    done
    printf '%-9s %d runs\n' "$what" "$runs"
    if ((bad == 0)); then passed; else failed "$what stumbled; see $FOLDER/bad-$what-*"; fi
}

main() {
    local what
    TIME=${TIME:-600} SALT=${SALT:-$(date +%s)} FOLDER=$PWD/build/fuzz
    rm -rf -- "${FOLDER:?}"
    mkdir -p "$FOLDER"
    if ! make -s build/kit/36-stack-heap/kit >/dev/null; then exit 3; fi
    if [[ -z ${ONLY:-} || $ONLY = verdict ]]; then fuzz_verdict; fi
    seeds
    for what in "${PARSERS[@]}"; do
        if [[ -z ${ONLY:-} || $ONLY = "$what" ]]; then fuzz_parser "$what"; fi
    done
    tally_end
}

main "$@"

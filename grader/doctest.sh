#!/usr/bin/env bash
# doctest.sh - the code of the lessons is run, and the lessons are compared.
#
#   doctest.sh PAGE.md...                 runs the blocks of these pages, looks at their links
#   doctest.sh --structure FROM TO...     compares the pages of the folder FROM with those of each TO
#   doctest.sh                            all of docs/: the blocks once, in English; the sessions and
#                                         the links in every language; and the structure
#
#   Fence words after the language c:
#     (none)              declarations or statements: they compile after grader/lib/prelude.h
#     run [exit=N]        a program: compiles, ends with status 0 or N, prints the text output block
#                         behind it, if there is one; what it wrote to standard error comes last
#     fail="REGEX"        must not compile, and the compiler says REGEX
#     trap="REGEX"        compiles; AddressSanitizer or UBSan says REGEX when it runs
#     from=FILE[#TAG]     is FILE, or its lines from doc:TAG to doc:end; also beside run
#     skip="WHY"          is not compiled; counted
#   After text: `output [masked]`. After sh: `session`, commands behind "$ " and what they print;
#   numbers are not compared there nor in a masked output, and a line `...` stands for any lines.
#   Compiler: CC (gcc). Programs that include gort.h or a room get the runtime's objects.
#   Status: 0 all hold; 1 some do not, or there was nothing to run; 2 wrong use, or a broken kit.
set -euo pipefail
shopt -s inherit_errexit nullglob globstar
export LC_ALL=C
umask 077

PASSED=0 FAILED=0 SKIPPED=0

# stop WORDS - ends with status 2.
stop() {
    printf 'doctest.sh: %s\n' "$1" >&2
    exit 2
}

# encoding - refuses text that was decoded wrongly once: not UTF-8, U+FFFD, letters taken for two.
encoding() {
    local line rest
    local -r twice=$'\xc3[\x82\x83](\xc2[\x80-\xbf]|\xc6\x92|\xe2\x80[\xa1\xb0\xa2\x9a\x9c]|\xe2\x82\xac)'
    local -r quote=$'\xc3\xa2(\xe2\x82\xac|\xc2[\x80-\x9f])' root=$'\xe2\x88\x9a[\xc2-\xf0]'
    local -r bad="$twice|$quote|$root|"$'\xef\xbf\xbd'
    if ! iconv -f UTF-8 -t UTF-8 "$PAGE" >/dev/null 2>"$WORK/said"; then
        failed 1 'this page is not UTF-8' "$WORK/said"
        return
    fi
    grep -anE -- "$bad" "$PAGE" >"$WORK/bad" || true
    while IFS=: read -r line rest; do
        failed "$line" "this text was decoded wrongly once: ${rest:0:60}"
    done <"$WORK/bad"
}

# has_anchor FILE NAME - status 0 when the page has an anchor or a heading of that name.
has_anchor() {
    awk -v want=anchors -f grader/lib/links.awk "$1" | cut -f2 >"$WORK/anchors"
    grep -Fxq -- "$2" "$WORK/anchors"
}

# links - every relative link of the page leads to a file that is there, and to an anchor in it.
links() {
    local line target file
    awk -v want=anchors -f grader/lib/links.awk "$PAGE" | cut -f2 | sort | uniq -d >"$WORK/twice"
    while IFS= read -r target; do
        failed 1 "the anchor $target is there twice"
    done <"$WORK/twice"
    awk -v want=links -f grader/lib/links.awk "$PAGE" >"$WORK/links"
    while IFS=$'\t' read -r line target; do
        if [[ $target =~ ^[a-z][a-z0-9+.-]*: ]]; then continue; fi
        file=${target%%#*}
        if [[ -z $file ]]; then file=$PAGE; else file=$(dirname -- "$PAGE")/$file; fi
        if [[ $target = /* || -z $target ]]; then
            failed "$line" "this link is not relative: $target"
        elif [[ ! -e $file ]]; then
            failed "$line" "this link leads nowhere: $target"
        elif [[ $target = *'#'* && $file = *.md ]] && ! has_anchor "$file" "${target#*#}"; then
            failed "$line" "this link names an anchor that is not there: $target"
        fi
    done <"$WORK/links"
}

# one PAGE FOLDER ONLY - judges one page; its counts are in FOLDER/tally.
one() {
    PAGE=$1 FOLDER=$2
    local block
    local -r only=$3
    WORK=$FOLDER/work
    INCLUDE=(-Iruntime/include)
    for block in runtime/*/; do INCLUDE+=(-iquote "${block%/}"); done
    mkdir -p -- "$WORK"
    encoding
    links
    if [[ -f $FOLDER/fences ]]; then
        FAILED=$((FAILED + $(wc -l <"$FOLDER/fences")))
        cat -- "$FOLDER/fences"
    fi
    for block in "$FOLDER"/[0-9]*.info; do
        block=${block##*/}
        judge "${block%.info}" "$only"
    done
    printf '%d %d %d\n' "$PASSED" "$FAILED" "$SKIPPED" >"$FOLDER/tally"
}

# runtime_build - writes the list of the runtime's objects, built once, when a block uses them.
runtime_build() {
    local object
    local -a bodies=("$TMP"/[0-9]*/*.body)
    : >"$TMP/objects"
    if [[ ${#bodies[@]} -eq 0 ]]; then return; fi
    cat -- "${bodies[@]}" >"$TMP/bodies"
    if ! wants_runtime "$TMP/bodies"; then return; fi
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s build/rel/runtime.list >"$TMP/make" 2>&1 </dev/null || {
        cat -- "$TMP/make" >&2
        stop 'the runtime does not build'
    }
    while IFS= read -r object; do
        printf '%s\n' "$object" >>"$TMP/objects"
    done <build/rel/runtime.list
}

# jobs_run - runs the jobs of TMP/jobs, side by side when GNU parallel is there; prints in their order.
jobs_run() {
    local folder page only p f s
    if parallel --version </dev/null 2>/dev/null | head -n 1 | grep GNU >/dev/null; then
        parallel --will-cite -j "$(nproc)" --colsep '\t' -a "$TMP/jobs" \
            "bash grader/doctest.sh --one {2} {1} {3} >{1}/log 2>&1" </dev/null || true  # the tallies tell
    else
        while IFS=$'\t' read -r folder page only; do
            bash grader/doctest.sh --one "$page" "$folder" "$only" >"$folder/log" 2>&1 </dev/null || true
        done <"$TMP/jobs"
    fi
    while IFS=$'\t' read -r folder page only; do
        cat -- "$folder/log"
        if [[ ! -f $folder/tally ]]; then stop "$page could not be judged"; fi
        read -r p f s <"$folder/tally"
        PASSED=$((PASSED + p)) FAILED=$((FAILED + f)) SKIPPED=$((SKIPPED + s))
    done <"$TMP/jobs"
}

# job_add PAGE ONLY - splits the page into blocks and adds it to TMP/jobs.
job_add() {
    local folder
    JOBS=$((JOBS + 1))
    printf -v folder '%s/%04d' "$TMP" "$JOBS"
    mkdir -- "$folder"
    if awk -v out="$folder" -f grader/lib/fences.awk "$1" >"$folder/fences"; then
        rm -- "$folder/fences"
    fi
    printf '%s\t%s\t%s\n' "$folder" "$1" "$2" >>"$TMP/jobs"
}

# compare FROM TO - one page and its translation: the first difference, with both lines.
compare() {
    awk -f grader/lib/skeleton.awk "$1" >"$TMP/from"
    awk -f grader/lib/skeleton.awk "$2" >"$TMP/to"
    if awk -F'\t' -v a="$1" -v b="$2" '
        function show(page, line, what) { printf "    %s:%s: %s\n", page, line, what }
        { what = $0; sub(/^[0-9]+\t/, "", what) }
        FILENAME == ARGV[1] { line[++n] = $1; part[n] = what; next }
        part[++m] != what || m > n {
            printf "%s:%s: its structure first differs here\n", b, $1
            if (m > n) show(a, "end", "nothing more"); else show(a, line[m], part[m])
            show(b, $1, what)
            differs = 1
            exit 1
        }
        END {
            if (differs || m == n) exit differs
            printf "%s: its structure first differs at the end\n", b
            show(a, line[m + 1], part[m + 1])
            show(b, "end", "nothing more")
            exit 1
        }' "$TMP/from" "$TMP/to"; then
        PASSED=$((PASSED + 1))
    else
        FAILED=$((FAILED + 1))
    fi
}

# structure FROM TO NEED - compares two folders of pages; with NEED `all`, no page may be missing.
structure() {
    local page
    if [[ ! -d $1 || ! -d $2 ]]; then stop "there are no two folders $1 and $2"; fi
    for page in "$1"/**/*.md; do
        page=${page#"$1"/}
        if [[ -f $2/$page ]]; then
            compare "$1/$page" "$2/$page"
        elif [[ $3 = all ]]; then
            printf '%s/%s: this page is not there; %s/%s is\n' "$2" "$page" "$1" "$page"
            FAILED=$((FAILED + 1))
        fi
    done
    for page in "$2"/**/*.md; do
        page=${page#"$2"/}
        if [[ ! -f $1/$page ]]; then
            printf '%s/%s: this page is not there; %s/%s is\n' "$1" "$page" "$2" "$page"
            FAILED=$((FAILED + 1))
        fi
    done
}

# all_pages - adds the pages of docs/ and the README; other languages than English by their sessions.
all_pages() {
    local page only
    for page in README.md docs/**/*.md; do
        only=
        case $page in
        docs/pt-BR/* | docs/es/* | docs/ko/*) only="sh" ;;
        esac
        if [[ -f $page ]]; then job_add "$page" "$only"; fi
    done
}

# all_structures - compares English with the other languages; es and ko may have fewer pages.
all_structures() {
    local language need=all
    for language in pt-BR es ko; do
        if [[ -d docs/en && -d docs/$language ]]; then structure docs/en "docs/$language" "$need"; fi
        need=some
    done
}

# report - prints the last line, and ends with the status that it means.
report() {
    if ((PASSED + FAILED + SKIPPED == 0)); then
        printf 'There was nothing to run, and that is a failure.\n'
    fi
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    if ((FAILED > 0 || PASSED + SKIPPED == 0)); then exit 1; fi
}

# pages PAGE... - runs the blocks of the pages.
pages() {
    local page
    for page; do
        if [[ ! -f $page ]]; then stop "there is no page $page"; fi
        job_add "$page" ''
    done
}

# main ARG... - see the head of this file.
main() {
    if [[ ! -f grader/doctest.sh ]]; then stop 'run it from the root of the project'; fi
    # shellcheck source=grader/lib/doctest.sh
    . grader/lib/doctest.sh
    if [[ ${1-} = --one ]]; then
        TMP=${3%/*} OBJECTS=${3%/*}/objects LOCK=${3%/*}/lock
        one "$2" "$3" "${4-}"
        exit 0
    fi
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    JOBS=0
    : >"$TMP/jobs"
    case ${1-} in
    --structure)
        if [[ $# -lt 3 ]]; then stop 'usage: doctest.sh --structure FROM TO...'; fi
        local from=${2%/} to
        for to in "${@:3}"; do structure "$from" "${to%/}" all; done
        ;;
    -*) stop "$1 is no option; usage: doctest.sh PAGE.md... | --structure FROM TO..." ;;
    '')
        all_pages
        all_structures
        ;;
    *) pages "$@" ;;
    esac
    if [[ $JOBS -gt 0 ]]; then
        runtime_build
        jobs_run
    fi
    report
}

main "$@"

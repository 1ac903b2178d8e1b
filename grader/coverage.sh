#!/usr/bin/env bash
# coverage.sh - what the suites reach, as HTML and as figures.
#   bash grader/coverage.sh
#   Two figures, each with its pages: how much of the students' rooms the modules' suites
#   run (build/coverage/rooms/), and how much of the whole runtime they and the unit tests
#   run together (build/coverage/runtime/).
#   Status: 0 measured; 3 the machine lacks something.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh

# run_suites SLUG - runs every suite of a module on the covered rooms; prints the rooms' files.
run_suites() {
    local -r slug=$1
    local exercise room floor stem
    make -s -j2 "build/kit/$slug/kit" >&2
    while read -r exercise room floor; do
        stem=$(module_stem "$exercise" "$room")
        KIT_FLAVOUR=cov bash grader/link.sh subject "$slug" "$stem" \
            "build/cov/runtime/$floor/$room.o" "build/coverage/$stem" >&2
        "build/coverage/$stem" --all 1 >/dev/null
        printf 'runtime/%s/%s.c\n' "$floor" "$room"
    done < <(module_rooms "$slug")
}

# report NAME FILTER... - writes the pages and prints the two figures, lines and branches.
report() {
    local -r name=$1
    local -a filters=()
    local file
    shift
    for file; do filters+=(--filter "$file"); done
    mkdir -p "build/coverage/$name"
    gcovr --root . "${filters[@]}" --html-details "build/coverage/$name/index.html" \
        --json-summary "build/coverage/$name.json" build/cov >/dev/null 2>build/coverage/gcovr.log
    jq -r --arg name "$name" '"\($name): \(.line_percent) % of \(.line_total) lines, " +
        "\(.branch_percent) % of \(.branch_total) branches"' "build/coverage/$name.json"
}

main() {
    local slug
    local -a rooms=()
    bash grader/need.sh coverage || exit 3
    rm -rf build/coverage
    mkdir -p build/coverage
    make -s -j2 build/cov/runtime.list build/cov/unit >build/coverage/make.log
    find build/cov -name '*.gcda' -delete
    for slug in $(module_list); do
        run_suites "$slug" >"build/coverage/$slug.rooms"
        mapfile -t -O "${#rooms[@]}" rooms <"build/coverage/$slug.rooms"
    done
    report rooms "${rooms[@]}"
    build/cov/unit --quiet --jobs 2 >build/coverage/unit.log 2>&1 || true
    report runtime 'runtime/(?!t/)'
    printf 'pages: build/coverage/rooms/index.html and build/coverage/runtime/index.html\n'
}

main "$@"

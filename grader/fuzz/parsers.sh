#!/usr/bin/env bash
# parsers.sh WHAT FOLDER - gives one parser of the harness the files in FOLDER, and prints what it says.
#   WHAT is memcheck, report, checks, conf, compiler, result, object, text, list or archive. The files have the
#   names that exercise.sh gives them. Status: the parser's own.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C.UTF-8

# What exercise.sh sets before it sources its libraries.
FOLDER=$2
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
export SLUG=36-stack-heap EXERCISE=1 ROOM=frames FLOOR=lib STEM=ex1_frames ONLY='' SEED=1 OUT=$FOLDER
export MODULE=$FOLDER KIT=build/kit/36-stack-heap SOURCE=frames.c TIER=none SCALE=100
export KINDS='test budget live memcheck cost public' EX=1 V=1 BEGAN=0 KIT_LANG=en WORK=$FOLDER
ASKED=(1)

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/instruments.sh
. grader/lib/instruments.sh
# shellcheck source=grader/lib/verdicts.sh
. grader/lib/verdicts.sh
# shellcheck source=grader/lib/sandbox.sh
. grader/lib/sandbox.sh
# shellcheck source=grader/lib/intake.sh
. grader/lib/intake.sh
# shellcheck source=grader/lib/archive.sh
. grader/lib/archive.sh
# shellcheck source=grader/lib/policy.sh
. grader/lib/policy.sh
# shellcheck source=grader/lib/ui.sh
. grader/lib/ui.sh
# shellcheck source=grader/lib/text.sh
. grader/lib/text.sh
# shellcheck source=grader/lib/screen.sh
. grader/lib/screen.sh

# parse_memcheck - the XML of a run under memcheck.
parse_memcheck() {
    memcheck_errors
    if memcheck_clean; then printf 'clean\n'; fi
}

# parse_report - the judge's report, and the document that is made of it.
parse_report() {
    checks_load
    verdict_tests
    local id
    for id in "${CHECKS[@]}"; do
        case ${CHECK_KIND[$id]} in
        test | budget | live) "decide_${CHECK_KIND[$id]}" "$id" ;;
        esac
    done
    wc -l <"$OUT/verdicts"
}

# parse_checks - a module's manifest.
parse_checks() {
    checks_load
    printf '%s\n' "${CHECKS[@]}"
}

# parse_conf - a module's settings.
parse_conf() {
    conf_get "$MODULE/module.conf" wall
    conf_get "$MODULE/module.conf" syscalls
}

# parse_compiler - what the compiler said.
parse_compiler() {
    # shellcheck disable=SC1090
    . <(sed -n '/^first_error()/,/^}/p' grader/exercise.sh)
    first_error "$FOLDER/compile.log"
}

# parse_result - a result document, as the screen shows it.
parse_result() {
    ui_init
    text_load grader/text/en.txt modules/36-stack-heap/text/en.txt
    screen_summary "$FOLDER/result.json" >"$FOLDER/row"
    screen_row "$FOLDER/row"
    screen_problems
    : "${ASKED[*]}"
}

# parse_object - an object file, as the policy sees it.
parse_object() {
    local finding
    if finding=$(policy "$FOLDER/room.o" frames modules/36-stack-heap "$FOLDER"); then
        printf 'accepted\n'
    else
        policy_facts "$finding"
    fi
}

# parse_list - what tar said of an archive's members.
parse_list() {
    mkdir -p "$FOLDER/in"
    archive_members tar <"$FOLDER/list" >"$FOLDER/in/members" || return 1
    if archive_choose "$FOLDER/in" frames; then archive_ignored "$FOLDER/in" x; fi
}

# parse_archive - an archive, as it is handed in.
parse_archive() {
    local finding
    if ! finding=$(intake "$FOLDER/rooms.zip" "$FOLDER" frames); then policy_facts "$finding"; fi
}

# parse_text - a source as it is handed in.
parse_text() {
    local finding
    if ! finding=$(intake "$FOLDER/frames.c" "$FOLDER" frames); then policy_facts "$finding"; fi
}

# main WHAT FOLDER
main() {
    "parse_$1"
}

main "$@"

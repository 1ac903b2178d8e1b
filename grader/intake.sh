#!/usr/bin/env bash
# intake.sh ARCHIVE OUT SLUG - takes a module's rooms out of an archive that was handed in.
#   Leaves OUT/ROOM.c for each room that is in it. Says on standard output, a fact a line,
#   tab-separated: `taken ROOM`, `refused ROOM REASON CODE SENTENCE`, `ignored NAME`.
#   The language of the sentences is that of KIT_LANG; SANDBOX chooses the wall.
#   Status: 0 at least one room was taken; 1 none was; 2 wrong use; 3 a fault of the kit.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C.UTF-8
umask 077

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/text.sh
. grader/lib/text.sh
# shellcheck source=grader/lib/sandbox.sh
. grader/lib/sandbox.sh
# shellcheck source=grader/lib/intake.sh
. grader/lib/intake.sh
# shellcheck source=grader/lib/archive.sh
. grader/lib/archive.sh
# shellcheck source=grader/lib/policy.sh
. grader/lib/policy.sh

# refused ROOM REASON - says that a room was not taken, and why.
refused() {
    text "reject.$2"
    printf 'refused\t%s\t%s\t%s\t%s\n' "$1" "$2" "${REJECT_CODE[$2]}" "$REPLY"
}

# take ROOM - takes one room out of the archive that archive_open listed.
take() {
    local -r room=$1
    local name reason=archive
    if ! name=$(archive_choose "$HERE" "$room"); then
        refused "$room" "$name"
        return
    fi
    MEMBERS+=("$name")
    if archive_take "$HERE" "$name" "$HERE/$room.c"; then reason=$(intake_text "$HERE/$room.c"); fi
    if [[ -n $reason ]]; then
        refused "$room" "$reason"
        return
    fi
    install -m 444 -- "$HERE/$room.c" "$OUT/$room.c"
    TAKEN=$((TAKEN + 1))
    printf 'taken\t%s\n' "$room"
}

main() {
    if [[ $# -ne 3 ]]; then
        printf 'usage: intake.sh ARCHIVE OUT SLUG\n' >&2
        exit 2
    fi
    local -r archive=$1 slug=$3
    local reason exercise room
    OUT=$2 TAKEN=0 MEMBERS=()
    text_load grader/text/en.txt "grader/text/${KIT_LANG:-en}.txt"
    mkdir -p -- "$OUT"
    sandbox_choose || exit 3
    HERE=$(mktemp -d)
    trap 'rm -rf -- "${HERE:?}"' EXIT
    reason=$(archive_open "$archive" "$HERE")
    while read -r exercise room _; do
        if [[ -n $reason ]]; then refused "$room" "$reason"; else take "$room" </dev/null; fi
    done < <(module_rooms "$slug")
    : "$exercise"
    if [[ -z $reason ]]; then
        archive_ignored "$HERE" "${MEMBERS[@]}"
        sed 's/^/ignored\t/' "$HERE/ignored"
    fi
    if ((TAKEN == 0)); then exit 1; fi
}

main "$@"

#!/usr/bin/env bash
# lint.sh [RULE...] - looks whether the rules of this house are kept; without RULE, all of them.
#   Findings, one a line: `file:line: sentence`. The rules, each a function rule_NAME:
#     shell headers heads sizes functions throws todo effects layout no_python floors   (lib/lint-code.sh)
#     catalogues texts checks reads seams skeletons mention missing          (lib/lint-kit.sh)
#   KIT_ROOT=DIR looks at another tree. KIT_PARTIAL=1 says what is missing and lets it pass,
#   for a tree that is still being written.
#   Last line: N passed, N failed, N skipped, counted in rules.
#   Status: 0 nothing found; 1 something found; 2 wrong use.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
RULES=(shell headers heads sizes functions throws todo effects layout no_python floors
    catalogues texts checks reads seams skeletons mention missing)
LANGUAGES=(en pt-BR es ko)
export KIT_ROOT=${KIT_ROOT:-$HERE/..}
cd -- "$KIT_ROOT"

# shellcheck source=grader/lib/tally.sh
. "$HERE/lib/tally.sh"
# shellcheck source=grader/lib/lint-code.sh
. "$HERE/lib/lint-code.sh"
# shellcheck source=grader/lib/lint-kit.sh
. "$HERE/lib/lint-kit.sh"

# found FILE LINE SENTENCE - records a finding.
found() {
    printf '%s:%s: %s\n' "$1" "$2" "$3" >>"$TMP/found"
}

# absent FILE SENTENCE - records that something is not there (yet).
absent() {
    if [[ ${KIT_PARTIAL-} = 1 ]]; then
        printf '%s:1: %s\n' "$1" "$2" >>"$TMP/notes"
    else
        found "$1" 1 "$2"
    fi
}

# run_rule RULE - runs one rule, prints its findings and books it.
run_rule() {
    local count
    : >"$TMP/found"
    "rule_$1"
    sort -u -t: -k1,1 -k2,2n -k3 "$TMP/found" >"$TMP/sorted"
    if [[ -s $TMP/sorted ]]; then
        cat "$TMP/sorted"
        count=$(wc -l <"$TMP/sorted")
        failed "rule $1, $count finding(s)"
    else
        passed
    fi
}

# main [RULE...] - see the head of this file.
main() {
    local rule
    local -a rules=("$@")
    if [[ $# -eq 0 ]]; then rules=("${RULES[@]}"); fi
    for rule in "${rules[@]}"; do
        if ! declare -F "rule_$rule" >/dev/null; then
            printf 'lint.sh: %s names no rule; have: %s\n' "$rule" "${RULES[*]}" >&2
            exit 2
        fi
    done
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    : >"$TMP/notes"
    for rule in "${rules[@]}"; do run_rule "$rule"; done
    if [[ -s $TMP/notes ]]; then
        printf 'Not there yet:\n'
        sort -u "$TMP/notes"
    fi
    tally_end
}

main "$@"

#!/usr/bin/env bash
# rows.sh - turns the oracles of this folder into the headers that the hidden tests include.
#   usage: rows.sh          writes ../hidden/{growslice,tiny,sizeclass}_rows.h
#          rows.sh --check  writes nothing; status 1 when a header is not what it would write
#   A column that a test expects stands under #ifndef GT_SUBJECT: a program that holds a
#   student's code does not hold the answers.
#   status: 0 done; 1 a header differs; 2 wrong use
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 022

# wrap - joins the fields on standard input, one per line, into indented lines of C.
wrap() {
    awk '{ item = $0 ","
           if (length(line) + length(item) > 82) { print "    " line; line = "" }
           line = line (line == "" ? "" : " ") item }
         END { if (line != "") print "    " line }'
}

# head_of NAME - prints the first lines of NAME_rows.h.
head_of() {
    local -r name=$1
    printf '/* %s_rows.h - written by oracles/rows.sh from %s.tsv: change that, not this. */\n' \
        "$name" "$name"
    printf '#ifndef TEST_%s_ROWS_H\n#define TEST_%s_ROWS_H\n\n' "${name^^}" "${name^^}"
    printf '#include <stdint.h>\n\n'
}

# count WORD FILE - prints how many rows of FILE begin with WORD.
count() {
    awk -F '\t' -v word="$1" '$1 == word { n++ } END { print n + 0 }' "$2"
}

# seq_rows FILE - prints the types and the capacities of appending one by one.
seq_rows() {
    local -r file=$1
    printf '/* The element types, in the order of seq_cap. */\n'
    printf 'static const uint32_t every_word[128] = {\n'
    awk 'BEGIN { for (i = 0; i < 128; i++) print i * 8 }' | wrap
    printf '};\nstatic const struct rtype seq_type[SEQ_ROWS] = {\n'
    awk -F '\t' '$1 == "seq" && $3 == "false" { printf "{\"[%d]byte\", %d, 0, NULL}\n", $2, $2 }
        $1 == "seq" && $3 == "true" { n = $2 / 8
            printf "{\"[%d]*int\", %d, %d, every_word}\n", n, $2, n }' "$file" | wrap
    printf '};\n\n#ifndef GT_SUBJECT\n'
    printf '/* The capacities of a slice that was empty; 0 after the last that was recorded. */\n'
    printf 'static const uint32_t seq_cap[SEQ_ROWS][SEQ_CAPS] = {\n'
    awk -F '\t' '$1 == "seq" { print $4 }' "$file" |
        while IFS= read -r caps; do
            tr ',' '\n' <<<"$caps" | wrap | sed -e '1s/^    /    {/' -e '$s/,$/},/' -e '2,$s/^/ /'
        done
    printf '};\n#endif\n\n'
}

# bulk_rows FILE - prints the appends of many elements at once.
bulk_rows() {
    local -r file=$1
    printf '/* One append: so many more elements, of this size, to a full slice of so many old ones. */\n'
    printf 'static const struct {\n    uint16_t size, old, add;\n} bulk[BULK_ROWS] = {\n'
    awk -F '\t' '$1 == "bulk" { printf "{%d, %d, %d}\n", $2, $4, $5 }' "$file" | wrap
    printf '};\n\n#ifndef GT_SUBJECT\nstatic const uint32_t bulk_cap[BULK_ROWS] = {\n'
    awk -F '\t' '$1 == "bulk" { print $6 }' "$file" | wrap
    printf '};\n#endif\n\n#endif\n'
}

# growslice FILE - prints growslice_rows.h.
growslice() {
    local -r file=$1
    head_of growslice
    printf '#include "rtype.h"\n\nenum {\n    SEQ_ROWS = %d,\n    SEQ_CAPS = 40,\n' \
        "$(count seq "$file")"
    printf '    BULK_ROWS = %d,\n};\n\n' "$(count bulk "$file")"
    seq_rows "$file"
    bulk_rows "$file"
}

# tiny FILE - prints tiny_rows.h.
tiny() {
    local -r file=$1
    head_of tiny
    printf 'enum {\n    TINY_ROWS = %d,\n    TINY_LARGE = 255,           /* not placed by tiny.c */\n};\n\n' \
        "$(count tiny "$file")"
    printf '/* Objects made one after the other, with the first block full: n sizes in bytes. */\n'
    printf 'static const struct {\n    uint8_t n, size[12];\n} tiny_row[TINY_ROWS] = {\n'
    awk -F '\t' '{ n = split($2, a, " "); row = ""
        for (i = 1; i <= n; i++) row = row (i > 1 ? ", " : "") a[i]
        printf "{%d, {%s}}\n", n, row }' "$file" | wrap
    printf '};\n\n#ifndef GT_SUBJECT\n'
    printf '/* Where they went: 16 * block + offset, blocks numbered as they first appear. */\n'
    printf 'static const uint8_t tiny_at[TINY_ROWS][12] = {\n'
    awk -F '\t' '{ n = split($3, a, " "); row = ""
        for (i = 1; i <= n; i++) {
            split(a[i], p, "+")
            row = row (i > 1 ? ", " : "") (a[i] == "L" ? "TINY_LARGE" : p[1] * 16 + p[2])
        }
        printf "{%s}\n", row }' "$file" | wrap
    printf '};\n#endif\n\n#endif\n'
}

# sizeclass FILE - prints sizeclass_rows.h.
sizeclass() {
    local -r file=$1
    head_of sizeclass
    printf 'enum { CLASS_ROWS = %d };\n\n' "$(count class "$file")"
    printf '/* Bytes of a slot and pages of a span, class 1 first. */\n'
    printf 'static const struct {\n    uint16_t size, pages;\n} class_row[CLASS_ROWS] = {\n'
    awk -F '\t' '$1 == "class" { printf "{%d, %d}\n", $3, $4 }' "$file" | wrap
    printf '};\n\n#ifndef GT_SUBJECT\n/* Slots of such a span. */\n'
    printf 'static const uint16_t class_slots[CLASS_ROWS] = {\n'
    awk -F '\t' '$1 == "class" { print $5 }' "$file" | wrap
    printf '};\n#endif\n\n#endif\n'
}

# rows_of NAME FILE - prints NAME_rows.h.
rows_of() {
    local -r name=$1 file=$2
    case $name in
    growslice) growslice "$file" ;;
    tiny) tiny "$file" ;;
    sizeclass) sizeclass "$file" ;;
    esac
}

# main [--check] - writes or compares the three headers.
main() {
    if [[ $# -gt 1 || ( $# -eq 1 && $1 != --check ) ]]; then
        printf 'usage: rows.sh [--check]\n' >&2
        exit 2
    fi
    local here name status=0
    here=$(cd -- "$(dirname -- "$0")" && pwd)
    for name in growslice tiny sizeclass; do
        if [[ $# -eq 0 ]]; then
            rows_of "$name" "$here/$name.tsv" >"$here/../hidden/${name}_rows.h"
        elif ! rows_of "$name" "$here/$name.tsv" | cmp -s - "$here/../hidden/${name}_rows.h"; then
            printf 'rows.sh: hidden/%s_rows.h is not what %s.tsv gives\n' "$name" "$name" >&2
            status=1
        fi
    done
    return "$status"
}

main "$@"

# functions.awk - finds C functions of more than 60 lines, signature and braces included, and
# functions that open their brace on the signature's line. A body begins with `{` and ends with
# `}` in the first column.

FNR == 1 { comment = body = start = 0; more = 0 }
more { more = /\\$/; next }
/^#/ { more = /\\$/; next }
!body && /^[ \t]*\/\*/ { if (!/\*\//) comment = 1; else next }
comment { if (/\*\//) comment = 0; next }
body {
    if (/^}/) {
        if (FNR - start + 1 > 60)
            printf "%s:%d: %s has %d lines; 60 is the end.\n", FILENAME, start, name, FNR - start + 1
        body = start = 0
    }
    next
}
/^[ \t]*$/ { start = 0; next }
/^[A-Za-z_]/ && !start {
    start = FNR
    name = $0
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    call = 0
}
/\(/ { call = 1 }
/^{/ && start && call { body = 1; next }
/^[A-Za-z_][^=]*\).*{[ \t]*$/ {
    printf "%s:%d: The brace of a function stands on a line of its own.\n", FILENAME, FNR
    body = 1
    next
}
/[;}][ \t]*$/ { start = 0 }

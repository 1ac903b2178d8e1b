# throws.awk - prints `file:line<tab>"text"` for each rt_throw whose second argument is a string.

# literal(s, from) - sets TEXT to the string literals from there on, joined; empty when none.
function literal(s, from,    c, i, inside) {
    TEXT = ""
    for (i = from; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (inside) {
            if (c == "\\") { TEXT = TEXT c substr(s, ++i, 1); continue }
            if (c == "\"") { inside = 0; continue }
            TEXT = TEXT c
        } else if (c == "\"") inside = 1
        else if (c == ")") return
        else if (c != " " && c != "\t" && c != "\n") { TEXT = ""; return }
    }
}

# second(s, from) - the place after the first comma outside a string and outside parentheses.
function second(s, from,    c, i, inside, depth) {
    for (i = from; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c == "\\") i++
        else if (c == "\"") inside = !inside
        else if (inside) continue
        else if (c == "(") depth++
        else if (c == ")") { if (depth-- == 0) return 0 }
        else if (c == "," && depth == 0) return i + 1
    }
    return 0
}

# throws() - looks through the file that was read.
function throws(    line, place, before, head) {
    line = 1
    while (match(all, /rt_throw[ \t\n]*\(/)) {
        head = substr(all, 1, RSTART - 1)
        line += gsub(/\n/, "", head)
        before = RSTART + RLENGTH
        place = second(all, before)
        if (place > 0) {
            literal(all, place)
            if (TEXT != "") printf "%s:%d\t\"%s\"\n", file, line, TEXT
        }
        head = substr(all, RSTART, RLENGTH)
        line += gsub(/\n/, "", head)
        all = substr(all, before)
    }
}

FNR == 1 { if (NR > 1) throws(); all = ""; file = FILENAME }
{ all = all $0 "\n" }
END { throws() }

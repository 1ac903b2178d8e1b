# fences.awk - splits the fenced code blocks of one Markdown page into files.
#
#   awk -v out=FOLDER -f fences.awk PAGE.md
#
# Block N (001, 002, ...) becomes FOLDER/N.info, its fence words; FOLDER/N.line, the line of
# the page on which its text begins; FOLDER/N.body, the text, without the fence's own indent.
# Status 1, and a sentence, for a block that is never closed or that stands in a quotation.

function run_of(s, c,    n) {
    n = 0
    while (substr(s, n + 1, 1) == c) n++
    return n
}

function begin(text, indent,    info) {
    mark = substr(text, 1, 1)
    marks = run_of(text, mark)
    info = substr(text, marks + 1)
    if (mark == "`" && index(info, "`")) return     # inline code at the start of a line
    gsub(/^[ \t]+|[ \t]+$/, "", info)
    inside = 1
    inset = indent
    opened = FNR
    name = sprintf("%s/%03d", out, ++count)
    print info > (name ".info")
    print FNR + 1 > (name ".line")
    printf "" > (name ".body")
    close(name ".info")
    close(name ".line")
}

function is_end(text) {
    return substr(text, 1, 1) == mark && run_of(text, mark) >= marks \
        && substr(text, run_of(text, mark) + 1) ~ /^[ \t]*$/
}

function complain(line, words) {
    printf "%s:%d: %s\n", FILENAME, line, words
    bad = 1
}

{
    sub(/\r$/, "")
    text = $0
    sub(/^ */, "", text)
}
!inside && text ~ /^(```|~~~)/ { begin(text, length($0) - length(text)); next }
!inside && text ~ /^>[> ]*(```|~~~)/ {
    complain(FNR, "a code block in a quotation is not read; move it out of the quotation")
}
!inside { next }
is_end(text) { inside = 0; close(name ".body"); next }
{
    for (k = 0; k < inset && substr($0, 1, 1) == " "; k++) $0 = substr($0, 2)
    print > (name ".body")
}
END {
    if (inside) complain(opened, "this code block is never closed")
    exit bad
}

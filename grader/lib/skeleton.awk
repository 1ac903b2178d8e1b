# skeleton.awk - what every translation of a page must share, in order.
#
#   awk -f skeleton.awk PAGE.md        prints `LINE<tab>WHAT` for each part
#
# Headings by level, code blocks, tasks, notes, tables by columns and rows, links, images
# and anchors. A block of code is there line by line. A plain text block (a diagram with
# words in it) is there by its fence only, a session by its commands only: their other
# lines are in the reader's language. Links of one paragraph are sorted, because
# another language may put them in another order; the folder of a language is LANG.

function put(line, what) {
    printf "%d\t%s\n", line, what
}

# Links are kept until their paragraph ends.
function keep(what,    i) {
    gsub(/(^|\/)(en|pt-BR|es|ko)\//, "/LANG/", what)
    for (i = links++; i > 0 && link[i] > what; i--) link[i + 1] = link[i]
    link[i + 1] = what
    if (links == 1) linked = FNR
}

function flush(    i) {
    for (i = 1; i <= links; i++) put(linked, link[i])
    links = 0
}

function target(s) {
    sub(/[ \t]+["'(].*$/, "", s)
    if (s ~ /^[a-z]+:/) return "link to another site"
    return "link " s
}

function spans(s,    w) {
    gsub(/`[^`]*`/, "", s)
    while (match(s, /<(a|img)[ \t][^>]*(id|name|href|src)="[^"]*"/)) {
        w = substr(s, RSTART, RLENGTH)
        s = substr(s, RSTART + RLENGTH)
        sub(/^.*[ \t]/, "", w)
        if (w ~ /^(id|name)/) keep("anchor " w)
        else { gsub(/^[a-z]+="|"$/, "", w); keep(target(w)) }
    }
    while (match(s, /\]\([^)]*\)/)) {
        w = substr(s, RSTART + 2, RLENGTH - 3)
        keep(target(w))
        s = substr(s, RSTART + RLENGTH)
    }
}

{ sub(/\r$/, "") }
!inside && /^ *(```|~~~)/ {
    text = $0
    sub(/^ */, "", text)
    mark = substr(text, 1, 3)
    match(text, /^[`~]+/)
    info = substr(text, RLENGTH + 1)
    if (mark != "```" || !index(info, "`")) {
        flush()
        inside = 1
        gsub(/^ +| +$/, "", info)
        put(FNR, "code block " info)
        next
    }
}
inside && index($0, mark) && $0 ~ /^ *[`~]+ *$/ { inside = 0; put(FNR, "end of code block"); next }
inside && (info == "" || info == "text") { next }
inside && info ~ /^sh session/ && !/^ *\$ / { next }
inside { put(FNR, "code: " $0); next }
/^ *$/ { flush(); intable = 0; next }
/^#+ / { flush(); match($0, /^#+/); put(FNR, "heading of level " RLENGTH) }
/^ *[-*] \[[ xX]\] / { put(FNR, "task") }
/^> *\[!/ { put(FNR, "note " substr($0, index($0, "["))) }
/^ *\|?[-: |]*--[-: |]*\|/ { n = gsub(/\|/, "|"); put(FNR, "table with " n - 1 " columns"); intable = 1; next }
intable && /\|/ { put(FNR, "table row") }
{ spans($0) }
END { flush() }

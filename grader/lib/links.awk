# links.awk - the links and the anchors of one Markdown page.
#
#   awk -v want=links -f links.awk PAGE.md       prints `LINE<tab>TARGET` for each link
#   awk -v want=anchors -f links.awk PAGE.md     prints `LINE<tab>NAME` for each anchor:
#                                                <a id="NAME">, and each heading's own
#
# Code blocks and inline code are not looked at.

function put(line, what) {
    printf "%d\t%s\n", line, what
}

# The name that a heading gets on its own, as GitHub makes it.
function slug(s,    base) {
    gsub(/<[^>]*>/, "", s)
    gsub(/\]\([^)]*\)/, "", s)
    s = tolower(s)
    for (base in lower) gsub(base, lower[base], s)
    gsub(/—|–|…|“|”|‘|’|«|»|¿|¡|·|→|×/, "", s)
    gsub(/[][!-,.\/:-@\\^`{-~]/, "", s)
    sub(/^ +/, "", s)
    sub(/ +$/, "", s)
    gsub(/ /, "-", s)
    if (seen[s]++) s = s "-" seen[s] - 1
    return s
}

function anchors(s,    w) {
    while (match(s, /<[a-z0-9]+[ \t][^>]*(id|name)="[^"]*"/)) {
        w = substr(s, RSTART, RLENGTH)
        s = substr(s, RSTART + RLENGTH)
        sub(/^.*(id|name)="/, "", w)
        sub(/"$/, "", w)
        put(FNR, w)
    }
}

function links(s,    w) {
    while (match(s, /(href|src)="[^"]*"/)) {
        w = substr(s, RSTART, RLENGTH)
        gsub(/^[a-z]+="|"$/, "", w)
        put(FNR, w)
        s = substr(s, 1, RSTART - 1) substr(s, RSTART + RLENGTH)
    }
    if (s ~ /^ *\[[^]]+\]: */) {
        sub(/^ *\[[^]]+\]: */, "", s)
        sub(/[ \t].*$/, "", s)
        put(FNR, s)
    }
    while (match(s, /\]\([^)]*\)/)) {
        w = substr(s, RSTART + 2, RLENGTH - 3)
        sub(/[ \t]+["'(].*$/, "", w)
        gsub(/^<|>$/, "", w)
        put(FNR, w)
        s = substr(s, RSTART + RLENGTH)
    }
}

BEGIN {
    split("Á á À à Â â Ã ã É é Ê ê Í í Ó ó Ô ô Õ õ Ú ú Ü ü Ç ç Ñ ñ", pair, " ")
    for (i = 1; i in pair; i += 2) lower[pair[i]] = pair[i + 1]
}
{ sub(/\r$/, "") }
/^ *(```|~~~)/ {
    match($0, /[`~]+/)
    if (!inside && (substr($0, RSTART, 1) == "~" || !index(substr($0, RSTART + RLENGTH), "`"))) {
        inside = 1
        fence = substr($0, RSTART, RLENGTH)
        next
    }
    if (inside && index($0, fence) && /^ *[`~]+ *$/) { inside = 0; next }
}
inside { next }
want == "anchors" && /^#+ / { text = $0; sub(/^#+ +/, "", text); put(FNR, slug(text)) }
{ gsub(/`[^`]*`/, "") }
want == "anchors" { anchors($0) }
want == "links" { links($0) }

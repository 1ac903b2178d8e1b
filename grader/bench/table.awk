# table.awk - the table of bench-runtime.sh.
#   -v peers="go gort ..." -v sorted=FILE, whose lines are `round row peer ns` sorted by row,
#   peer and ns; standard input is `row clock n aim`.
#   For each row: the medians in ns, and a line of ratios to Go below it when Go is a peer.

# The median of the lines of one row and peer, which are sorted.
function median(row, peer,    n, key) {
    key = row SUBSEP peer
    n = count[key]
    return n % 2 ? ns[key, (n + 1) / 2] : (ns[key, n / 2] + ns[key, n / 2 + 1]) / 2
}

function cell(value) {
    return sprintf(value < 1000 ? "%.2f" : "%.0f", value)
}

BEGIN {
    while ((getline line < sorted) > 0) {
        split(line, f, "\t")
        key = f[2] SUBSEP f[3]
        ns[key, ++count[key]] = f[4]
    }
    npeers = split(peers, peer, " ")
    printf "%-10s%-6s%-7s%6s", "row", "clock", "", "aim"
    for (i = 1; i <= npeers; i++) printf "%10s", peer[i]
    printf "\n"
}

{
    printf "%-10s%-6s%-7s%6s", $1, $2, "ns", ""
    for (i = 1; i <= npeers; i++) printf "%10s", cell(median($1, peer[i]))
    printf "\n"
    if (count[$1, "go"] == 0) next
    printf "%-10s%-6s%-7s%6s", "", "", "ratio", $4
    for (i = 1; i <= npeers; i++) printf "%10.2f", median($1, peer[i]) / median($1, "go")
    printf "\n"
}

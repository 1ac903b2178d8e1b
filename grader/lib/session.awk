# session.awk - compares what a session printed with what the page shows.
#
#   awk -f session.awk PAGE_BODY OUTPUT
#
# Numbers are masked on both sides: figures differ from machine to machine. A line of the page
# that is only `...` stands for any lines. Prints the first difference, status 1.

function mask(s) {
    gsub(/[0-9]+([.,:][0-9]+)*/, "N", s)
    gsub(/[ \t]+/, " ", s)
    sub(/ $/, "", s)
    return s
}

FNR == 1 { file++ }
file == 1 { page[++pages] = $0 }
file == 2 { real[++reals] = $0 }
END {
    j = 1
    for (i = 1; i <= pages; i++) {
        if (page[i] ~ /^ *\.\.\. *$/) {
            if (i == pages) exit 0
            while (j <= reals && mask(real[j]) != mask(page[i + 1])) j++
            continue
        }
        if (j > reals) differ(i, page[i], "(nothing)")
        if (mask(page[i]) != mask(real[j])) differ(i, page[i], real[j])
        j++
    }
    if (j <= reals) differ(pages + 1, "(nothing)", real[j])
}
function differ(i, shown, printed) {
    printf "%d\nthe page shows: %s\nthe shell says: %s\n", i, shown, printed
    exit 1
}

# checks.awk - looks at one modules/NN-slug/checks.tsv.
#   -v points=N  the sum of the points of the numbered exercises
#   -v tests=F   lines `visibility suite/test file line`, from the sources of the tests
# Prints findings, `file:line: sentence`.

# say(sentence) - prints a finding of this line.
function say(sentence) { printf "%s:%d: %s\n", FILENAME, FNR, sentence }

BEGIN {
    FS = "\t"
    while ((getline text < tests) > 0) {
        split(text, t, " ")
        place[t[2]] = t[3] ":" t[4]
        seen[t[2]] = t[1]
    }
}
/^#/ || /^$/ || $1 == "id" { next }
NF != 10 { say("A line has 10 columns, this one " NF "."); next }
$1 in ids { say($1 " stands on line " ids[$1] " already."); next }
{
    ids[$1] = FNR
    if ($3 !~ /^(test|budget|live|memcheck|cost)$/) say($1 ": " $3 " is no kind of check.")
    if ($5 !~ /^[0-9]+$/) say($1 ": its points are not a whole number.")
    if ($3 == "budget" && $6 !~ /^(allocs|bytes|frees)(<=|=)[0-9]+(,(allocs|bytes|frees)(<=|=)[0-9]+)*$/)
        say($1 ": " $6 " is no budget.")
    if ($3 == "cost" && $6 !~ /^cost<=[0-9.]+:[0-9.]+$/) say($1 ": " $6 " is no cost budget.")
    if ($3 !~ /^(budget|cost)$/ && $6 != "-") say($1 ": a " $3 " has no budget.")
    if ($7 != "public" && $7 != "hidden") say($1 ": its visibility is public or hidden.")
    if ($8 != "-" && $8 != "tests") say($1 ": it needs `-` or `tests`.")
    if ($9 !~ /^E[0-9][0-9][0-9][0-9]$/) say($1 ": " $9 " is no code of the form E3601.")
    if (index($1, "." $2 ".") == 0) say($1 ": its id does not name exercise " $2 ".")
    if ($2 ~ /^[0-9]+$/) sum += $5
}
$3 == "test" || $3 == "budget" {
    name = $1
    sub(/^[^.]*\.[^.]*\./, "", name)
    test = $4 "/" name
    used[test] = 1
    if (!(test in seen)) say($1 ": no test is called " test ".")
    else if (seen[test] != $7) say($1 ": it is " $7 " here, and its test stands in " seen[test] "/.")
}
$3 == "cost" { name = $1; sub(/^[^.]*\.[^.]*\./, "", name); used[$4 "/" name] = 1 }
END {
    if (points != "" && sum != points)
        printf "%s:1: The points of the exercises make %d, and module.conf says %d.\n", FILENAME, sum, points
    for (test in seen)
        if (!(test in used)) printf "%s: No line of checks.tsv names the test %s.\n", place[test], test
}

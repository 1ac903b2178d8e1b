# mutate.awk - prints its input with a few random changes.
#   -v seed=N
# A change removes, repeats or swaps bytes or whole lines, or puts in something that a shell,
# a table, a JSON document or a number would trip over. mawk counts bytes.

# random(n) - a whole number from 0 to n - 1.
function random(n) { return int(rand() * n) }

# change(s) - one change of s.
function change(s,    n, at, k) {
    n = length(s)
    at = 1 + random(n + 1)
    k = 1 + random(random(4) ? 4 : 64)
    what = random(6)
    if (what == 0) return substr(s, 1, at - 1) substr(s, at + k)
    if (what == 1) return substr(s, 1, at - 1) substr(s, at, k) substr(s, at)
    if (what == 2) return substr(s, 1, at - 1) sprintf("%c", 1 + random(255)) substr(s, at + 1)
    if (what == 3) return substr(s, 1, at - 1)
    return substr(s, 1, at - 1) nasty[1 + random(count)] substr(s, at + (what == 4 ? 0 : k))
}

BEGIN {
    srand(seed)
    RS = "\001\002\003never"
    count = split("$(touch canary)|`touch canary`|;touch canary;|a[$(touch canary)]|x[$(touch canary)]+1|" \
        "\t|\n|\r|\\|\"|'|%s%n|{what}|<error>|</error>|&lt;|-1|08|18446744073709551616|1e999|null|" \
        "[]|{}|*|?|~|$HOME|${IFS}|../../|-n|--|=|==|\033[2J|\302|\360\237\230\200", nasty, "|")
}
{
    text = text $0
}
END {
    for (i = 1 + random(5); i > 0; i--) text = change(text)
    printf "%s", text
}

# catalog.awk - compares catalogues, files of lines `key = words with {name}s`. The first file
# is the reference: each other file must have its keys, with the same set of names in braces.
# Prints findings, `file:line: sentence`.

# names(words) - the names in braces, each once and sorted, as `a b c`.
function names(words,    list, n, i, j, name, out, t) {
    n = 0
    while (match(words, /\{[a-z_][a-z0-9_]*\}/)) {
        name = substr(words, RSTART + 1, RLENGTH - 2)
        words = substr(words, RSTART + RLENGTH)
        for (i = 1; i <= n && list[i] != name; i++) ;
        if (i > n) list[++n] = name
    }
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
            t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
        }
    for (i = 1; i <= n; i++) out = out (i > 1 ? " " : "") list[i]
    return out
}

# say(line, sentence) - prints a finding of the file being read.
function say(line, sentence) { printf "%s:%d: %s\n", FILENAME, line, sentence }

FNR == 1 { files++; file[files] = FILENAME }
/^[ \t]*(#|$)/ { next }
!/^[A-Za-z0-9_.-]+ = / { say(FNR, "The line is not `key = words`."); next }
{
    key = $1
    words = substr($0, length(key) + 4)
    if (words ~ /^[ \t]*$/) say(FNR, key " has no words.")
    if ((files, key) in line) { say(FNR, key " stands on line " line[files, key] " already."); next }
    line[files, key] = FNR
    if (files == 1) { order[++keys] = key; wanted[key] = names(words); next }
    if (!(key in wanted)) { say(FNR, key " is not in " file[1] "."); next }
    got = names(words)
    if (got != wanted[key])
        say(FNR, key " has the names {" got "}, in " file[1] " they are {" wanted[key] "}.")
}
END {
    for (f = 2; f <= files; f++)
        for (k = 1; k <= keys; k++)
            if (!((f, order[k]) in line))
                printf "%s:1: %s is missing; %s has it on line %d.\n", file[f], order[k], file[1], line[1, order[k]]
}

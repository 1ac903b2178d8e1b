# shell.awk - finds what shellcheck does not look at: a program without its first line or its
# strict mode, a function without its comment, and functions of more than 60 lines.

# closing() - the findings that need the whole file.
function closing() {
    if (file == "" || library) return
    if (!strict) printf "%s:1: The line `set -euo pipefail` is missing.\n", file
    if (calls && last !~ /^main( "\$@")?$/)
        printf "%s:%d: The last line of a program is `main \"$@\"`.\n", file, at
}

FNR == 1 {
    closing()
    file = FILENAME
    library = file ~ /\/lib\//
    strict = calls = start = 0
    before = ""
    if (!library && $0 != "#!/usr/bin/env bash")
        printf "%s:1: The first line of a program is `#!/usr/bin/env bash`.\n", file
}
/^set -euo pipefail/ { strict = 1 }
/^main\(\)/ { calls = 1 }
/^[a-z_][a-z0-9_]*\(\) \{/ {
    name = $1
    sub(/\(.*/, "", name)
    start = FNR
    if (name != "main" && before !~ ("^# " name "( |$)"))
        printf "%s:%d: Above %s, a line `# %s ARGS - what` is missing.\n", file, FNR, name, name
}
start && /^}/ {
    if (FNR - start + 1 > 60)
        printf "%s:%d: %s has %d lines; 60 is the end.\n", file, start, name, FNR - start + 1
    start = 0
}
{
    if ($0 != "") { last = $0; at = FNR }
    # A comment of several lines: its first line is the one that names the function.
    if ($0 !~ /^#/) before = ""
    else if (before == "" || $0 ~ /^# [a-z_0-9]+( .*)? - /) before = $0
}
END { closing() }

# lint-code.sh - the rules of lint.sh about C files and scripts.
#   Used by lint.sh, which has found(), absent() and TMP.
# shellcheck shell=bash

LINT_WARN=(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror)

# files_in SUFFIXES FOLDER... - prints the files whose names end so, one a line, sorted.
files_in() {
    local -r suffixes=$1
    local folder
    shift
    for folder; do
        if [[ -e $folder ]]; then
            find "$folder" -type f -regextype posix-extended -regex ".*\.($suffixes)" -not -path '*/build/*'
        fi
    done | sort
}

# each_file SUFFIXES FOLDER... - sets FILES to the files of files_in.
each_file() {
    files_in "$@" >"$TMP/files"
    mapfile -t FILES <"$TMP/files"
}

# scripts - prints every shell script of the kit, by name or by its first line.
scripts() {
    local file line
    files_in 'sh|bats' grader modules tools
    for file in .ci/* grader/bin/*; do
        if [[ ! -f $file ]]; then continue; fi
        line=''
        IFS= read -r line <"$file" || true
        if [[ $line = '#!'*bash* ]]; then printf '%s\n' "$file"; fi
    done
}

# include_flags - sets FLAGS to what a room is compiled with.
include_flags() {
    local folder
    FLAGS=(-std=gnu11 -pthread "${LINT_WARN[@]}" -Iruntime/include -Igrader/include -iquote grader/src)
    for folder in runtime/*/; do
        case $folder in
        runtime/include/ | runtime/t/ | runtime/bench/) ;;
        *) FLAGS+=(-iquote "${folder%/}") ;;
        esac
    done
}

# compiler_says FILE - turns gcc's messages on standard input into findings of FILE.
compiler_says() {
    local -r file=$1
    awk -v file="$file" -F: '
        / (error|warning): / && $2 ~ /^[0-9]+$/ {
            text = $0; sub(/^[^ ]* /, "", text)
            printf "%s:%s: %s\n", $1 == "<stdin>" ? file : $1, $2, text
            n++
        }
        / (error|warning): / && $2 !~ /^[0-9]+$/ { printf "%s:1: %s\n", file, $0; n++ }
        END { if (n == 0) printf "%s:1: It does not compile.\n", file }' >>"$TMP/found"
}

# rule_shell - shellcheck, and the shape of a script.
rule_shell() {
    scripts >"$TMP/scripts"
    mapfile -t FILES <"$TMP/scripts"
    if [[ ${#FILES[@]} -eq 0 ]]; then return 0; fi
    shellcheck -x -f gcc -- "${FILES[@]}" >"$TMP/shellcheck" 2>&1 || true
    sed -E 's/^([^:]+:[0-9]+):[0-9]+: [a-z]+: /\1: /' "$TMP/shellcheck" >>"$TMP/found"
    grep -v '\.bats$' "$TMP/scripts" >"$TMP/files" || true
    mapfile -t FILES <"$TMP/files"
    if [[ ${#FILES[@]} -gt 0 ]]; then awk -f "$HERE/lib/shell.awk" "${FILES[@]}" >>"$TMP/found"; fi
}

# rule_headers - every header compiles alone; gt.h, in each of its three builds.
rule_headers() {
    local file build
    local -a builds FLAGS
    include_flags
    each_file h runtime grader
    for file in "${FILES[@]}"; do
        builds=(-DGT_SUBJECT)
        if [[ $file = */gt.h ]]; then builds=(-DGT_PUBLIC -DGT_SUBJECT -DGT_JUDGE); fi
        for build in "${builds[@]}"; do
            printf '#include "%s"\n' "$PWD/$file" |
                gcc "${FLAGS[@]}" "$build" -fsyntax-only -x c - 2>"$TMP/gcc" ||
                compiler_says "$file" <"$TMP/gcc"
        done
    done
}

# rule_heads - a file opens with a block comment; a room's .c names its file of Go.
rule_heads() {
    local file line
    each_file 'c|h' runtime solutions grader/src grader/include
    for file in "${FILES[@]}"; do
        line=''
        IFS= read -r line <"$file" || true
        if [[ $line != '/*'* ]]; then
            found "$file" 1 'It does not open with a block comment that says what it is for.'
        fi
        case $file in
        runtime/t/* | runtime/bench/* | *.h | */mk*.c | grader/*) continue ;;
        esac
        if ! grep -q 'Go: ' -- "$file"; then
            found "$file" 1 \
                'Its head has no line "Go: ..." with the functions of Go, or that there are none.'
        fi
    done
}

# rule_sizes - at most 600 lines a file. A generated table may be longer.
rule_sizes() {
    local file
    each_file 'c|h|S|sh|awk|bats|mk' runtime solutions exercises grader modules
    for file in "${FILES[@]}"; do
        awk -v file="$file" '
            NR <= 3 && tolower($0) ~ /generated|written by/ { generated = 1 }
            END {
                if (NR > 600 && !generated)
                    printf "%s:601: It has %d lines; 600 is the end. Split it by idea.\n", file, NR
            }' "$file" >>"$TMP/found"
    done
}

# rule_functions - at most 60 lines a function, its brace on a line of its own.
rule_functions() {
    each_file c runtime solutions grader/src modules
    if [[ ${#FILES[@]} -gt 0 ]]; then awk -f "$HERE/lib/functions.awk" "${FILES[@]}" >>"$TMP/found"; fi
}

# rule_throws - the text of a throw is found once in the runtime, so that it names one place.
rule_throws() {
    each_file 'c|h' runtime
    if [[ ${#FILES[@]} -eq 0 ]]; then return 0; fi
    awk -f "$HERE/lib/throws.awk" "${FILES[@]}" | grep -v '^runtime/t/' >"$TMP/throws" || true
    awk -F'\t' '
        $2 in first {
            printf "%s: The text %s is thrown at %s already; make it unique.\n", $1, $2, first[$2]
            next
        }
        { first[$2] = $1 }' "$TMP/throws" >>"$TMP/found"
}

# rule_todo - work left to do stands in exercises/ and nowhere else.
rule_todo() {
    each_file 'c|h|S|sh|awk|bats|mk' runtime solutions grader modules
    if [[ -f Makefile ]]; then FILES+=(Makefile); fi
    if [[ ${#FILES[@]} -eq 0 ]]; then return 0; fi
    grep -nHE '(/\*|//|\*|#) *(TOD[O]|FIXM[E]|XX[X])\b' -- "${FILES[@]}" >"$TMP/grep" || true
    sed -E 's/^([^:]+:[0-9]+):.*/\1: Work left to do has its place in exercises\/ only./' \
        "$TMP/grep" >>"$TMP/found"
}

# rule_effects - what a test expects has no side effect: the subject build does not evaluate it, and
# a loop that counts there never ends.
rule_effects() {
    each_file 'c' modules
    if [[ ${#FILES[@]} -eq 0 ]]; then return 0; fi
    grep -nHE 'GT_(EQ|STR|MEM)\([^;]*,[^;]*(\+\+|--|[^=!<>]=[^=])' -- "${FILES[@]}" >"$TMP/grep" || true
    sed -E 's/^([^:]+:[0-9]+):.*/\1: An expected value with a side effect: the subject build drops it./' \
        "$TMP/grep" >>"$TMP/found"
}

# rule_layout - no tab in C, no trailing blank, at most 100 columns in C and 120 in scripts.
rule_layout() {
    each_file 'c|h|sh|awk|bats|mk' runtime solutions exercises grader modules
    if [[ ${#FILES[@]} -eq 0 ]]; then return 0; fi
    awk '
        /\t/ && FILENAME ~ /\.[ch]$/ { printf "%s:%d: There is a tab; four spaces.\n", FILENAME, FNR }
        /[ \t]$/ { printf "%s:%d: Blanks at the end of the line.\n", FILENAME, FNR }
        { gsub(/[\200-\277]/, "") }         # what is left has one byte for each character
        { most = FILENAME ~ /\.[chS]$/ ? 100 : 120 }
        length($0) > most {
            printf "%s:%d: %d columns; %d is the end.\n", FILENAME, FNR, length($0), most
        }' "${FILES[@]}" >>"$TMP/found"
}

# rule_no_python - the harness runs on bash, awk and C. Comments may speak of it.
rule_no_python() {
    each_file 'sh|awk|mk' grader
    FILES=("${FILES[@]/#*grader\/t\/*/}" Makefile)
    local file
    for file in "${FILES[@]}"; do
        if [[ ! -f $file ]]; then continue; fi
        awk -v file="$file" '
            { line = $0; sub(/^[ \t]*#.*/, "", line); sub(/[ \t]#.*/, "", line) }
            line ~ /(^|[^A-Za-z0-9_-])pytho[n][0-9.]*([^A-Za-z0-9_-]|$)/ {
                printf "%s:%d: Python is not part of the harness.\n", file, FNR
            }' "$file" >>"$TMP/found"
    done
}

# rule_floors - nothing in the runtime calls up.
rule_floors() {
    local status=0
    if [[ ! -f runtime/FLOORS ]]; then
        absent runtime/FLOORS 'The list of floors is not there.'
        return 0
    fi
    bash "$HERE/floors.sh" >"$TMP/floors" 2>"$TMP/floors.err" || status=$?
    cat "$TMP/floors" >>"$TMP/found"
    if [[ $status -gt 1 ]]; then
        cat "$TMP/floors.err" >&2
        found Makefile 1 'The runtime does not build; see above.'
    fi
}

# doctest.sh - judges the fenced code blocks of one page. Sourced by grader/doctest.sh.
#
#   PAGE FOLDER   the page, and the folder of its blocks (lib/fences.awk wrote them)
#   PASSED FAILED SKIPPED   the counts; WORK, a folder for one block at a time
#   OBJECTS       a file that lists the runtime's objects
#
# A judge is given the number of a block and calls passed, failed or skipped once.
# shellcheck shell=bash disable=SC2153  # WORK and OBJECTS are set by who sources this

DOC_LANGUAGES=' asm awk bash c css diff go html ini js json lua make markdown mermaid sh text tsv yaml '
DOC_SECONDS=10
DOC_SESSION_SECONDS=300

# passed - counts a block that holds.
passed() {
    PASSED=$((PASSED + 1))
}

# failed LINE WORDS [FILE] - counts and prints a failure, and the file's first lines below it.
failed() {
    FAILED=$((FAILED + 1))
    printf '%s:%s: %s\n' "$PAGE" "$1" "$2"
    if [[ $# -gt 2 ]]; then head -n 30 -- "$3" | sed 's/^/    /'; fi
}

# skipped LINE WHY - counts and prints a block that is left out.
skipped() {
    SKIPPED=$((SKIPPED + 1))
    printf '%s:%s: skipped: %s\n' "$PAGE" "$1" "$2"
}

# fence_read INFO - sets WORD, the language, and FENCE, the words after it; status 1 for other text.
fence_read() {
    local rest=$1
    local -r quoted='^([a-z]+)="([^"]*)"( .*|)$' plain='^([a-z]+)=([^ "]+)( .*|)$' flag='^([a-z]+)()( .*|)$'
    FENCE=()
    WORD=${rest%%[ $'\t']*}
    rest=${rest#"$WORD"}
    while rest=${rest#"${rest%%[! ]*}"} && [[ -n $rest ]]; do
        if [[ $rest =~ $quoted || $rest =~ $plain ]]; then
            FENCE[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
        elif [[ $rest =~ $flag ]]; then
            FENCE[${BASH_REMATCH[1]}]=yes
        else
            return 1
        fi
        rest=${BASH_REMATCH[3]}
    done
}

# fence_known - prints what is wrong with the words of FENCE; nothing when all is known.
fence_known() {
    local known=' from skip ' word
    if [[ -n $WORD && $DOC_LANGUAGES != *" $WORD "* ]]; then
        printf '%s is no language of the lessons; they have%s' "$WORD" "${DOC_LANGUAGES% }"
        return 0
    fi
    case $WORD in
    c) known+='run exit fail trap ' ;;
    sh) known+='session ' ;;
    text) known+='output masked ' ;;
    esac
    for word in "${!FENCE[@]}"; do
        if [[ $known != *" $word "* ]]; then
            printf '%s means nothing after %s; there is%s' "$word" "${WORD:-no language}" "${known% }"
            return 0
        fi
        case $word=${FENCE[$word]} in
        fail=yes | trap=yes | from=yes | skip=yes | exit=yes | fail= | trap= | skip= | from=)
            printf '%s needs a value, as in %s="..."' "$word" "$word"
            return 0
            ;;
        esac
    done
    if [[ -n ${FENCE[run]-} && -n ${FENCE[fail]-}${FENCE[trap]-} || -n ${FENCE[fail]-} && -n ${FENCE[trap]-} ]]; then
        printf 'run, fail and trap exclude each other'
    fi
}

# wants_runtime FILE - status 0 when the program includes gort.h or a room's header.
wants_runtime() {
    grep -Eq '^[ \t]*#[ \t]*include[ \t]*(<gort\.h>|")' "$1"
}

# source_write N FRAME - writes block N as WORK/t.c; in FRAME `body` it is the inside of a function.
source_write() {
    local -r block=$FOLDER/$1
    local line
    line=$(<"$block.line")
    {
        if [[ $2 = body ]]; then printf 'void page_fragment(void);\nvoid page_fragment(void)\n{\n'; fi
        printf '#line %d "%s"\n' "$line" "$PAGE"
        cat -- "$block.body"
        if [[ $2 = body ]]; then printf '}\n'; fi
    } >"$WORK/t.c"
}

# compile_c FLAG... - compiles WORK/t.c; what the compiler said is in WORK/said.
compile_c() {
    "${CC:-gcc}" -std=gnu11 -g -Wall -Wextra -Werror -fno-omit-frame-pointer "${INCLUDE[@]}" "$@" \
        >"$WORK/said" 2>&1 </dev/null
}

# link_c FLAG... - compiles and links WORK/t.c as WORK/t, with the runtime's objects where it uses them.
link_c() {
    local -a objects=()
    if wants_runtime "$WORK/t.c"; then mapfile -t objects <"$OBJECTS"; fi
    compile_c "$@" -o "$WORK/t" "$WORK/t.c" "${objects[@]}" -pthread -lm
}

# run_c - runs WORK/t in an empty folder; its output is in WORK/out, then WORK/err. Sets STATUS.
run_c() {
    local -r options=detect_stack_use_after_return=1:color=never
    rm -rf -- "${WORK:?}/cwd"
    mkdir -- "$WORK/cwd"
    STATUS=0
    (cd -- "$WORK/cwd" && exec env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 ASAN_OPTIONS="$options" \
        UBSAN_OPTIONS=print_stacktrace=0 timeout -k 2 "$DOC_SECONDS" "$WORK/t") \
        >"$WORK/out" 2>"$WORK/err" </dev/null || STATUS=$?
    cat -- "$WORK/out" "$WORK/err" >"$WORK/all"
}

# prelude_of PAGE - prints what fragments of the page may use: its folder's prelude.h, else the kit's.
prelude_of() {
    local -r own=${1%/*}/prelude.h
    if [[ $1 = */* && -f $own ]]; then
        printf '%s\n' "$own"
    else
        printf 'grader/lib/prelude.h\n'
    fi
}

# judge_fragment N LINE - the block must compile after the prelude, as declarations or inside a function.
judge_fragment() {
    local prelude outer inner
    prelude=$(prelude_of "$PAGE")
    local -r flags=(-Wno-unused -fsyntax-only -include "$prelude" "$WORK/t.c")
    source_write "$1" file
    if compile_c "${flags[@]}"; then
        passed
        return
    fi
    cp -- "$WORK/said" "$WORK/outer"
    source_write "$1" body
    if compile_c "${flags[@]}"; then
        passed
        return
    fi
    outer=$(grep -c 'error:' "$WORK/outer") || true
    inner=$(grep -c 'error:' "$WORK/said") || true
    if ((outer < inner)); then cp -- "$WORK/outer" "$WORK/said"; fi
    failed "$2" 'this does not compile after the prelude' "$WORK/said"
}

# judge_fail N LINE REGEX - the compiler must refuse the block, and say REGEX.
judge_fail() {
    local prelude
    local -a flags=(-O2 -c -o /dev/null)
    source_write "$1" file
    if ! grep -Eq '^[ \t]*#[ \t]*include|main\(' "$WORK/t.c"; then
        prelude=$(prelude_of "$PAGE")
        flags+=(-Wno-unused -include "$prelude")
    fi
    if compile_c "${flags[@]}" "$WORK/t.c"; then
        failed "$2" 'this compiles, and the page says that it must not'
    elif grep -Eq -- "$3" "$WORK/said"; then
        passed
    else
        failed "$2" "the compiler does not say /$3/" "$WORK/said"
    fi
}

# judge_trap N LINE REGEX - the block must compile; AddressSanitizer or UBSan must say REGEX of its run.
judge_trap() {
    source_write "$1" file
    if ! link_c -w -Wno-error -fsanitize=address,undefined; then
        failed "$2" 'this does not compile' "$WORK/said"
        return
    fi
    run_c
    if grep -Eq -- "$3" "$WORK/all"; then
        passed
    else
        failed "$2" "no sanitizer says /$3/ of this run (status $STATUS)" "$WORK/all"
    fi
}

# masked FILE - prints it with its numbers as N and runs of blanks as one.
masked() {
    sed -E 's/[0-9]+([.,:][0-9]+)*/N/g; s/[ \t]+/ /g; s/ $//' -- "$1"
}

# judge_output LINE N - WORK/all must be the text of block N, when that is an output block.
judge_output() {
    local -r next=$FOLDER/$2
    if [[ ! -f $next.info || $(<"$next.info") != "text output"* ]]; then
        passed
        return
    fi
    cp -- "$next.body" "$WORK/page"
    if [[ $(<"$next.info") = *masked* ]]; then
        masked "$next.body" >"$WORK/page"
        masked "$WORK/all" >"$WORK/masked"
        mv -- "$WORK/masked" "$WORK/all"
    fi
    if cmp -s -- "$WORK/all" "$WORK/page"; then
        passed
    else
        diff -u --label 'the page' --label 'the program' "$WORK/page" "$WORK/all" >"$WORK/diff" || true
        failed "$(<"$next.line")" 'the program prints something else' "$WORK/diff"
    fi
}

# judge_run N LINE - the block is a program: it compiles, ends with the right status, prints what the page shows.
judge_run() {
    local -r wanted=${FENCE[exit]:-0}
    local next
    source_write "$1" file
    if ! link_c -O2; then
        failed "$2" 'this does not compile' "$WORK/said"
        return
    fi
    run_c
    if ((STATUS == 124 && wanted != 124)); then
        failed "$2" "this still ran after $DOC_SECONDS seconds" "$WORK/all"
    elif ((STATUS != wanted)); then
        failed "$2" "this ends with status $STATUS, not $wanted" "$WORK/all"
    else
        printf -v next '%03d' "$((10#$1 + 1))"
        judge_output "$2" "$next"
    fi
}

# tagged FILE TAG - prints the lines between doc:TAG and doc:end; status 1 when there is not one such place.
tagged() {
    awk -v tag="$2" '
        inside && /(^|[^a-z])doc:end([^-_a-zA-Z0-9]|$)/ { inside = 0; ended = 1; next }
        inside { print; next }
        match($0, /(^|[^a-z])doc:[-_a-zA-Z0-9]+/) {
            name = substr($0, RSTART, RLENGTH)
            sub(/^.*doc:/, "", name)
            if (name == tag) { inside = 1; times++ }
        }
        END { exit !(times == 1 && ended) }' "$1"
}

# judge_from N LINE - the block is what FILE holds, or what it holds between its tags.
judge_from() {
    local -r from=${FENCE[from]}
    local -r file=${from%%#*} tag=${from#*#}
    if [[ ! -f $file ]]; then
        failed "$2" "there is no file $file"
        return 1
    fi
    if [[ $from != *'#'* ]]; then
        cp -- "$file" "$WORK/from"
    elif ! tagged "$file" "$tag" >"$WORK/from"; then
        failed "$2" "$file has not exactly one place from doc:$tag to doc:end"
        return 1
    fi
    if ! cmp -s -- "$WORK/from" "$FOLDER/$1.body"; then
        diff -u --label "$from" --label 'the page' "$WORK/from" "$FOLDER/$1.body" >"$WORK/diff" || true
        failed "$2" "this differs from $from" "$WORK/diff"
        return 1
    fi
    if [[ -z ${FENCE[run]-}${FENCE[fail]-}${FENCE[trap]-} ]]; then passed; fi
}

# session_script FILE - prints a script that runs the commands of the session and shows each before it.
session_script() {
    local line command=''
    while IFS= read -r line || [[ -n $line ]]; do
        if [[ -n $command ]]; then
            command+=$'\n'$line
        elif [[ $line = '$ '* ]]; then
            command=${line#'$ '}
        else
            continue
        fi
        if [[ $command != *\\ ]]; then
            printf "printf '%%s\\\\n' %q\n%s\n" "\$ $command" "$command"
            command=''
        fi
    done <"$1"
}

# judge_session N LINE - the commands, run by bash in the project's root, print what the page shows.
judge_session() {
    local -r body=$FOLDER/$1.body
    local language=en first status=0 off
    if [[ $PAGE =~ (^|/)docs/(en|pt-BR|es|ko)/ ]]; then language=${BASH_REMATCH[2]}; fi
    IFS= read -r first <"$body" || true
    if [[ $first != '$ '* ]]; then
        failed "$2" 'a session begins with a command: a line that begins with "$ "'
        return
    fi
    session_script "$body" >"$WORK/session"
    # One session at a time: they build in the same folder.
    flock "$LOCK" env -i PATH="$PATH" HOME="${HOME:-/}" TERM=dumb NO_COLOR=1 COLUMNS=80 LC_ALL=C.UTF-8 \
        KIT_LANG="$language" timeout -k 2 "$DOC_SESSION_SECONDS" bash "$WORK/session" \
        >"$WORK/all" 2>&1 </dev/null || status=$?
    if ((status == 124)); then
        failed "$2" "this still ran after $DOC_SESSION_SECONDS seconds" "$WORK/all"
    elif awk -f grader/lib/session.awk "$body" "$WORK/all" >"$WORK/diff"; then
        passed
    else
        off=$(head -n 1 "$WORK/diff")
        sed -i 1d "$WORK/diff"
        failed "$(($2 + off - 1))" 'the session prints something else (numbers are not compared)' "$WORK/diff"
    fi
}

# judge_orphan N LINE - an output block stands behind a run block, or it is compared with nothing.
judge_orphan() {
    local before
    printf -v before '%03d' "$((10#$1 - 1))"
    if [[ ! -f $FOLDER/$before.info || ! $(<"$FOLDER/$before.info") =~ ^c\ .*(run|skip) ]]; then
        failed "$2" 'there is no run block before this output, so nothing is compared with it'
    fi
}

# judge N ONLY - one block, by its fence words; with ONLY, blocks of other languages are passed over.
judge() {
    local info line wrong
    local -A FENCE=()
    local WORD=''
    info=$(<"$FOLDER/$1.info")
    line=$(<"$FOLDER/$1.line")
    if ! fence_read "$info"; then
        failed "$line" "these fence words cannot be read: $info"
        return
    fi
    if [[ -n $2 && $WORD != "$2" ]]; then return; fi
    wrong=$(fence_known)
    if [[ -n $wrong ]]; then
        failed "$line" "$wrong"
    elif [[ -n ${FENCE[skip]-} ]]; then
        skipped "$line" "${FENCE[skip]}"
    else
        judge_words "$1" "$line"
    fi
}

# judge_words N LINE - chooses the judge for WORD and FENCE.
judge_words() {
    if [[ -n ${FENCE[from]-} ]]; then
        judge_from "$1" "$2" || return 0
    fi
    case $WORD in
    c)
        if [[ -n ${FENCE[fail]-} ]]; then
            judge_fail "$1" "$2" "${FENCE[fail]}"
        elif [[ -n ${FENCE[trap]-} ]]; then
            judge_trap "$1" "$2" "${FENCE[trap]}"
        elif [[ -n ${FENCE[run]-} ]]; then
            judge_run "$1" "$2"
        elif [[ -z ${FENCE[from]-} ]]; then
            judge_fragment "$1" "$2"
        fi
        ;;
    sh) if [[ -n ${FENCE[session]-} ]]; then judge_session "$1" "$2"; fi ;;
    text) if [[ -n ${FENCE[output]-} ]]; then judge_orphan "$1" "$2"; fi ;;
    esac
}

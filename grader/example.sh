#!/usr/bin/env bash
# example.sh - builds and runs one of a module's example programs.
#
#   N=3 [MOD=36] example.sh          runs example 3
#   [MOD=36] example.sh --menu       lists the examples and asks which one to run, again and again; in a
#                                    pipe it lists them and ends
#
#   MOD is a module's number or name; without it, the first module that has examples. Programs are built
#   in build/examples/MODULE, with the runtime's objects; an example named -all runs the others, so
#   they are built with it. V=1 shows the compiler's command. CC chooses the compiler (gcc).
#   Status: that of the program; 2 wrong use; 3 it does not compile.
set -euo pipefail
shopt -s inherit_errexit nullglob
# The reader's language is looked up before the locale becomes C.
KIT_LANG=${KIT_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG-}}}}
export LC_ALL=C
umask 077

# shellcheck source=grader/lib/module.sh
. grader/lib/module.sh
# shellcheck source=grader/lib/text.sh
. grader/lib/text.sh

OBJECTS=()

# wrong KEY [name=value]... - says what was asked wrongly and ends with status 2.
wrong() {
    say "$@" >&2
    exit 2
}

# module_of - sets SLUG to the module that MOD names, or to the first one with examples.
module_of() {
    local all name
    local -a files
    all=$(module_list)
    if [[ -n ${MOD-} ]]; then
        SLUG=$(module_find "$MOD") || wrong example.no_module "mod=$MOD" "have=${all//$'\n'/ }"
    else
        for name in $all; do
            files=(modules/"$name"/examples/[0-9][0-9]-*.c)
            if [[ ${#files[@]} -gt 0 ]]; then SLUG=$name; break; fi
        done
    fi
    FILES=(modules/"${SLUG-}"/examples/[0-9][0-9]-*.c)
    if [[ ${#FILES[@]} -eq 0 ]]; then wrong example.none "mod=${SLUG:-${MOD-}}"; fi
}

# title_of FILE - prints what the example shows: its first line of words, after the name.
title_of() {
    sed -n '2{s/^.* - //;s/\.$//;p;q}' "$1"
}

# number_of FILE - prints the example's number, without a zero before it.
number_of() {
    local name=${1##*/}
    name=${name%%-*}
    printf '%d\n' "$((10#$name))"
}

# list - prints a line for each example.
list() {
    local file number title
    say example.list "mod=$SLUG"
    for file in "${FILES[@]}"; do
        number=$(number_of "$file")
        title=$(title_of "$file")
        printf '  %2d  %s\n' "$number" "$title"
    done
}

# file_of N - sets FILE to the example of that number; status 1 when there is none.
file_of() {
    local file number
    if [[ ! $1 =~ ^[0-9]{1,4}$ ]]; then return 1; fi
    for file in "${FILES[@]}"; do
        number=$(number_of "$file")
        if ((number == 10#$1)); then
            FILE=$file
            return 0
        fi
    done
    return 1
}

# runtime - brings the runtime's objects up to date, once, and lists them in OBJECTS.
runtime() {
    if [[ ${#OBJECTS[@]} -gt 0 ]]; then return; fi
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s build/rel/runtime.list >&2 </dev/null || exit 3
    mapfile -t OBJECTS <build/rel/runtime.list
}

# build FILE - compiles the example when it is older than its source or the runtime; sets PROGRAM.
build() {
    local -r name=${1##*/}
    local floor status=0
    local -a command
    PROGRAM=build/examples/$SLUG/${name%.c}
    runtime
    if [[ $PROGRAM -nt $1 && $PROGRAM -nt build/rel/runtime.list && $PROGRAM -nt runtime/include/gort.h ]]; then
        return
    fi
    command=("${CC:-gcc}" -std=gnu11 -O2 -g -Wall -Wextra -fno-omit-frame-pointer -Iruntime/include)
    for floor in runtime/*/; do command+=(-iquote "${floor%/}"); done
    command+=("$1" "${OBJECTS[@]}" -pthread -o "$PROGRAM")
    mkdir -p -- "${PROGRAM%/*}"
    if [[ -n ${V-} ]]; then printf '%s\n' "${command[*]}" >&2; fi
    "${command[@]}" </dev/null || status=$?
    if ((status != 0)); then
        say example.no_build "file=$1" >&2
        exit 3
    fi
}

# run FILE - builds the example and runs it; its path comes first. The status is the program's.
run() {
    local file status=0
    if [[ $1 = *-all.c ]]; then
        for file in "${FILES[@]}"; do build "$file"; done
    fi
    build "$1"
    printf '%s\n' "$1"
    "$PROGRAM" || status=$?
    return "$status"
}

# menu - lists the examples; at a terminal, asks for a number until the answer is empty or q.
menu() {
    local answer status
    list
    if [[ ! -t 0 || ! -t 1 ]]; then return; fi
    while text example.ask && read -r -p "$REPLY " answer; do
        case $answer in
        '' | q | Q) return ;;
        esac
        printf '\n'
        if file_of "$answer"; then
            status=0
            run "$FILE" || status=$?
            if ((status != 0)); then say example.status "status=$status"; fi
        else
            say example.no_number "n=$answer" "mod=$SLUG" "last=$(number_of "${FILES[-1]}")"
        fi
        printf '\n'
    done
}

# main ARG... - see the head of this file.
main() {
    local status=0
    text_language
    text_load grader/text/"$KIT_LANG".txt
    if [[ $# -gt 1 || (${1-} != '' && $1 != --menu) ]]; then wrong example.usage; fi
    module_of
    if [[ ${1-} = --menu ]]; then
        menu
        return
    fi
    if [[ -z ${N-} ]]; then
        list >&2
        wrong example.usage
    fi
    file_of "$N" || wrong example.no_number "n=$N" "mod=$SLUG" "last=$(number_of "${FILES[-1]}")"
    run "$FILE" || status=$?
    exit "$status"
}

main "$@"

#!/usr/bin/env bash
# doctor.sh - says what this machine is for the kit: what is here, what is missing, what to do.
#   One fact a line, `ok`, `missing` or `note` first; 80 columns; nothing is installed.
#   KIT_ROOT=DIR looks from another tree.
#   Status: 0 when `make check` can run here; 3 when it cannot.
set -euo pipefail
shopt -s inherit_errexit nullglob
USER_LOCALE=${LC_ALL:-${LC_CTYPE:-${LANG-}}}
USER_LANGUAGE=${KIT_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG-}}}}
export LC_ALL=C
umask 077

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "${KIT_ROOT:-$HERE/..}"
GROUPS_OF_NEED=(check test lint docs coverage bench grade)

# line WORD NAME TEXT - prints a line; a long text goes on below, indented.
line() {
    local -r word=$1 name=$2
    local rest=$3 part
    local left
    printf -v left '%-8s%-14s' "$word" "$name"
    while [[ ${#rest} -gt 57 ]]; do
        part=${rest:0:57}
        if [[ $part = *' '* ]]; then part=${part% *}; fi
        printf '%s%s\n' "$left" "$part"
        rest=${rest:${#part}}
        rest=${rest# }
        left='                      '
    done
    printf '%s%s\n' "$left" "$rest"
}

# first_line COMMAND... - prints the first line that the command writes; nothing when it fails.
first_line() {
    "$@" >"$TMP/version" 2>/dev/null </dev/null || return 0
    head -n 1 "$TMP/version"
}

# system - the system, the kernel, the processor, memory and disk.
system() {
    local name='unknown' kernel machine cores memory disk
    if [[ -r /etc/os-release ]]; then
        name=$(awk -F= '$1 == "PRETTY_NAME" { gsub(/"/, "", $2); print $2 }' /etc/os-release)
    fi
    kernel=$(uname -sr)
    machine=$(uname -m)
    line ok system "$name, $kernel, $machine"
    case $kernel in
    Linux*) ;;
    *) line missing system 'The kit runs on Linux. Use the container in .devcontainer/.' ;;
    esac
    if [[ $kernel =~ ^Linux\ ([0-9]+)\.([0-9]+) ]] && ((BASH_REMATCH[1] * 100 + BASH_REMATCH[2] < 509)); then
        line note kernel 'The grader closes descriptors with close_range, which Linux 5.9 brought.'
    fi
    cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || cores='an unknown number of'
    line ok processors "$cores"
    if [[ -r /proc/meminfo ]]; then
        memory=$(awk '$1 == "MemTotal:" { t = $2 } $1 == "MemAvailable:" { a = $2 }
            END { printf "%d MiB, %d MiB of them free", t / 1024, a / 1024 }' /proc/meminfo)
        line ok memory "$memory"
    fi
    disk=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    if ((disk < 200)); then
        line missing disk "$disk MiB free here; a build takes up to 200. Make room."
    else
        line ok disk "$disk MiB free here"
    fi
}

# version_of NAME COMMAND... - a line with the version, where the command is there.
version_of() {
    local -r name=$1
    local text
    shift
    if command -v "$1" >/dev/null; then
        text=$(first_line "$@")
        line ok "$name" "${text:-present}"
    fi
}

# versions - what the tools say of themselves; what is missing shows under its group.
versions() {
    local text
    line ok bash "$BASH_VERSION"
    version_of gcc gcc --version
    version_of clang clang --version
    version_of make make --version
    version_of valgrind valgrind --version
    text=''
    if command -v pkg-config >/dev/null; then text=$(first_line pkg-config --modversion criterion); fi
    if [[ -n $text ]]; then line ok criterion "$text"; fi
}

# of_group GROUP STATE COLUMN - prints what need.sh said: that column of the group's items, with commas.
of_group() {
    awk -F'\t' -v g="$1" -v state="$2" -v c="$3" '
        $1 == g && $3 == state && !($c in seen) { seen[$c]; printf "%s%s", s, $c; s = ", " }' "$TMP/need"
}

# needs - each group of need.sh, whole or with what it lacks. Sets CAN_CHECK.
needs() {
    local group lacking optional packages
    bash "$HERE/need.sh" --list "${GROUPS_OF_NEED[@]}" >"$TMP/need"
    CAN_CHECK=1
    for group in "${GROUPS_OF_NEED[@]}"; do
        lacking=$(of_group "$group" missing 2)
        optional=$(of_group "$group" optional 2)
        if [[ -n $lacking ]]; then
            packages=$(of_group "$group" missing 4)
            line missing "for $group" "$lacking; packages: $packages. Run: bash grader/need.sh $group"
            if [[ $group = check ]]; then CAN_CHECK=0; fi
        else
            line ok "for $group" 'complete'
        fi
        if [[ -n $optional ]]; then line note "for $group" "without the optional $optional"; fi
    done
}

# limit NAME VALUE LEAST WHAT - a line for a limit of this shell; LEAST is what the kit wants.
limit() {
    local -r name=$1 value=$2 least=$3 what=$4
    if [[ $value = unlimited ]] || ((value >= least)); then
        line ok "$name" "$value $what"
    else
        line note "$name" "$value $what; the kit wants $least. Raise it with ulimit."
    fi
}

# limits - the limits that decide what the grader can do.
limits() {
    local value
    limit 'open files' "$(ulimit -n)" 256 'descriptors'
    limit processes "$(ulimit -u)" 256 'processes'
    limit 'file size' "$(ulimit -f)" 204800 'KiB a file'
    value=$(ulimit -v)
    if [[ $value = unlimited ]]; then
        line ok addresses 'unlimited'
    else
        line note addresses "$value KiB; the runtime reserves far more than it uses. Run: ulimit -v unlimited"
    fi
}

# sanitizer - whether a program under clang's ThreadSanitizer starts; old ones fail on wide randomisation.
sanitizer() {
    if ! command -v clang >/dev/null; then return 0; fi
    if ! printf 'int main(void) { return 0; }\n' |
        clang -x c - -fsanitize=thread -o "$TMP/tsan" >/dev/null 2>&1; then return 0; fi
    if "$TMP/tsan" >/dev/null 2>&1 </dev/null; then
        line ok tsan 'a program under ThreadSanitizer runs'
    else
        line note tsan 'built, but does not run; make test needs it. As root: sysctl vm.mmap_rnd_bits=28'
    fi
}

# wall - how far a student's program is shut off here, and how slow the machine is. Both need a compiler.
wall() {
    local factor
    if ! make -s build/kit/gsand build/kit/calibrate >"$TMP/make" 2>&1; then return 0; fi
    if build/kit/gsand --read /proc/self --report "$TMP/wall" -- true 2>"$TMP/wall.why" </dev/null; then
        line ok sandbox "$(sed -n 's/.*"tier":"\([a-z]*\)".*/\1/p' "$TMP/wall")"
    else
        line missing sandbox "$(head -n 1 "$TMP/wall.why")"
    fi
    if factor=$(bash "$HERE/calibrate.sh" 2>/dev/null); then
        line ok speed "limits of time are multiplied by $factor here"
    fi
}

# words - the language of the messages and whether the terminal shows more than ASCII.
words() {
    case $USER_LANGUAGE in
    pt*) line ok language 'pt-BR' ;;
    es*) line ok language 'es' ;;
    ko*) line ok language 'ko' ;;
    *) line ok language 'en; KIT_LANG=pt-BR, es or ko changes it' ;;
    esac
    case $USER_LOCALE in
    *[Uu][Tt][Ff]*8*) line ok characters "UTF-8 ($USER_LOCALE)" ;;
    *) line note characters 'the locale is not UTF-8: pictures are drawn in ASCII. For more: export LC_ALL=C.UTF-8' ;;
    esac
}

main() {
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    system
    versions
    needs
    limits
    sanitizer
    wall
    words
    printf '\n'
    if [[ $CAN_CHECK = 1 ]]; then
        printf 'This machine can run make check.\n'
        exit 0
    fi
    printf 'This machine cannot run make check yet. Run: bash grader/need.sh check\n'
    exit 3
}

main "$@"

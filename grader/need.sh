#!/usr/bin/env bash
# need.sh [--list] GROUP... - makes sure that what the kit uses is there.
#   Groups: check test docs coverage bench lint grade.
#   What is used is tried, not looked up: a program is linked, a command is run. When something
#   is missing, the one command that installs it is named; it is run only as root, with
#   CI=true or KIT_YES=1, or after a yes typed at a terminal.
#
#   KIT_NO_INSTALL=1  never install       KIT_YES=1  install without asking
#   KIT_PEERS=1       bench also installs the optional peers it is measured against
#   --list            print `group item state packages` with tabs, install nothing
#
#   When all is there, build/need/GROUP remembers it: until a package, PATH or this file
#   changes, the answer costs one stat. To ask afresh, remove build/need.
#   Status: 0 all is there; 2 wrong use; 3 something is missing, or this system cannot do it.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    printf 'gort needs bash 4.4 or newer; this is bash %s.\n' "$BASH_VERSION" >&2
    exit 3
fi
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

SELF=${BASH_SOURCE[0]}
KIT_ROOT=${KIT_ROOT:-${SELF%/*}/..}
STAMPS=$KIT_ROOT/build/need
MANAGERS=(apt dnf pacman brew apk)
# How each manager's own command is called, in the order of MANAGERS.
COMMANDS=(apt-get dnf pacman brew apk)

# items_of GROUP - prints the items of a group, the optional ones with a +; status 1 for an unknown group.
items_of() {
    local -r build='gcc make' judge='criterion valgrind jq awk binutils tools archives'
    case $1 in
    check) printf '%s\n' "$build $judge" ;;
    test) printf '%s\n' "$build $judge gcc-asan clang clang-rt bats shellcheck parallel zip" ;;
    docs) printf 'pandoc awk\n' ;;
    coverage) printf '%s\n' "$build criterion gcovr" ;;
    bench) printf '%s\n' "$build awk +go +boehm +jemalloc +mimalloc +tcmalloc" ;;
    lint) printf 'gcc make awk binutils tools shellcheck\n' ;;
    grade) printf '%s\n' "$build $judge parallel" ;;
    *) return 1 ;;
    esac
}

# packages_of ITEM - prints the item's packages for apt | dnf | pacman | brew | apk; - is none.
packages_of() {
    case $1 in
    gcc) printf 'gcc libc6-dev|gcc glibc-devel|gcc|gcc|gcc musl-dev linux-headers\n' ;;
    gcc-asan) printf 'gcc|libasan libubsan|gcc|gcc|-\n' ;;
    make) printf 'make|make|make|make|make\n' ;;
    criterion) printf 'libcriterion-dev|-|criterion|criterion|-\n' ;;
    valgrind) printf 'valgrind|valgrind valgrind-devel|valgrind|valgrind|valgrind valgrind-dev\n' ;;
    archives) printf 'tar gzip xz-utils unzip|%s|%s|%s|%s\n' 'tar gzip xz unzip' 'tar gzip xz unzip' \
        'gnu-tar gzip xz unzip' 'tar gzip xz unzip' ;;
    jq | bats | parallel | zip) printf '%s|%s|%s|%s|%s\n' "$1" "$1" "$1" "${1/#bats/bats-core}" "$1" ;;
    gcovr) printf 'gcovr|gcovr|gcovr|gcovr|gcovr\n' ;;
    awk) printf 'mawk|gawk|gawk|gawk|gawk\n' ;;
    binutils) printf 'binutils|binutils|binutils|binutils|binutils\n' ;;
    tools) printf 'coreutils diffutils findutils grep sed|%s|%s|%s|%s\n' \
        'coreutils diffutils findutils grep sed' 'coreutils diffutils findutils grep sed' \
        'coreutils diffutils findutils grep gnu-sed' 'coreutils diffutils findutils grep sed' ;;
    shellcheck) printf 'shellcheck|ShellCheck|shellcheck|shellcheck|shellcheck\n' ;;
    clang) printf 'clang|clang|clang|llvm|clang\n' ;;
    clang-rt) printf 'libclang-rt-dev|compiler-rt|compiler-rt|llvm|compiler-rt\n' ;;
    pandoc) printf 'pandoc|pandoc-cli|pandoc-cli|pandoc|pandoc-cli\n' ;;
    go) printf 'golang-go|golang|go|go|go\n' ;;
    boehm) printf 'libgc-dev|gc-devel|gc|bdw-gc|gc-dev\n' ;;
    jemalloc) printf 'libjemalloc-dev|jemalloc-devel|jemalloc|jemalloc|jemalloc-dev\n' ;;
    mimalloc) printf 'libmimalloc-dev|mimalloc-devel|mimalloc|mimalloc|mimalloc-dev\n' ;;
    tcmalloc) printf 'libgoogle-perftools-dev|gperftools-devel|gperftools|gperftools|gperftools-dev\n' ;;
    esac
}

# commands NAME... - status 0 when each of these commands is on PATH.
commands() {
    local name
    for name; do
        if ! command -v "$name" >/dev/null; then return 1; fi
    done
}

# links COMPILER SOURCE [FLAG...] - status 0 when the program compiles and links.
links() {
    local -r compiler=$1 source=$2
    shift 2
    if ! command -v "$compiler" >/dev/null; then return 1; fi
    printf '%s\n' "$source" | "$compiler" -x c - -x none -o "$TMP/probe" "$@" >/dev/null 2>&1
}

# valgrind_works - status 0 when its headers compile and it can run a program.
valgrind_works() {
    commands valgrind &&
        links gcc '#include <valgrind/memcheck.h>
int main(void) { return RUNNING_ON_VALGRIND ? 0 : 1; }' &&
        valgrind -q --error-exitcode=9 "$TMP/probe" </dev/null >/dev/null 2>&1
}

# has ITEM - status 0 when the item is there and works.
has() {
    local -r main='int main(void) { return 0; }'
    case $1 in
    gcc) links gcc "#include <stdio.h>
#include <linux/seccomp.h>
$main" -pthread ;;
    gcc-asan) links gcc "$main" -fsanitize=address,undefined ;;
    criterion) links gcc '#include <criterion/criterion.h>
Test(a, b) { cr_assert(1); }' -lcriterion ;;
    valgrind) valgrind_works ;;
    binutils) commands objcopy nm readelf objdump addr2line ;;
    archives) commands tar gzip xz unzip ;;
    tools) commands timeout sha256sum cmp diff find grep sed ;;
    clang-rt) links clang "$main" -fsanitize=thread && links clang "$main" -fsanitize=address ;;
    jemalloc | mimalloc) links gcc "$main" "-l$1" ;;
    boehm) links gcc "$main" -lgc ;;
    tcmalloc) links gcc "$main" -ltcmalloc_minimal || links gcc "$main" -ltcmalloc ;;
    *) commands "$1" ;;
    esac
}

# fingerprint - prints what the answer depends on: PATH, this file and the packages' database.
fingerprint() {
    local -a files=()
    local f
    for f in "$SELF" /var/lib/dpkg/status /var/lib/rpm /usr/lib/sysimage/rpm /var/lib/pacman/local \
        /lib/apk/db/installed /home/linuxbrew/.linuxbrew/Cellar /opt/homebrew/Cellar /usr/local/bin; do
        if [[ -e $f ]]; then files+=("$f"); fi
    done
    printf '%s\n' "$PATH"
    stat -L -c '%n %y %s' -- "${files[@]}" 2>/dev/null || stat -L -f '%N %Fm %z' "${files[@]}"
}

# remembered GROUP FINGERPRINT - status 0 when the group was complete at this fingerprint.
remembered() {
    local -r stamp=$STAMPS/$1
    if [[ ! -f $stamp ]]; then return 1; fi
    [[ $(<"$stamp") = "$2" ]]
}

# manager - prints the index of this system's package manager; status 1 when it has none we know.
manager() {
    local i
    for i in "${!COMMANDS[@]}"; do
        if commands "${COMMANDS[i]}"; then
            printf '%s\n' "$i"
            return 0
        fi
    done
    return 1
}

# package_for ITEM INDEX - prints the item's packages for manager INDEX; nothing when it has none.
package_for() {
    local -a row
    local packages
    packages=$(packages_of "$1")
    IFS='|' read -ra row <<<"$packages"
    if [[ $2 = none || ${row[$2]} = - ]]; then return 0; fi
    # Before Debian 12 and Ubuntu 24.04 the sanitizers came with clang itself.
    if [[ ${row[$2]} = libclang-rt-dev ]] && commands apt-cache && apt-cache show clang >/dev/null 2>&1 &&
        ! apt-cache show libclang-rt-dev >/dev/null 2>&1; then
        printf 'clang\n'
    else
        printf '%s\n' "${row[$2]}"
    fi
}

# install_command INDEX PACKAGE... - prints the one command that installs the packages.
install_command() {
    local -r name=${MANAGERS[$1]}
    local sudo=''
    shift
    if [[ $(id -u) != 0 && $name != brew ]]; then sudo='sudo '; fi
    case $name in
    apt) printf '%sapt-get update && %sapt-get install -y --no-install-recommends' "$sudo" "$sudo" ;;
    dnf) printf '%sdnf install -y' "$sudo" ;;
    pacman) printf '%spacman -Sy --needed --noconfirm' "$sudo" ;;
    brew) printf 'brew install' ;;
    apk) printf '%sapk add' "$sudo" ;;
    esac
    printf ' %s' "$@"
    printf '\n'
}

# may_install COMMAND - status 0 when installing is allowed, by right, by variable or by a typed yes.
may_install() {
    local answer
    if [[ -n ${KIT_NO_INSTALL-} && $KIT_NO_INSTALL != 0 ]]; then return 1; fi
    if [[ $(id -u) = 0 || ${CI-} = true || ${KIT_YES-} = 1 ]]; then return 0; fi
    if [[ ! -t 0 || ! -t 2 ]]; then return 1; fi
    printf 'Run it now? [y/N] ' >&2
    read -r answer || return 1
    [[ $answer = [yY]* ]]
}

# install COMMAND - runs the command that install_command made; says so when it fails.
install() {
    local status=0
    printf '+ %s\n' "$1" >&2
    DEBIAN_FRONTEND=noninteractive bash -c "$1" </dev/null >&2 || status=$?
    if [[ $status -ne 0 ]]; then
        printf 'That command ended with status %d.\n' "$status" >&2
        return 1
    fi
}

# missing_of GROUP... - prints the missing items, each once; optional ones begin with +.
missing_of() {
    local group items item name
    local -A seen=()
    for group; do
        items=$(items_of "$group")
        for item in $items; do
            name=${item#+}
            if [[ -n ${seen[$name]-} ]]; then continue; fi
            seen[$name]=1
            if ! has "$name"; then printf '%s\n' "$item"; fi
        done
    done
}

# list GROUP... - prints a line for each item of each group: group, item, state, packages.
list() {
    local group items item name state index packages
    local -A known=()
    index=$(manager) || index=none
    for group; do
        items=$(items_of "$group")
        for item in $items; do
            name=${item#+}
            if [[ -z ${known[$name]-} ]]; then
                state=missing
                if has "$name"; then state=ok; fi
                known[$name]=$state
            fi
            state=${known[$name]}
            if [[ $state = missing && $item = +* ]]; then state=optional; fi
            packages=$(package_for "$name" "$index")
            printf '%s\t%s\t%s\t%s\n' "$group" "$name" "$state" "${packages:--}"
        done
    done
}

# optional_note INDEX ITEM... - says which optional peers are not here; that is no failure.
optional_note() {
    local -r index=$1
    local item packages all='' command
    shift
    for item; do
        packages=$(package_for "$item" "$index")
        all+=" $packages"
    done
    printf 'Optional and not here: %s. The benchmark leaves these out.\n' "$*" >&2
    if [[ $index != none ]]; then
        # shellcheck disable=SC2086  # a list of packages
        command=$(install_command "$index" $all)
        printf 'To compare with them as well: %s\n' "$command" >&2
    fi
}

# supply ITEM... - names the command for what is missing and runs it when it may. Status 1: it did not.
supply() {
    local item index packages command
    local -a all=() none=()
    index=$(manager) || index=none
    for item; do
        packages=$(package_for "$item" "$index")
        if [[ -z $packages ]]; then none+=("$item"); fi
        # shellcheck disable=SC2206  # a list of packages
        all+=($packages)
    done
    printf 'Missing: %s.\n' "$*" >&2
    if [[ ${#none[@]} -gt 0 ]]; then
        printf 'Not packaged for this system: %s. Use the container in .devcontainer/.\n' "${none[*]}" >&2
    fi
    if [[ ${#all[@]} -eq 0 ]]; then return 1; fi
    mapfile -t all < <(printf '%s\n' "${all[@]}" | sort -u)
    command=$(install_command "$index" "${all[@]}")
    printf 'Install with: %s\n' "$command" >&2
    if [[ ${#none[@]} -gt 0 ]]; then return 1; fi
    may_install || return 1
    install "$command"
}

# need GROUP... - the work behind the stamps; status 0 when the groups are complete.
need() {
    local item index
    local -a required=() optional=() after=()
    missing_of "$@" >"$TMP/missing"
    while IFS= read -r item; do
        if [[ $item != +* || ${KIT_PEERS-} = 1 ]]; then
            required+=("${item#+}")
        else
            optional+=("${item#+}")
        fi
    done <"$TMP/missing"
    if [[ ${#required[@]} -gt 0 ]]; then
        supply "${required[@]}" || return 1
        hash -r
        for item in "${required[@]}"; do
            if ! has "$item"; then after+=("$item"); fi
        done
    fi
    if [[ ${#after[@]} -gt 0 ]]; then
        printf 'Installed, and still not usable: %s..\n' "${after[*]}" >&2
        return 1
    fi
    if [[ ${#optional[@]} -gt 0 ]]; then
        index=$(manager) || index=none
        optional_note "$index" "${optional[@]}"
    fi
}

# remember GROUP... - writes the stamps; where they cannot be written, only the speed is lost.
remember() {
    local group print
    print=$(fingerprint)
    if ! mkdir -p -- "$STAMPS" 2>/dev/null; then return 0; fi
    for group; do
        { printf '%s\n' "$print" >"$STAMPS/$group.$$" &&
            mv -f -- "$STAMPS/$group.$$" "$STAMPS/$group"; } 2>/dev/null || true
    done
}

# usage - says how need.sh is called.
usage() {
    printf 'usage: need.sh [--list] GROUP...   groups: check test docs coverage bench lint grade\n' >&2
}

# check_groups NAME... - ends with status 2 when a name is not a group's.
check_groups() {
    local group
    for group; do
        if ! items_of "$group" >/dev/null; then
            printf 'need.sh: %s names no group.\n' "$group" >&2
            usage
            exit 2
        fi
    done
    if [[ $# -eq 0 ]]; then
        usage
        exit 2
    fi
}

# main ARG... - see the head of this file.
main() {
    local mode=need group print
    local -a groups=()
    if [[ ${1-} = --list ]]; then
        mode=list
        shift
    fi
    check_groups "$@"
    if [[ $mode = need ]]; then
        print=$(fingerprint)
        for group; do
            if ! remembered "$group" "$print"; then groups+=("$group"); fi
        done
        if [[ ${#groups[@]} -eq 0 ]]; then exit 0; fi
    fi
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    if [[ $mode = list ]]; then
        list "$@"
        exit 0
    fi
    if ! need "${groups[@]}"; then exit 3; fi
    remember "${groups[@]}"
}

main "$@"

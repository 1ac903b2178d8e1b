#!/usr/bin/env bash
# floors.sh - looks whether a lower floor of the runtime uses a higher one.
#   runtime/FLOORS says which room is on which floor: lines `floor folder room...`, comments
#   with #. A folder has one floor. Findings, one a line, `file:line: sentence`:
#     a room or a header includes a header of a higher floor;
#     a room's object needs a symbol that only an object of a higher floor defines;
#     a room is not in FLOORS, or FLOORS names a room that is not there.
#   KIT_ROOT=DIR looks at another tree. Needs the objects in build/rel and has make build them.
#   Status: 0 nothing found; 1 something found; 2 the runtime does not build.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

SELF=${BASH_SOURCE[0]}
cd -- "${KIT_ROOT:-${SELF%/*}/..}"
FLOORS=runtime/FLOORS
OBJECTS=build/rel/runtime
ADVICE='Call it through a function pointer that the higher room fills in, or move it down.'
if [[ -f runtime/base/hooks.h ]]; then ADVICE='Call it through base/hooks.h, or move it down.'; fi

# found FILE LINE SENTENCE - records a finding.
found() {
    printf '%s:%s: %s\n' "$1" "$2" "$3" >>"$TMP/found"
}

# read_floors - writes TMP/rooms: floor, folder, room, line; finds a folder on two floors.
read_floors() {
    awk -v file="$FLOORS" -v found="$TMP/found" '
        { sub(/#.*/, "") }
        NF == 0 { next }
        $1 !~ /^[0-9]+$/ || NF < 2 {
            printf "%s:%d: A line is `floor folder room...`, and the floor a number.\n", file, FNR >> found
            next
        }
        ($2 in floor) && floor[$2] != $1 {
            printf "%s:%d: %s is on floor %s above and on floor %s here.\n", file, FNR, $2, floor[$2], $1 >> found
        }
        { floor[$2] = $1; for (i = 3; i <= NF; i++) print $1, $2, $i, FNR }' "$FLOORS" >"$TMP/rooms"
    awk '{ sub(/#.*/, "") } $1 ~ /^[0-9]+$/ && NF >= 2 { print $2, $1 }' "$FLOORS" | sort -u >"$TMP/folders"
}

# check_listed - finds rooms that FLOORS does not name; a generator, mk*.c, is no room.
check_listed() {
    local folder file room
    awk '{ print $2 "/" $3 }' "$TMP/rooms" >"$TMP/listed"
    for folder in runtime/*/; do
        folder=${folder#runtime/}
        folder=${folder%/}
        case $folder in
        include | t | bench) continue ;;
        esac
        for file in "runtime/$folder"/*.[cS]; do
            room=${file##*/}
            room=${room%.[cS]}
            if [[ $room = mk* ]] || grep -qxF -- "$folder/$room" "$TMP/listed"; then continue; fi
            found "$file" 1 "The room $room is not in $FLOORS. Add it to the line of its folder $folder."
        done
    done
}

# check_there - finds rooms that FLOORS names and that do not exist.
check_there() {
    local floor folder room line
    local -a files
    while read -r floor folder room line; do
        files=("runtime/$folder/$room".[chS])
        if [[ ${#files[@]} -eq 0 ]]; then
            found "$FLOORS" "$line" "There is no room runtime/$folder/$room.c or .h on floor $floor."
        fi
    done <"$TMP/rooms"
}

# floor_table - prints `header floor` for every header of the runtime; include/ is on the top floor.
floor_table() {
    local folder floor file top
    while read -r folder floor; do
        for file in "runtime/$folder"/*.h; do printf '%s %s\n' "${file##*/}" "$floor"; done
    done <"$TMP/folders"
    top=$(awk '$2 > top { top = $2 } END { print top + 0 }' "$TMP/folders")
    for file in runtime/include/*.h; do printf '%s %s\n' "${file##*/}" "$top"; done
}

# check_includes - finds includes that go up.
check_includes() {
    local folder floor
    local -a files
    floor_table >"$TMP/headers"
    while read -r folder floor; do
        files=("runtime/$folder"/*.[chS])
        if [[ ${#files[@]} -eq 0 ]]; then continue; fi
        awk -v mine="$floor" -v table="$TMP/headers" -v advice="$ADVICE" '
            BEGIN { while ((getline line < table) > 0) { split(line, f, " "); floor[f[1]] = f[2] } }
            /^[ \t]*#[ \t]*include[ \t]*["<]/ {
                name = $0
                sub(/^[^"<]*["<]/, "", name); sub(/[">].*/, "", name); sub(/.*\//, "", name)
                if ((name in floor) && floor[name] + 0 > mine + 0)
                    printf "%s:%d: Floor %d includes %s of floor %d. %s\n", FILENAME, FNR, mine, \
                        name, floor[name], advice
            }' "${files[@]}" >>"$TMP/found"
    done <"$TMP/folders"
}

# build - has make build the objects, where there is a Makefile. Status: make's.
build() {
    local status=0
    if [[ ! -f Makefile || -n ${KIT_NO_BUILD-} ]]; then return 0; fi
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory "$OBJECTS.list" build/rel/escape \
        >"$TMP/make" 2>&1 ||
        status=$?
    if [[ $status -ne 0 ]]; then
        printf 'The runtime does not build, so its objects cannot be looked at:\n' >&2
        tail -n 20 "$TMP/make" >&2
    fi
    return "$status"
}

# symbols - prints `D|U floor room symbol` for all objects: defined or undefined.
symbols() {
    local floor folder room line object
    while read -r floor folder room line; do
        object=$OBJECTS/$folder/$room.o
        if [[ ! -f $object ]]; then
            if [[ -f runtime/$folder/$room.c ]]; then
                found "$FLOORS" "$line" "The room $room has no object $object: it was not built."
            fi
            continue
        fi
        nm --extern-only --defined-only -- "$object" | awk -v r="$floor $folder/$room" 'NF == 3 { print "D", r, $3 }'
        nm --undefined-only -- "$object" | awk -v r="$floor $folder/$room" '{ print "U", r, $NF }'
    done <"$TMP/rooms"
}

# check_symbols - finds calls that go up: no object of the room's floor or below defines the symbol.
check_symbols() {
    symbols >"$TMP/symbols"
    awk -v advice="$ADVICE" '
        function line_of(file, s,    text, n) {
            n = 0
            while ((getline text < file) > 0) {
                n++
                if (text ~ ("(^|[^A-Za-z0-9_])" s "($|[^A-Za-z0-9_])")) { close(file); return n }
            }
            close(file)
            return 1
        }
        $1 == "D" && (!($4 in floor) || $2 + 0 < floor[$4]) { floor[$4] = $2 + 0; room[$4] = $3 }
        $1 == "U" { n++; at[n] = $2 + 0; from[n] = $3; symbol[n] = $4 }
        END {
            for (i = 1; i <= n; i++) {
                s = symbol[i]
                if (!(s in floor) || floor[s] <= at[i]) continue
                file = "runtime/" from[i] ".c"
                printf "%s:%d: Floor %d needs %s, which %s.c of floor %d defines. %s\n", \
                    file, line_of(file, s), at[i], s, room[s], floor[s], advice
            }
        }' "$TMP/symbols" >>"$TMP/found"
}

# main - see the head of this file.
main() {
    TMP=$(mktemp -d)
    trap 'rm -rf -- "${TMP:?}"' EXIT
    : >"$TMP/found"
    if [[ ! -f $FLOORS ]]; then
        printf '%s:1: The list of floors is not there.\n' "$FLOORS"
        exit 1
    fi
    read_floors
    check_listed
    check_there
    check_includes
    build || exit 2
    check_symbols
    sort -u "$TMP/found"
    if [[ -s $TMP/found ]]; then exit 1; fi
}

main "$@"

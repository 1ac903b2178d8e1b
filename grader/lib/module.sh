# module.sh - finding a module and reading what its files say. Data is read, never run.
# shellcheck shell=bash

# module_find WISH - prints the folder name of the module with that number or slug.
# Status 1 when there is none.
module_find() {
    local -r wish=$1
    local folder name
    for folder in modules/*/; do
        name=${folder#modules/}
        name=${name%/}
        if [[ $name != _* && ($name = "$wish" || ${name%%-*} = "$wish" || ${name#*-} = "$wish") ]]; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    return 1
}

# module_list - prints the folder names of all modules.
module_list() {
    local folder
    for folder in modules/[!_]*/; do
        folder=${folder#modules/}
        printf '%s\n' "${folder%/}"
    done
}

# conf_get FILE KEY - prints the value of `key = value`, empty when it is not there.
conf_get() {
    local -r file=$1 wanted=$2
    local key value
    while IFS='=' read -r key value || [[ -n $key ]]; do
        key=${key%"${key##*[! ]}"}
        if [[ $key = "$wanted" ]]; then
            printf '%s\n' "${value# }"
            return 0
        fi
    done <"$file"
}

# module_rooms SLUG - prints `EXERCISE ROOM FLOOR` for each exercise, in order.
module_rooms() {
    awk '!/^#/ && NF == 3 { print $1, $2, $3 }' "modules/$1/rooms"
}

# module_stem EXERCISE ROOM - prints the stem of the exercise's test files: ex2_slice, adv_tiny.
module_stem() {
    case $1 in
    [0-9]*) printf 'ex%s_%s\n' "$1" "$2" ;;
    *) printf '%s_%s\n' "$1" "$2" ;;
    esac
}

#!/usr/bin/env bash
# link.sh KIND SLUG EXERCISE ROOM_OBJECT OUT - links one room's object with its tests and the runtime.
#   KIND is subject (no Criterion) or public (Criterion, in one process). EXERCISE is the
#   stem of its test files, for instance ex1_frames. The room's object takes the place of
#   the runtime's room of the same name.
#   KIT_FLAVOUR names the runtime's build (rel); cov links with coverage.
#   Status: 0 linked; 1 the room lacks a function, named on standard output, one per line;
#   2 wrong use or the linker failed.
set -euo pipefail
shopt -s inherit_errexit nullglob
export LC_ALL=C
umask 077

OBJCOPY=${OBJCOPY:-objcopy}
CC=${CC:-gcc}
FLAVOUR=${KIT_FLAVOUR:-rel}
LIST=build/$FLAVOUR/runtime.list
COUNTED=(malloc calloc realloc reallocarray aligned_alloc posix_memalign strdup strndup free gort_alloc)

# reference_object ROOM - prints the runtime's object of that room.
reference_object() {
    local -r room=$1
    grep "/$room\.o\$" "$LIST"
}

# exported OBJECT - prints the functions that an object offers, sorted.
exported() {
    local -r object=$1
    nm --defined-only --extern-only -- "$object" | awk '$2 ~ /^[TW]$/ { print $3 }' | sort -u
}

# counted ROOM_OBJECT API OUT - writes the object with only its API global, its allocations counted.
counted() {
    local -r object=$1 api=$2 out=$3
    local -a renames=()
    local name
    for name in "${COUNTED[@]}"; do
        if ! grep -qx "$name" "$api"; then renames+=(--redefine-sym "$name=gt_$name"); fi
    done
    "$OBJCOPY" --keep-global-symbols="$api" "${renames[@]}" -- "$object" "$out"
}

main() {
    if [[ $# -ne 5 ]]; then
        printf 'usage: link.sh subject|public SLUG EXERCISE ROOM_OBJECT OUT\n' >&2
        exit 2
    fi
    local -r kind=$1 slug=$2 exercise=$3 object=$4 out=$5
    local -r room=${exercise##*_} kit=build/kit
    local reference missing
    local -a objects=() rest=() flags=()
    reference=$(reference_object "$room")
    exported "$reference" >"$out.api"
    exported "$object" >"$out.have"
    missing=$(comm -23 "$out.api" "$out.have")
    if [[ -n $missing ]]; then
        printf '%s\n' "$missing"
        exit 1
    fi
    counted "$object" "$out.api" "$out.room.o"
    if [[ $FLAVOUR = cov ]]; then flags=(--coverage); fi
    mapfile -t rest < <(grep -vFx "$reference" "$LIST")
    case $kind in
    subject) objects=("$kit/$slug"/{public,hidden}/"$exercise.subject.o" "$kit"/{subject,count,words,filter,bpf}.o) ;;
    public) objects=("$kit/$slug/public/$exercise.public.o" "$kit"/{public,count,words}.o -lcriterion) ;;
    *) exit 2 ;;
    esac
    if [[ $kind = subject && ! -e ${objects[1]} ]]; then unset 'objects[1]'; fi
    "$CC" "${flags[@]}" -no-pie -pthread -o "$out" "$out.room.o" "${rest[@]}" "${objects[@]}" || exit 2
    rm -f -- "$out.api" "$out.have"
}

main "$@"

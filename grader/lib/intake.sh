# intake.sh - takes one source file in, or says why not.
#
# What comes in is a name that somebody else chose and bytes that nobody has looked at. The
# file is read once, through a descriptor that follows no link and waits for no writer;
# everything after that works on the snapshot. The submission's own name is never an
# argument that a program could take for an option.
#
# Refused: archives and folders, which `make grade` lists and reads by name; `file` and its
# guesses about content; repairing a file, since what is graded must be what was handed in.
# shellcheck shell=bash

INTAKE_MOST=262144              # bytes of one source file

# intake_read SOURCE TO - copies at most one byte more than a source may have. dd takes the name as
# the value of an operand, follows no link and does not wait for a writer.
intake_read() {
    timeout -k 1 10 dd if="$1" of="$2" iflag=nofollow,nonblock,count_bytes,fullblock \
        count=$((INTAKE_MOST + 1)) bs=65536 status=none 2>/dev/null </dev/null
}

# intake_text FILE - prints the reason why a file of bytes is no source text; nothing when it is.
intake_text() {
    local size text
    size=$(stat -c %s -- "$1")
    if ((size == 0)); then
        printf 'empty'
    elif ((size > INTAKE_MOST)); then
        printf 'too-big'
    else
        text=$(tr -d '\0' <"$1" | wc -c)
        if ((text != size)); then
            printf 'nul'
        elif ! iconv -f UTF-8 -t UTF-16LE <"$1" >/dev/null 2>&1; then
            printf 'encoding'
        fi
    fi
}

# intake SOURCE OUT ROOM - leaves OUT/in/ROOM.c, read-only, and its hash in OUT/in/sha256. When it
# refuses, prints `REASON<tab>` and returns 1; the reasons are keys reject.REASON of the texts.
intake() {
    local -r source=$1 folder=$2/in room=$3
    local reason
    rm -rf -- "${folder:?}"
    mkdir -p -- "$folder"
    if [[ -h $source || ! -f $source ]] || ! intake_read "$source" "$folder/$room.c"; then
        printf 'not-a-file\t\n'
        return 1
    fi
    reason=$(intake_text "$folder/$room.c")
    if [[ -n $reason ]]; then
        printf '%s\t\n' "$reason"
        return 1
    fi
    chmod 444 -- "$folder/$room.c"
    chmod 755 -- "$folder"
    sha256sum <"$folder/$room.c" | cut -d' ' -f1 >"$folder/sha256"
}

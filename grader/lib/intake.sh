# intake.sh - takes one source file in, or says why not.
#
# What comes in is a name that somebody else chose and bytes that nobody has looked at. The
# file is read once, through a descriptor that follows no link and waits for no writer;
# everything after that works on the snapshot. The submission's own name is never an
# argument that a program could take for an option.
#
# What is called .tar, .tar.gz, .tar.xz or .zip is an archive: the room's member of it is read, as
# archive.sh says, and then looked at like any other source.
#
# Refused: folders; `file` and its guesses about content; repairing a file, since what is
# graded must be what was handed in.
# shellcheck shell=bash

INTAKE_MOST=262144              # bytes of one source file

# intake_read SOURCE TO [MOST] - copies at most one byte more than a source, or MOST, allows. dd takes the name as
# the value of an operand, follows no link and does not wait for a writer.
intake_read() {
    timeout -k 1 10 dd if="$1" of="$2" iflag=nofollow,nonblock,count_bytes,fullblock \
        count=$((${3:-INTAKE_MOST} + 1)) bs=65536 status=none 2>/dev/null </dev/null
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

# intake_member ARCHIVE FOLDER ROOM - takes the room out of an archive; prints the reason when it refuses.
intake_member() {
    local -r folder=$2 room=$3
    local reason name
    reason=$(archive_open "$1" "$folder")
    if [[ -n $reason ]]; then
        printf '%s' "$reason"
    elif ! name=$(archive_choose "$folder" "$room"); then
        printf '%s' "$name"
    elif ! archive_take "$folder" "$name" "$folder/$room.c"; then
        printf 'archive'
    else
        archive_ignored "$folder" "$name"
        intake_text "$folder/$room.c"
    fi
    rm -f -- "$folder"/{archive,list}
}

# intake SOURCE OUT ROOM - leaves OUT/in/ROOM.c, read-only, and its hash in OUT/in/sha256. When it
# refuses, prints `REASON<tab>` and returns 1; the reasons are keys reject.REASON of the texts.
intake() {
    local -r source=$1 folder=$2/in room=$3
    local reason
    rm -rf -- "${folder:?}"
    mkdir -p -- "$folder"
    if archive_is "$source"; then
        reason=$(intake_member "$source" "$folder" "$room")
    elif [[ -h $source || ! -f $source ]] || ! intake_read "$source" "$folder/$room.c"; then
        reason=not-a-file
    else
        reason=$(intake_text "$folder/$room.c")
    fi
    if [[ -n $reason ]]; then
        printf '%s\t\n' "$reason"
        return 1
    fi
    chmod 444 -- "$folder/$room.c"
    chmod 755 -- "$folder"
    sha256sum <"$folder/$room.c" | cut -d' ' -f1 >"$folder/sha256"
}

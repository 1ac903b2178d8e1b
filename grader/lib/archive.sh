# archive.sh - takes rooms out of a .tar, .tar.gz, .tar.xz or .zip that somebody handed in.
#
# An archive is never unpacked. It is listed, and of the names in the list only those that a
# module's rooms have are read, one at a time, as bytes with a limit: no path of the
# archive's is ever a path here. The programs that read it (gzip, xz, tar, unzip) run behind
# the wall, since what they parse was made by somebody else.
#
# A room may lie at the top or in one folder. A link, a device, a room that is there twice, and
# an archive that grows beyond its limits are refused; every other member is ignored, and noted
# in OUT/in/ignored, absolute names and those with .. among them: they are no room's.
#
# Sourced after sandbox.sh, whose TIER and SCALE must be set, and intake.sh.
# shellcheck shell=bash

ARCHIVE_MOST=16777216           # bytes of an archive, and of a tar file after decompression
ARCHIVE_LIST_MOST=1048576       # bytes of its list

# archive_is NAME - status 0 when the name is an archive's.
archive_is() {
    [[ $1 =~ \.(tar|tar\.gz|tgz|tar\.xz|txz|zip)$ ]]
}

# archive_run FILE MOST TO COMMAND... - runs a command behind the wall that finds FILE beside it and
# writes to descriptor 9, which is the file TO. MOST is in MiB.
archive_run() {
    local -r file=$1 most=$2 to=$3
    shift 3
    sandboxed 10 --cpu 10 --rss 256 --processes 8 --file "$most" --output 64 --copy "$file" --keep 9=9 -- \
        env LC_ALL=C.UTF-8 "$@" 9>"$to" >/dev/null 2>&1 </dev/null
}

# archive_kind FILE - prints tar, gzip, xz or zip, from its first bytes; nothing for anything else.
archive_kind() {
    local first magic
    first=$(head -c 6 -- "$1" | od -An -v -tx1 | tr -d ' \n')
    magic=$(tail -c +258 -- "$1" | head -c 5 | tr -d '\0')
    case $first in
    1f8b*) printf 'gzip' ;;
    fd377a585a00) printf 'xz' ;;
    504b0304* | 504b0506*) printf 'zip' ;;
    *) if [[ $magic = ustar ]]; then printf 'tar'; fi ;;
    esac
}

# archive_plain FOLDER - turns FOLDER/archive into a plain tar or zip file; prints why it cannot.
archive_plain() {
    local -r folder=$1
    local kind
    kind=$(archive_kind "$folder/archive")
    if [[ $kind = gzip || $kind = xz ]]; then
        # shellcheck disable=SC2016
        archive_run "$folder/archive" 17 "$folder/plain" sh -c '"$1" -dc archive | head -c "$2" >&9' \
            sh "$kind" $((ARCHIVE_MOST + 1)) || true
        mv -f -- "$folder/plain" "$folder/archive"
        kind=$(archive_kind "$folder/archive")
        if [[ $kind = zip ]]; then kind=''; fi
    fi
    if (($(stat -c %s -- "$folder/archive") > ARCHIVE_MOST)); then
        printf 'archive-size'
    elif [[ $kind = tar || $kind = zip ]]; then
        printf '%s\n' "$kind" >"$folder/kind"
    else
        printf 'archive'
    fi
}

# archive_members KIND - makes lines `file|folder|other<tab>NAME` of the list that tar or unzip printed.
# Status 1 when a line is not as it should be, or, for zip, when lines are missing.
archive_members() {
    awk -v kind="$1" '
        function is(first) { return first == "-" ? "file" : first == "d" ? "folder" : "other" }
        kind == "tar" {
            if (!match($0, /^[^ ]+ +[0-9]+\/[0-9]+ +[0-9,]+ [0-9-]+ [0-9:]+ /)) exit bad = 1
            name = substr($0, RLENGTH + 1); first = substr($0, 1, 1)
            if (first == "l") sub(/ -> .*/, "", name)
            if (first == "h") sub(/ link to .*/, "", name)
            print is(first) "\t" name
            next
        }
        NR == 1 { next }
        NR == 2 { wanted = $NF; next }
        seen == wanted { next }
        {
            if (!match($0, /^[^ ]+ +[0-9.]+ +[^ ]+ +[0-9]+ +[^ ]+ +[^ ]+ +[^ ]+ [0-9][0-9]:[0-9][0-9] /)) exit bad = 1
            name = substr($0, RLENGTH + 1); first = substr($0, 1, 1)
            if (first == "?") first = "-"
            if ($5 ~ /^[A-Z]/) first = "e"
            if (name ~ /\/$/) first = "d"
            print is(first) "\t" name
            seen++
        }
        END { if (bad || seen != wanted) exit 1 }'
}

# archive_open FILE FOLDER - takes a snapshot of the archive and lists it in FOLDER/members. Prints the
# reason when it refuses; nothing when it does not.
archive_open() {
    local -r file=$1 folder=$2
    local reason kind
    if [[ -h $file || ! -f $file ]] || ! intake_read "$file" "$folder/archive" "$ARCHIVE_MOST"; then
        printf 'not-a-file'
        return
    fi
    reason=$(archive_plain "$folder")
    if [[ -n $reason ]]; then printf '%s' "$reason"; return; fi
    read -r kind <"$folder/kind"
    local -a command=(tar --numeric-owner --quoting-style=escape -tvf archive)
    if [[ $kind = zip ]]; then command=(unzip -Z archive); fi
    # shellcheck disable=SC2016
    if ! archive_run "$folder/archive" 2 "$folder/list" sh -c '"$@" >&9' sh "${command[@]}"; then
        reason=archive
    fi
    if (($(stat -c %s -- "$folder/list") > ARCHIVE_LIST_MOST)); then
        reason=archive-size
    elif ! archive_members "$kind" <"$folder/list" >"$folder/members"; then
        reason=archive
    fi
    printf '%s' "$reason"
}

# archive_choose FOLDER ROOM - prints the name of the one member that is the room's source. Status 1:
# there is none to be had, and what it printed is the reason.
archive_choose() {
    awk -F'\t' -v file="$2.c" '
        { what = $1; name = substr($0, length($1) + 2); key = name; sub(/^\.\//, "", key) }
        { deep = split(key, part, "/") }
        part[deep] == file && (deep == 1 || deep == 2 && part[1] !~ /^\.?\.?$/) { times++; found = name; is = what }
        deep > 1 && part[deep - 1] == file { inside = 1 }
        END {
            if (!times) print "archive-none"
            else if (times > 1 || inside) print "archive-twice"
            else if (is != "file" || found ~ /[\\*?\[]/) print "archive-member"
            else { print found; exit 0 }
            exit 1
        }' "$1/members"
}

# archive_take FOLDER NAME TO - copies that member, at most one byte more than a source may have.
archive_take() {
    local -r folder=$1 name=$2 to=$3
    local kind
    local -a command=(tar -xOf archive -- "$name")
    read -r kind <"$folder/kind"
    if [[ $kind = zip ]]; then command=(unzip -p -P '' archive "$name"); fi
    # shellcheck disable=SC2016
    archive_run "$folder/archive" 1 "$to" sh -c 'most=$1; shift; "$@" | head -c "$most" >&9' sh \
        $((INTAKE_MOST + 1)) "${command[@]}"
}

# archive_ignored FOLDER NAME... - writes to FOLDER/ignored what is in the archive besides these members
# and folders; names are cut to letters that can do no harm, and there are at most 20.
archive_ignored() {
    local -r folder=$1
    shift
    printf '%s\n' "$@" >"$folder/taken"
    awk -F'\t' -v taken="$folder/taken" '
        BEGIN { while ((getline line < taken) > 0) have[line] = 1 }
        { name = substr($0, length($1) + 2) }
        $1 == "folder" || name in have { next }
        ++n <= 20 { gsub(/[^A-Za-z0-9_.@+\/ -]/, "?", name); print substr(name, 1, 60) }
        END { if (n > 20) print "and", n - 20, "more" }' "$folder/members" >"$folder/ignored"
    rm -f -- "$folder"/{taken,list}
}

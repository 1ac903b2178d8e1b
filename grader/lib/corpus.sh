# corpus.sh - builds the cases of the hostile corpus and grades one of them.
#
# WORK is the folder of this run; KITS a copy of the kit that an ordinary user can read.
# Sourced by grader/corpus.sh, which exports what corpus_run needs to GNU parallel.
# shellcheck shell=bash disable=SC2153

CORPUS_USER=65533               # an ordinary user whom nothing else on the machine is

# corpus_begin - makes WORK, all the sources in it, and the copy of the kit.
corpus_begin() {
    local family name
    WORK=$(mktemp -d /tmp/gort-corpus.XXXXXX)
    KITS=$WORK/kit
    chmod 755 -- "$WORK"
    mkdir -- "$WORK/cases" "$KITS"
    cp -a -- grader modules runtime solutions exercises "$KITS/"
    mkdir -- "$KITS/build"
    cp -a -- build/kit build/rel "$KITS/build/"
    chmod -R a+rX -- "$KITS"
    if ((EUID == 0)); then chown -R "$CORPUS_USER:$CORPUS_USER" -- "$KITS/build"; fi
    for family in grader/t/corpus/*.cases; do
        awk -v folder="$WORK/cases" -v root="$PWD" -f grader/lib/corpus.awk "$family"
    done
    export WORK KITS SLUG TABLE CORPUS_USER EUID_AT_START=$EUID
    export -f corpus_run corpus_source corpus_odd corpus_archive corpus_got corpus_as
    for name in "$WORK"/cases/*/; do
        name=${name%/}
        if ! grep -q "^${name##*/}"$'\t' "$TABLE"; then failed "${name##*/} has no line in $TABLE"; fi
    done
}

# corpus_odd WHAT FILE ROOM - makes a source that is no ordinary source text.
corpus_odd() {
    local -r solution=solutions/$SLUG/$3.c
    case $1 in
    link) cp -- "$solution" "$2.real" && ln -s -- "$2.real" "$2" ;;
    fifo) mkfifo -- "$2" ;;
    folder) mkdir -- "$2" ;;
    device) mknod -- "$2" c 1 5 2>/dev/null || ln -s /dev/zero "$2" ;;
    nothing) ;;
    empty) : >"$2" ;;
    large) { cat -- "$solution"; head -c 262144 /dev/zero | tr '\0' '\n'; } >"$2" ;;
    nul) { cat -- "$solution"; printf '\0\n'; } >"$2" ;;
    latin1) { cat -- "$solution"; printf '/* \351 */\n'; } >"$2" ;;
    utf16) iconv -f UTF-8 -t UTF-16 "$solution" >"$2" ;;
    archive) tar -cf "$2" "$solution" ;;
    crlf) sed 's/$/\r/' "$solution" >"$2" ;;
    archive-*) corpus_archive "${1#archive-}" "$2" "$3" ;;
    *) return 1 ;;
    esac
}

# corpus_archive WHAT FILE ROOM - makes an archive with something wrong about it, or, for good and zip,
# with nothing.
corpus_archive() {
    local -r what=$1 file=$2 room=$3.c
    local -r t=$file.parts
    rm -rf -- "${t:?}" "$file"
    mkdir -p -- "$t/36" "$t/37"
    cp -- "solutions/$SLUG/$room" "$t/$room"
    cp -- "$t/$room" "$t/36/$room"
    cp -- "$t/$room" "$t/37/$room"
    printf 'read me\n' >"$t/36/notes"
    case $what in
    good) tar -czf "$file" -C "$t" 36 ;;
    zip) (cd -- "$t" && zip -qr "$file" 36) ;;
    link) ln -sf -- "$PWD/solutions/$SLUG/$room" "$t/$room" && tar -cf "$file" -C "$t" "$room" ;;
    zip-link) (cd -- "$t" && ln -sf notes "36/$room" && zip -qry "$file" 36) ;;
    hard-link) ln -f -- "$t/36/notes" "$t/$room" && tar -cJf "$file" -C "$t" 36/notes "$room" ;;
    twice) tar -cf "$file" -C "$t" "$room" "$room" && tar -rf "$file" -C "$t" "$room" ;;
    two-folders) (cd -- "$t" && zip -qr "$file" 36 37) ;;
    absolute) tar -cPf "$file" -C "$t" --transform 's|^|/tmp/gort-corpus-|' "$room" ;;
    parent) tar -cPf "$file" -C "$t" --transform 's|^|../|' "$room" ;;
    bomb) truncate -s 64M "$t/$room" && tar -czf "$file" -C "$t" "$room" ;;
    zip-bomb) truncate -s 64M "$t/$room" && (cd -- "$t" && zip -q "$file" "$room") ;;
    half) tar -czf "$t/all" -C "$t" 36 && head -c 900 "$t/all" >"$file" ;;
    locked) (cd -- "$t" && zip -q -P secret "$file" "$room") ;;
    none) cp -- "$t/$room" "$file" ;;
    folder) mkdir -- "$t/x" "$t/x/$room" && cp -- "$t/36/$room" "$t/x/$room/" && tar -czf "$file" -C "$t/x" "$room" ;;
    option) tar -cf "$file" -C "$t" --transform 's|^36|--to-command=touch gort-corpus-left|' 36/notes ;;
    *) return 1 ;;
    esac
}

# corpus_source NAME FOLDER - writes the case's submission into FOLDER; sets SOURCE and ROOM.
corpus_source() {
    local -r case=$WORK/cases/$1 folder=$2
    local function
    read -r ROOM function <"$case/head"
    mkdir -p -- "$folder"
    SOURCE=$folder/$ROOM.c
    if [[ -e $case/name ]]; then SOURCE=$folder/$(<"$case/name"); fi
    cp -a -- "$case/beside/." "$folder/"
    if [[ -e $case/make ]]; then
        corpus_odd "$(<"$case/make")" "$SOURCE" "$ROOM"
    elif [[ $function = '=' ]]; then
        cp -- "$case/prologue" "$SOURCE"
    elif [[ $function = - ]]; then
        cp -- "solutions/$SLUG/$ROOM.c" "$SOURCE"
    else
        awk -v name="$function" -v top="$case/prologue" -v body="$case/body" \
            -f grader/lib/graft.awk "solutions/$SLUG/$ROOM.c" >"$SOURCE"
    fi
}

# corpus_as COMMAND... - runs it as the tier says: as root, as an ordinary user, without namespaces.
corpus_as() {
    local -a who=()
    if ((EUID_AT_START == 0)) && [[ $CORPUS_TIER != root ]]; then
        who=(setpriv --reuid "$CORPUS_USER" --regid "$CORPUS_USER" --clear-groups)
        chown -R "$CORPUS_USER:$CORPUS_USER" -- "$CORPUS_FOLDER/$NAME"
    fi
    local sandbox=auto kinds='test budget live memcheck cost'
    case $CORPUS_TIER in
    root)
        sandbox=namespaces
        if [[ -z ${FAST:-} ]]; then kinds+=' public'; fi
        ;;
    denied) sandbox=landlock ;;
    none) sandbox=none ;;
    esac
    cd -- "$KITS" && timeout -k 5 200 "${who[@]}" env SANDBOX="$sandbox" KIT_POLICY="$CORPUS_POLICY" \
        KIT_KINDS="$kinds" "$@"
}

# corpus_got RESULT CHECK - prints the verdict of the check; for * the first that is no pass, or pass.
corpus_got() {
    if [[ ! -s $1 ]]; then
        printf 'none\n'
    else
        jq -r --arg id "$2" 'if $id == "*"
            then [.checks[].verdict | select(. != "pass")][0] // "pass"
            else [.checks[] | select(.id == $id).verdict][0] // "none" end' "$1"
    fi
}

# corpus_run NAME - grades one case; leaves `GOT<tab>MS` in its folder.
corpus_run() {
    NAME=$1
    local -r here=$CORPUS_FOLDER/$NAME
    local check only exercise began ms status=0
    check=$(awk -F'\t' -v n="$NAME" '$1 == n { print $4 }' "$TABLE")
    only=$check
    if [[ $check = '*' ]]; then only=''; fi
    corpus_source "$NAME" "$here/submission" || printf 'no source\n' >"$here/log"
    exercise=$(awk -v r="$ROOM" '$2 == r { print $1 }' "modules/$SLUG/rooms")
    mkdir -p -- "$here/out"
    began=$(date +%s%N)
    (corpus_as bash grader/exercise.sh "$SLUG" "$exercise" "$SOURCE" "$here/out" '' "$only") \
        >"$here/log" 2>&1 </dev/null || status=$?
    ms=$((($(date +%s%N) - began) / 1000000))
    printf '%s\n' "$status" >"$here/status"
    printf '%s\t%s\n' "$(corpus_got "$here/out/result.json" "$check")" "$ms" >"$here/got"
}

# corpus_strays - prints the processes of the cases that still live.
corpus_strays() {
    local folder exe
    local -a words
    sleep 0.2
    for folder in /proc/[0-9]*; do
        exe=$(readlink "$folder/exe" 2>/dev/null) || continue
        mapfile -t -d '' words <"$folder/cmdline" 2>/dev/null || continue
        if [[ $exe = "$WORK"/* || ${words[0]:-} = gort-stray ]]; then printf '%s %s\n' "$folder" "$exe"; fi
    done
}

# corpus_left - prints what the cases left where nothing should be.
corpus_left() {
    find /tmp /var/tmp /dev/shm "$PWD" "$KITS" "$HOME" -maxdepth 1 \
        \( -name 'gort-corpus-*' -o -name canary \) -print 2>/dev/null | sort -u
    find "$WORK" \( -name 'gort-corpus-left' -o -name canary \) -print
}

# corpus_end - keeps the results of what went wrong in build/corpus, removes the rest.
corpus_end() {
    rm -rf build/corpus
    mkdir -p build/corpus
    cp -r -- "$WORK"/*-o[nf]* build/corpus/ 2>/dev/null || true
    rm -rf -- "${WORK:?}"
}

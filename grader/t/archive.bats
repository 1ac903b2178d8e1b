#!/usr/bin/env bats
# archive.bats - what comes out of an archive, and why an archive is refused.
# shellcheck disable=SC2030,SC2031  # each test is a subshell

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    for part in sandbox intake archive policy corpus; do
        # shellcheck disable=SC1090
        . "grader/lib/$part.sh"
    done
    make -s build/kit/gsand
    # shellcheck disable=SC2034
    TIER=auto SCALE=300 SLUG=36-stack-heap
    OUT=$BATS_TEST_TMPDIR/out
}

# made WHAT NAME - makes the corpus's archive of that kind; SOURCE is its path.
made() {
    SOURCE=$BATS_TEST_TMPDIR/$2
    corpus_archive "$1" "$SOURCE" frames
}

# refuses REASON - intake must refuse SOURCE for that reason, which has its text and its code.
refuses() {
    run intake "$SOURCE" "$OUT" frames
    printf '%s\n' "$output"
    [ "$status" -eq 1 ]
    [ "$output" = "$1"$'\t' ]
    [[ ${REJECT_CODE[$1]} =~ ^E[0-9]{4}$ ]]
    for language in en pt-BR es ko; do grep -q "^reject.$1 = " "grader/text/$language.txt"; done
}

# taken - intake must take the room of SOURCE, and only that.
taken() {
    intake "$SOURCE" "$OUT" frames
    cmp solutions/36-stack-heap/frames.c "$OUT/in/frames.c"
    [ ! -e "$OUT/in/archive" ]
}

@test "a room in one folder of a tar.gz or a zip comes in; the rest is ignored, and named" {
    made good frames.tar.gz
    taken
    [ "$(<"$OUT/in/ignored")" = 36/notes ]
    made zip frames.zip
    taken
}

@test "a room at the top of a tar, a tar.xz and a tar made of . comes in" {
    for options in -cf -cJf; do
        SOURCE=$BATS_TEST_TMPDIR/a.tar
        if [ "$options" = -cJf ]; then SOURCE+=.xz; fi
        tar "$options" "$SOURCE" -C solutions/36-stack-heap .
        taken
    done
}

@test "a folder's name may have blanks and letters of any language" {
    mkdir "$BATS_TEST_TMPDIR/João 스택 36"
    cp solutions/36-stack-heap/frames.c "$BATS_TEST_TMPDIR/João 스택 36"
    SOURCE=$BATS_TEST_TMPDIR/a.tar
    tar -cf "$SOURCE" -C "$BATS_TEST_TMPDIR" "João 스택 36"
    taken
    SOURCE=$BATS_TEST_TMPDIR/a.zip
    (cd "$BATS_TEST_TMPDIR" && zip -qr a.zip "João 스택 36")
    taken
}

@test "a link, a hard link and a locked room are refused" {
    made link frames.tar && refuses archive-member
    made zip-link frames.zip && refuses archive-member
    made hard-link frames.tar.xz && refuses archive-member
    made locked frames.zip && refuses archive-member
}

@test "a room that is there twice, in two folders, or as a folder is refused" {
    made twice frames.tar && refuses archive-twice
    made two-folders frames.zip && refuses archive-twice
    made folder frames.tar.gz && refuses archive-twice
}

@test "absolute names, names with .. and names like options are no room's" {
    made absolute frames.tar && refuses archive-none
    made parent frames.tar && refuses archive-none
    made option frames.tar && refuses archive-none
    [ ! -e /tmp/gort-corpus-frames.c ]
}

@test "what grows beyond its limit is not read to its end" {
    made bomb frames.tar.gz && refuses archive-size
    made zip-bomb frames.zip && refuses too-big
    [ "$(stat -c %s "$OUT/in/frames.c")" -le 262145 ]
}

@test "an archive of archives is not opened twice" {
    made good inner.tar.gz
    gzip -c "$SOURCE" >"$BATS_TEST_TMPDIR/frames.tar.gz"
    SOURCE=$BATS_TEST_TMPDIR/frames.tar.gz
    refuses archive
}

@test "half an archive, a text, nothing and a link to an archive are no archives" {
    made half frames.tgz && refuses archive
    made none frames.tar.xz && refuses archive
    : >"$SOURCE" && refuses archive
    made good real.tar.gz
    ln -s "$SOURCE" "$BATS_TEST_TMPDIR/frames.zip"
    SOURCE=$BATS_TEST_TMPDIR/frames.zip
    refuses not-a-file
}

@test "a module's rooms are taken out by intake.sh, which says what it did" {
    SOURCE=$BATS_TEST_TMPDIR/a.tar
    tar -cf "$SOURCE" -C solutions/36-stack-heap frames.c tiny.c answers.md
    run bash grader/intake.sh "$SOURCE" "$OUT" 36-stack-heap
    [ "$status" -eq 0 ]
    [[ $output = *$'taken\tframes'* && $output = *$'taken\ttiny'* ]]
    [[ $output = *$'refused\tslice\tarchive-none\tE0010\t'* && $output = *$'ignored\tanswers.md'* ]]
    [ "$(ls "$OUT")" = "$(printf 'frames.c\ntiny.c')" ]
}

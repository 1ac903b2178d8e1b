#!/usr/bin/env bats
# intake.bats - what may be handed in as a room's source, and what it becomes.
# shellcheck disable=SC2030,SC2031,SC2059  # each test is a subshell; the bytes are meant as a format

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    # shellcheck source=grader/lib/intake.sh
    . grader/lib/intake.sh
    # shellcheck source=grader/lib/archive.sh
    . grader/lib/archive.sh
    # shellcheck source=grader/lib/policy.sh
    . grader/lib/policy.sh
    OUT=$BATS_TEST_TMPDIR/out
    SOURCE=$BATS_TEST_TMPDIR/frames.c
}

# refuses REASON - intake must refuse SOURCE for that reason, which has its text and its code.
refuses() {
    run intake "$SOURCE" "$OUT" frames
    [ "$status" -eq 1 ]
    [ "$output" = "$1"$'\t' ]
    [[ ${REJECT_CODE[$1]} =~ ^E[0-9]{4}$ ]]
    for language in en pt-BR es ko; do grep -q "^reject.$1 = " "grader/text/$language.txt"; done
}

@test "a source is copied as it is, read-only, with its hash" {
    cp solutions/36-stack-heap/frames.c "$SOURCE"
    intake "$SOURCE" "$OUT" frames
    cmp "$SOURCE" "$OUT/in/frames.c"
    [ "$(stat -c %a "$OUT/in/frames.c")" = 444 ]
    [ "$(<"$OUT/in/sha256")" = "$(sha256sum <"$SOURCE" | cut -d' ' -f1)" ]
}

@test "the copy is named after the room, whatever the file was called" {
    SOURCE="$BATS_TEST_TMPDIR/-o \$(touch canary)@evil.c"
    printf 'int x;\n' >"$SOURCE"
    intake "$SOURCE" "$OUT" frames
    [ "$(ls "$OUT/in")" = "$(printf 'frames.c\nsha256')" ]
    [ ! -e canary ]
}

@test "a file of exactly 256 KiB comes in, one byte more does not" {
    head -c 262144 /dev/zero | tr '\0' '\n' >"$SOURCE"
    intake "$SOURCE" "$OUT" frames
    printf '\n' >>"$SOURCE"
    refuses too-big
}

@test "an endless file is not read to its end" {
    truncate -s 64G "$SOURCE"
    refuses too-big
    [ "$(stat -c %s "$OUT/in/frames.c")" -le 262145 ]
}

@test "an empty file is refused" {
    : >"$SOURCE"
    refuses empty
}

@test "NUL bytes are refused" {
    printf 'int x;\0\n' >"$SOURCE"
    refuses nul
}

@test "Latin-1, half a character, a surrogate and an overlong form are no UTF-8" {
    for bytes in '\351' '\303' '\355\240\200' '\300\257' '\364\220\200\200'; do
        printf "/* $bytes */\n" >"$SOURCE"
        refuses encoding
    done
}

@test "UTF-8 of all lengths comes in, also with a byte order mark" {
    printf '\357\273\277/* é 가 😀 */\n' >"$SOURCE"
    intake "$SOURCE" "$OUT" frames
}

@test "a link, a folder, a pipe, a device and nothing are no files" {
    ln -s "$PWD/solutions/36-stack-heap/frames.c" "$SOURCE"
    refuses not-a-file
    rm "$SOURCE" && mkdir "$SOURCE"
    refuses not-a-file
    rmdir "$SOURCE" && mkfifo "$SOURCE"
    refuses not-a-file
    rm "$SOURCE"
    refuses not-a-file
    SOURCE=/dev/zero
    refuses not-a-file
}

@test "what an earlier intake left is gone" {
    printf 'int x;\n' >"$SOURCE"
    intake "$SOURCE" "$OUT" strbuf
    intake "$SOURCE" "$OUT" frames
    [ ! -e "$OUT/in/strbuf.c" ]
}

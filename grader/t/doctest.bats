#!/usr/bin/env bats
# doctest.bats - doctest.sh passes what holds and refuses what does not.
#   Each fence word is provoked twice, by a page that is right and by one that is not.
# shellcheck disable=SC2030,SC2031  # output is set by run, in the same test

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    DIR=$(mktemp -d)
    PAGE=$DIR/page.md
}

teardown() {
    rm -rf -- "${DIR:?}"
}

# page - writes the page from standard input; `'''` stands for a fence.
page() {
    sed "s/'''/\`\`\`/" >"$PAGE"
}

# judged PASSED FAILED SKIPPED - the last line and the status of a run of doctest.sh on the page.
judged() {
    run bash grader/doctest.sh "$PAGE"
    printf '%s\n' "$output"
    [ "${lines[-1]}" = "$1 passed, $2 failed, $3 skipped" ]
    if [ "$2" -eq 0 ] && [ "$1" -gt 0 ]; then [ "$status" -eq 0 ]; else [ "$status" -eq 1 ]; fi
}

# says WORDS - the output holds the words.
says() {
    [[ $output = *"$1"* ]]
}

@test "a bare block of declarations passes after the prelude" {
    page <<<$'\'\'\'c\nstatic size_t twice(size_t n) { return 2 * n; }\n\'\'\''
    judged 1 0 0
}

@test "a bare block of statements passes as the inside of a function" {
    page <<<$'\'\'\'c\nstruct slice s = {0};\ns.len = 0;\nprintf("%zu\\n", s.len);\n\'\'\''
    judged 1 0 0
}

@test "a bare block that does not compile fails with the page's own line" {
    page <<<$'# Title\n\n\'\'\'c\nint a;\nint b = nothing_like_it;\n\'\'\''
    judged 0 1 0
    says "page.md:4: this does not compile after the prelude"
    says "page.md:5:"
}

@test "a folder's own prelude.h takes the place of the kit's" {
    printf '#define ANSWER 42\n' >"$DIR/prelude.h"
    page <<<$'\'\'\'c\nint a = ANSWER;\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'c\nuint8_t a = ANSWER;\n\'\'\''
    judged 0 1 0
}

@test "a program that runs passes" {
    page <<<$'\'\'\'c run\nint main(void) { return 0; }\n\'\'\''
    judged 1 0 0
}

@test "a program that ends with another status fails" {
    page <<<$'\'\'\'c run\nint main(void) { return 3; }\n\'\'\''
    judged 0 1 0
    says "page.md:2: this ends with status 3, not 0"
}

@test "exit=N is the status that the page announces" {
    page <<<$'\'\'\'c run exit=3\nint main(void) { return 3; }\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'c run exit=3\nint main(void) { return 0; }\n\'\'\''
    judged 0 1 0
}

@test "a program with a warning fails" {
    page <<<$'\'\'\'c run\nint main(void) { int unused; return 0; }\n\'\'\''
    judged 0 1 0
    says "unused"
}

@test "a program that uses the heap is linked with the runtime" {
    page <<'E'
'''c run
#include <gort.h>
#include <stdio.h>
GORT_NOSCAN(num, int64_t);
int main(void)
{
    int64_t *n = gort_new(&num);
    printf("%d\n", (int)*n);
    return 0;
}
'''
'''text output
0
'''
E
    judged 1 0 0
}

@test "the output behind a program is compared exactly" {
    local -r program=$'\'\'\'c run\n#include <stdio.h>\nint main(void) { puts("7 bytes"); return 0; }\n\'\'\'\n\n'
    page <<<"$program"$'\'\'\'text output\n7 bytes\n\'\'\''
    judged 1 0 0
    page <<<"$program"$'\'\'\'text output\n8 bytes\n\'\'\''
    judged 0 1 0
    says "page.md:7: the program prints something else"
    says "-8 bytes"
    says "+7 bytes"
    page <<<"$program"$'\'\'\'text output masked\n8 bytes\n\'\'\''
    judged 1 0 0
    page <<<"$program"$'\'\'\'text output masked\n8 words\n\'\'\''
    judged 0 1 0
}

@test "an output without a program before it fails" {
    page <<<$'\'\'\'c\nint a;\n\'\'\'\n\'\'\'text output\n7\n\'\'\''
    judged 1 1 0
    says "no run block before this output"
}

@test "fail: the compiler must refuse, and for the reason given" {
    page <<<$'\'\'\'c fail="address of local"\nint *f(void) { int x = 1; return &x; }\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'c fail="address of local"\nint f(void) { int x = 1; return x; }\n\'\'\''
    judged 0 1 0
    says "compiles, and the page says that it must not"
    page <<<$'\'\'\'c fail="address of local"\nint f(void) { return y; }\n\'\'\''
    judged 0 1 0
    says "the compiler does not say /address of local/"
}

@test "trap: a sanitizer must say so" {
    local -r head=$'#include <stdlib.h>\nint main(void)\n{\n    char *p = malloc(8);\n'
    page <<<$'\'\'\'c trap="heap-use-after-free"\n'"$head"$'    free(p);\n    return p[0];\n}\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'c trap="heap-use-after-free"\n'"$head"$'    p[0] = 0;\n    free(p);\n    return 0;\n}\n\'\'\''
    judged 0 1 0
    says "no sanitizer says /heap-use-after-free/"
    page <<<$'\'\'\'c trap="heap-use-after-free"\nint main(void) { return nothing; }\n\'\'\''
    judged 0 1 0
    says "this does not compile"
}

@test "from: the block is what the file holds between its tags" {
    printf '/* doc:add */\nint a;\n    int b;\n/* doc:end */\nint c;\n' >"$DIR/code.c"
    page <<<"'''c from=$DIR/code.c#add"$'\nint a;\n    int b;\n\'\'\''
    judged 1 0 0
    page <<<"'''c from=$DIR/code.c#add"$'\nint a;\nint b;\n\'\'\''
    judged 0 1 0
    says "this differs from"
    page <<<"'''c from=$DIR/code.c#sub"$'\nint a;\n\'\'\''
    judged 0 1 0
    says "has not exactly one place from doc:sub to doc:end"
    page <<<"'''c from=$DIR/none.c#add"$'\nint a;\n\'\'\''
    judged 0 1 0
    says "there is no file"
}

@test "from: a tag that is never ended, or is there twice, fails" {
    printf '/* doc:add */\nint a;\n' >"$DIR/code.c"
    page <<<"'''c from=$DIR/code.c#add"$'\nint a;\n\'\'\''
    judged 0 1 0
    printf '/* doc:add */\nint a;\n/* doc:end */\n/* doc:add */\n/* doc:end */\n' >"$DIR/code.c"
    judged 0 1 0
}

@test "from without a tag is the whole file, and run still runs it" {
    printf 'int main(void) { return 0; }\n' >"$DIR/code.c"
    page <<<"'''c run from=$DIR/code.c"$'\nint main(void) { return 0; }\n\'\'\''
    judged 1 0 0
    printf 'int main(void) { return 1; }\n' >"$DIR/code.c"
    page <<<"'''c run from=$DIR/code.c"$'\nint main(void) { return 1; }\n\'\'\''
    judged 0 1 0
}

@test "skip counts and says why, and a page with nothing but skips holds" {
    page <<<$'\'\'\'c skip="pseudocode"\nfor each p\n\'\'\''
    run bash grader/doctest.sh "$PAGE"
    [ "$status" -eq 0 ]
    says "page.md:2: skipped: pseudocode"
    [ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "a session is compared with its numbers masked" {
    page <<<$'\'\'\'sh session\n$ echo took 12.5 ms\ntook 7 ms\n$ echo again; \\\n  echo more\nagain\nmore\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'sh session\n$ echo took 12.5 ms\ntook 7 s\n\'\'\''
    judged 0 1 0
    says "page.md:3: the session prints something else"
    says "the shell says: took 12.5 ms"
}

@test "a session's ... stands for any lines, and missing lines are noticed" {
    page <<<$'\'\'\'sh session\n$ printf "a\\nb\\nc\\nd\\n"\na\n...\nd\n\'\'\''
    judged 1 0 0
    page <<<$'\'\'\'sh session\n$ printf "a\\nb\\nc\\nd\\n"\na\n...\nx\n\'\'\''
    judged 0 1 0
    page <<<$'\'\'\'sh session\n$ printf "a\\nb\\n"\na\n\'\'\''
    judged 0 1 0
    says "the shell says: b"
}

@test "a session that begins with no command fails" {
    page <<<$'\'\'\'sh session\nmake check\n\'\'\''
    judged 0 1 0
    says "a session begins with a command"
}

@test "misspelt fence words fail and do not become bare blocks" {
    page <<<$'\'\'\'c rnu\nint main(void) { return 0; }\n\'\'\''
    judged 0 1 0
    says "rnu means nothing after c"
    page <<<$'\'\'\'cc\nint a;\n\'\'\''
    judged 0 1 0
    page <<<$'\'\'\'c fail\nint a\n\'\'\''
    judged 0 1 0
    says "fail needs a value"
    page <<<$'\'\'\'c run fail="x"\nint a\n\'\'\''
    judged 0 1 0
    says "exclude each other"
}

@test "a block that is never closed, or stands in a quotation, fails" {
    page <<<$'text\n\'\'\'c\nint a;'
    judged 1 1 0
    says "page.md:2: this code block is never closed"
    page <<<$'> \'\'\'c\n> int a;\n> \'\'\''
    judged 0 2 0
    says "in a quotation"
}

@test "an indented block of a list is read without its indent" {
    page <<'END'
1. Try:

   '''c run
   #include <stdio.h>
   int main(void) { puts("  x"); return 0; }
   '''
   '''text output
     x
   '''
END
    judged 1 0 0
}

@test "a page without anything to run is a failure" {
    page <<<$'# Title\n\n\'\'\'text\na picture\n\'\'\''
    judged 0 0 0
    says "There was nothing to run"
}

@test "text that was decoded wrongly is refused, and Portuguese is not" {
    local -r block=$'\'\'\'c\nint a;\n\'\'\''
    page <<<$'ATENÇÃO, NÃO é "MANHÔ: ímã, Âncora, √2, √ 2, à\n'"$block"
    judged 1 0 0
    local bad
    for bad in 'Ã©' 'Ã§Ã£o' 'Ã‡' 'Ã‰' 'donâ€™t' $'\xef\xbf\xbd' '√©' 'Âº'; do
        page <<<"first"$'\n'"word $bad"$'\n'"$block"
        judged 1 1 0
        says "page.md:2: this text was decoded wrongly once"
    done
    page <<<$'caf\xe9\n'"$block"
    judged 1 1 0
    says "not UTF-8"
}

@test "links lead to files and to anchors that are there" {
    printf '<a id="here"></a>\n## Tamanhos & Você: o fim\n' >"$DIR/other.md"
    page <<'END'
# Top
[a](other.md) [b](other.md#here) [c](other.md#tamanhos--você-o-fim) [d](#top)
[e](https://x.y/z) ![f](other.md "t")

[g]: other.md#here
`[h](none.md)`

'''c
int a;
'''
END
    judged 1 0 0
    page <<'END'
# Top
[a](none.md)
[b](other.md#gone)
[c](#gone)
<img src="none.svg">
[d](/etc/passwd)

[e]: none.md

'''c
int a;
'''
END
    judged 1 6 0
    says "page.md:2: this link leads nowhere: none.md"
    says "page.md:3: this link names an anchor that is not there: other.md#gone"
    says "page.md:4: this link names an anchor that is not there: #gone"
    says "page.md:6: this link is not relative"
}

@test "an anchor that is there twice fails" {
    page <<<$'<a id="x"></a>\n<a id="x"></a>\n\'\'\'c\nint a;\n\'\'\''
    judged 1 1 0
    says "the anchor x is there twice"
}

# two EN PT - writes a page in two languages and compares them.
two() {
    mkdir -p "$DIR/en" "$DIR/pt"
    page <<<"$1"
    mv -- "$PAGE" "$DIR/en/a.md"
    page <<<"$2"
    mv -- "$PAGE" "$DIR/pt/a.md"
    run bash grader/doctest.sh --structure "$DIR/en" "$DIR/pt"
    printf '%s\n' "$output"
}

@test "structure: words, pictures and what a session prints may differ" {
    local -r table=$'\n\n| a | b |\n|:--|---|\n| 1 | 2 |\n\n'
    local -r picture=$'\'\'\'text\n' session=$'\n\'\'\'\n\'\'\'sh session\n$ make\n'
    two $'# One\n- [ ] do\n[x](a.md) [y](b.md)'"$table${picture}heap${session}fine"$'\n\'\'\'' \
        $'# Um\n- [x] faça\n[y](b.md) e\n[x](a.md)'"$table${picture}monte${session}bem"$'\n\'\'\''
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
}

@test "structure: each kind of difference is found" {
    local -A from to
    from[heading]=$'# A\n\n## B' to[heading]=$'# A\n\n### B'
    from[code]=$'x\n\n\'\'\'c\nint a;\n\'\'\'' to[code]=$'x\n\n\'\'\'c\nint b;\n\'\'\''
    from[words]=$'x\n\n\'\'\'c run\n\'\'\'' to[words]=$'x\n\n\'\'\'c\n\'\'\''
    from[output]=$'x\n\n\'\'\'text output\na\n\'\'\'' to[output]=$'x\n\n\'\'\'text output\nb\n\'\'\''
    from[task]=$'- [ ] a\n- [ ] b' to[task]=$'- [ ] a\n- b'
    from[table]=$'|a|b|\n|---|---|' to[table]=$'|a|\n|---|'
    from[row]=$'|a|b|\n|---|---|\n|1|2|' to[row]=$'|a|b|\n|---|---|'
    from[link]=$'[a](x.md)' to[link]=$'[a](y.md)'
    from[anchor]=$'<a id="x"></a>' to[anchor]=$'<a id="y"></a>'
    from[note]=$'> [!NOTE]\n> a' to[note]=$'> [!TIP]\n> a'
    from[longer]=$'# A' to[longer]=$'# A\n# B'
    from[command]=$'\'\'\'sh session\n$ make\n\'\'\'' to[command]=$'\'\'\'sh session\n$ make it\n\'\'\''
    local kind
    for kind in "${!from[@]}"; do
        printf -- '-- %s\n' "$kind"
        two "${from[$kind]}" "${to[$kind]}"
        [ "$status" -eq 1 ]
        says "its structure first differs"
        [ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
        two "${to[$kind]}" "${from[$kind]}"
        [ "$status" -eq 1 ]
        two "${from[$kind]}" "${from[$kind]}"
        [ "$status" -eq 0 ]
    done
}

@test "structure: the first difference is named with both lines" {
    two $'# A\n\n## B' $'# A\n\n\n### B'
    says "en/a.md:3: heading of level 2"
    says "pt/a.md:4: heading of level 3"
}

@test "structure: a page that is missing fails, on either side" {
    two '# A' '# A'
    printf '# B\n' >"$DIR/en/b.md"
    run bash grader/doctest.sh --structure "$DIR/en" "$DIR/pt"
    [ "$status" -eq 1 ]
    says "pt/b.md: this page is not there"
    mv "$DIR/en/b.md" "$DIR/pt/b.md"
    run bash grader/doctest.sh --structure "$DIR/en" "$DIR/pt"
    [ "$status" -eq 1 ]
    says "en/b.md: this page is not there"
}

@test "structure: two empty folders are a failure" {
    mkdir "$DIR/en" "$DIR/pt"
    run bash grader/doctest.sh --structure "$DIR/en" "$DIR/pt"
    [ "$status" -eq 1 ]
}

@test "several pages are judged, and their failures come in their order" {
    page <<<$'\'\'\'c\nint a = b;\n\'\'\''
    cp "$PAGE" "$DIR/second.md"
    run bash grader/doctest.sh "$DIR/second.md" "$PAGE"
    [ "$status" -eq 1 ]
    [[ ${lines[0]} = *second.md:2:* ]]
    [ "${lines[-1]}" = "0 passed, 2 failed, 0 skipped" ]
}

@test "without GNU parallel the pages are judged one by one, with the same verdicts" {
    mkdir "$DIR/bin"
    printf '#!/bin/sh\nexit 1\n' >"$DIR/bin/parallel"
    chmod +x "$DIR/bin/parallel"
    page <<<$'\'\'\'c\nint a;\n\'\'\'\n\'\'\'c\nint a = b;\n\'\'\''
    PATH=$DIR/bin:$PATH judged 1 1 0
}

@test "wrong use is status 2" {
    run bash grader/doctest.sh "$DIR/none.md"
    [ "$status" -eq 2 ]
    run bash grader/doctest.sh --strcuture a b
    [ "$status" -eq 2 ]
    run bash grader/doctest.sh --structure "$DIR"
    [ "$status" -eq 2 ]
    run bash grader/doctest.sh --structure "$DIR" "$DIR/none"
    [ "$status" -eq 2 ]
}

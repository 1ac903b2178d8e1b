#!/usr/bin/env bats
# escape.bats - make escape: what it prints, what it leaves out, what it refuses.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    TOOL=$ROOT/build/rel/escape
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$ROOT" build/rel/escape
    cd "$BATS_TEST_TMPDIR" || return 1
}

# source LINE... - writes x.go: a package clause, then the lines.
source_of() {
    printf 'package p\n' >x.go
    printf '%s\n' "$@" >>x.go
}

# analyse [OPTION...] - runs the tool; standard error is in the file said.
analyse() {
    run bash -c 'timeout 20 "$@" x.go 2>said' _ "$TOOL" "$@"
}

@test "a line has line, column and the compiler's words" {
    source_of 'func f() *int { x := 1; return &x }'
    analyse
    [ "$status" -eq 0 ]
    [ "$output" = '2:17: moved to heap: x' ]
    [ ! -s said ]
}

@test "a function outside of the subset is left out, and who calls it; others are not" {
    source_of 'import "fmt"' 'func a() { fmt.Println() }' 'func b() { a() }' \
        'func c(p *int) *int { return p }'
    analyse
    [ "$status" -eq 0 ]
    [ "$output" = '5:8: leaking param: p to result ~r0 level=0' ]
    grep -qF 'x.go:3:6: left out: a, lines 3 to 3: the imported fmt.Println (line 3)' said
    grep -qF 'x.go:4:6: left out: b, lines 4 to 4: it uses a, which is left out' said ||
        grep -qF 'x.go:4:6: left out: b, lines 4 to 4: a, which is left out' said
}

@test "a function that is left out takes its callers with it whichever comes first" {
    source_of 'import "fmt"' 'func b(p *int) { a(p) }' 'func a(p *int) { fmt.Println(p) }'
    analyse
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    grep -qF 'left out: b' said
}

@test "generic declarations are left out without harm to the rest of the file" {
    source_of 'type S[T any] struct{ x T }' 'func g[T any](x T) T { return x }' \
        'func h() int { return g[int](1) }' 'func c(p *int) {}'
    analyse
    [ "$status" -eq 0 ]
    [ "$output" = '5:8: p does not escape' ]
    [ "$(grep -c 'left out' said)" -eq 2 ]
}

@test "a syntax error names its line and column, and nothing is printed" {
    source_of 'func f() { x := 1 + }'
    analyse
    [ "$status" -eq 1 ]
    [ -z "$output" ]
    grep -qE '^x\.go:2:21: syntax error: unexpected' said
}

@test "a wrong type is refused with its place; other functions keep their verdicts" {
    source_of 'func f() { var s string = 1; _ = s }' 'func g(p *int) {}'
    analyse
    [ "$status" -eq 1 ]
    [ "$output" = '3:8: p does not escape' ]
    grep -qE '^x\.go:2:27: cannot use 1 \(of type untyped int\) as string value' said
}

@test "types, constants and variables that are defined by themselves are refused" {
    source_of 'type A struct{ a A }' 'const c = c + 1' 'var v = v' 'type B B' 'type I interface{ I }'
    analyse
    [ "$status" -eq 1 ]
    [ "$(wc -l <said)" -ge 4 ]
    [[ $output != *Sanitizer* ]]
}

@test "deep nesting is refused, not followed" {
    { printf 'package p\nvar x = '; printf '(%.0s' {1..5000}; } >x.go
    analyse
    [ "$status" -eq 1 ]
    grep -qF 'nested more than' said
    { printf 'package p\nvar x = 1'; printf '+1%.0s' {1..5000}; } >x.go
    analyse
    [ "$status" -eq 1 ]
    grep -qF 'nested more than' said
}

@test "--explain names every step from the cause to the verdict" {
    source_of 'var sink *int' 'func f() {' 'x := 1' 'p := &x' 'sink = p' '}'
    analyse --explain
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = '4:1: moved to heap: x' ]
    [ "${lines[1]}" = '    p = &x at 5:6' ]
    [[ ${lines[2]} = '    the heap = p at '* ]]
}

@test "--dot is a graph that Graphviz would read, with one cluster a batch" {
    source_of 'func f(p *int) *int { return p }' 'func g() *int { return f(new(int)) }'
    analyse --dot
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = 'digraph flows {' ]
    [ "${lines[-1]}" = '}' ]
    [ "$(grep -c 'subgraph cluster_' <<<"$output")" -eq 2 ]
}

@test "--html is one page with the notes, and the source is escaped in it" {
    source_of 'func f(p *int) bool { return p != nil && *p < 3 }'
    analyse --html
    [ "$status" -eq 0 ]
    [[ $output = *'8: p does not escape'* ]]
    [[ $output = *'&amp;&amp; *p &lt; 3'* ]]
    [[ $output != *'src='* && $output != *'<script'* ]]
}

@test "a file that is not there and a wrong option have status 2" {
    run "$TOOL" nowhere.go
    [ "$status" -eq 2 ]
    run "$TOOL" --nothing x.go
    [ "$status" -eq 2 ]
    run make -s -C "$ROOT" escape
    [ "$status" -ne 0 ]
    [[ $output = *usage:* ]]
}

@test "a chain of 10,000 variables is solved in seconds" {
    { printf 'package p\nfunc f() *int {\nv0 := new(int)\n'
        for ((i = 1; i <= 10000; i++)); do printf 'v%d := v%d\n' "$i" $((i - 1)); done
        printf 'return v10000\n}\n'; } >x.go
    analyse
    [ "$status" -eq 0 ]
    [ "$output" = '3:10: new(int) escapes to heap' ]
}

@test "every recorded verdict of the compiler is reproduced" {
    run bash "$ROOT/grader/escape.sh" oracles
    [ "$status" -eq 0 ]
    [[ $output = *'2307 of 2307 lines are equal'* ]]
}

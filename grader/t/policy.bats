#!/usr/bin/env bats
# policy.bats - what a room's object may hold. Each reason for a refusal is provoked; what the
# compilers make of honest rooms is accepted.
# shellcheck disable=SC2016  # the dollars are the assembler's

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    # shellcheck source=grader/lib/policy.sh
    . grader/lib/policy.sh
    OUT=$BATS_TEST_TMPDIR/out
    MODULE=modules/36-stack-heap
    mkdir -p "$OUT"
}

# object SOURCE ROOM [COMPILER] [FLAG...] - compiles a room as the grader does, with other flags at will.
object() {
    local -r source=$1 room=$2 compiler=${3:-gcc}
    shift $(($# < 3 ? $# : 3))
    local floor
    floor=$(awk -v r="$room" '$2 == r { print $3 }' "$MODULE/rooms")
    "$compiler" -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-lto -fno-common -w -Iruntime/include \
        -iquote runtime/base -iquote runtime/shapes -iquote runtime/heap -iquote runtime/lib \
        -include "runtime/$floor/$room.h" "$@" -c -x c -o "$OUT/room.o" "$source"
}

# accepts ROOM - the policy must let the object through.
accepts() {
    run policy "$OUT/room.o" "$1" "$MODULE" "$OUT"
    [ "$status" -eq 0 ] || { printf '%s\n' "$output"; return 1; }
}

# refuses REASON WHAT [FLAG...] - the policy must refuse the program on standard input for that
# reason, which has its text in every language and its code.
refuses() {
    local -r reason=$1 what=$2
    local language
    shift 2
    object - frames gcc "$@"
    run policy "$OUT/room.o" frames "$MODULE" "$OUT"
    [ "$status" -eq 1 ]
    # shellcheck disable=SC2053  # what may be a pattern
    [[ $output = "$reason"$'\t'$what ]] || { printf '%s\n' "$output"; return 1; }
    [[ ${REJECT_CODE[$reason]} =~ ^E[0-9]{4}$ ]]
    for language in en pt-BR es ko; do grep -q "^reject.$reason = " "grader/text/$language.txt"; done
}

@test "what gcc and clang make of the solutions at -O0 to -O3 and -Os is accepted" {
    for compiler in gcc clang; do
        for level in 0 1 2 3 s; do
            for source in solutions/36-stack-heap/*.c; do
                room=$(basename "$source" .c)
                object "$source" "$room" "$compiler" "-O$level"
                accepts "$room"
            done
        done
    done
}

@test "the skeletons and the mutants are accepted" {
    for source in exercises/36-stack-heap/*.c modules/36-stack-heap/mutants/*.c; do
        room=$(basename "$source" .c)
        room=${room%%-*}
        object "$source" "$room"
        accepts "$room"
    done
}

@test "position-independent code, hardening, coverage of the heap by sections, and -g3 are accepted" {
    for flags in -fPIC -fPIE "-fstack-protector-all -fstack-clash-protection" -fcf-protection=full \
        "-ffunction-sections -fdata-sections" "-O2 -D_FORTIFY_SOURCE=2" -ftrapv -g3 -gdwarf-4 -gz; do
        for source in solutions/36-stack-heap/*.c; do
            room=$(basename "$source" .c)
            # shellcheck disable=SC2086  # several flags
            object "$source" "$room" gcc $flags
            accepts "$room"
        done
    done
}

@test "a print, an assertion, a table, a static, a thread-local and 128 bits are accepted" {
    object - frames <<<'#include <stdio.h>
#include <assert.h>
#include <ctype.h>
static const char *const name[] = {"a", "b"};
static _Thread_local int calls;
static int table[4096];
unsigned __int128 f(unsigned __int128 x, unsigned __int128 y);
unsigned __int128 f(unsigned __int128 x, unsigned __int128 y)
{
    assert(y != 0);
    printf("%s %d\n", name[calls & 1], isdigit(table[calls++]));
    return x / y;
}'
    accepts frames
}

@test "names that are not ASCII are accepted" {
    object - frames <<<'static int média_가(int a) { return a * 3; } int f(int x) { return média_가(x); }'
    accepts frames
}

@test "only slice may ask the collected heap for memory" {
    object solutions/36-stack-heap/slice.c slice
    accepts slice
    run policy "$OUT/room.o" frames "$MODULE" "$OUT"
    [ "$status" -eq 1 ]
    [[ $output = call$'\t'* ]]
}

@test "call: exit, a system call, a thread, the grader's own functions" {
    for name in exit _exit fork execl pthread_create mmap open getenv dlsym gt_rand gt_record syscall; do
        refuses call "$name" <<<"void $name(int x); int f(int x) { $name(x); return x; }"
    done
}

@test "call: a name hidden behind an asm label" {
    refuses call _exit <<<'void harmless(int x) __asm__("_exit"); int f(int x) { harmless(x); return x; }'
}

@test "init: constructors, destructors, ifuncs and the sections behind them" {
    refuses init .init_array <<<'int n; __attribute__((constructor)) static void f(void) { n++; }'
    refuses init .fini_array <<<'int n; __attribute__((destructor)) static void f(void) { n++; }'
    refuses init .preinit_array <<<'static void f(void) { }
__attribute__((section(".preinit_array"), used)) static void (*p)(void) = f;'
    refuses init .ctors <<<'__attribute__((section(".ctors"), used)) static void *p = &p;'
    refuses init .init <<<'__asm__(".section .init,\"ax\",@progbits\nnop\n.text");'
    refuses init g <<<'static void *r(void) { return 0; } void g(void) __attribute__((ifunc("r")));'
}

@test "section: other names, code that can be written, a test of one's own" {
    refuses section gt_cases <<<'__attribute__((section("gt_cases"), used)) static const void *p[2];'
    refuses section .text.own <<<'__asm__(".section .text.own,\"awx\",@progbits\nret\n.text");'
    refuses section .interp <<<'__attribute__((section(".interp"))) const char p[] = "/bin/sh";'
    refuses section .gnu.warning.f <<<'__asm__(".section .gnu.warning.f\n.ascii \"all is well\"\n.text");'
    refuses section '*' <<<'__asm__(".section \".text .init\",\"ax\",@progbits\nret\n.text");'
    refuses section .rodata <<<'__asm__(".section .rodata,\"ax\",@progbits\nret\n.text");'
}

@test "symbol: weak, unique, common, absolute, and versions" {
    refuses symbol f <<<'__attribute__((weak)) int f(void) { return 1; }'
    refuses symbol g <<<'extern int g(void) __attribute__((weak)); int f(void) { return g ? 1 : 0; }'
    refuses symbol shared <<<'__asm__(".comm shared,8,8");'
    refuses symbol u <<<'__asm__(".type u,@gnu_unique_object\n.globl u\n.data\nu: .quad 0\n.text");'
    refuses symbol place <<<'__asm__(".globl place\n.set place, 0x401000");'
    refuses symbol '*@*' <<<'void mine(void) { } __asm__(".symver mine,_exit@GLIBC_2.2.5");'
}

@test "name: a function of the library or of the grader, defined anew" {
    refuses name malloc <<<'void *malloc(unsigned long n) { return (void *)n; }'
    refuses name memcpy <<<'void *memcpy(void *a, const void *b, unsigned long n) { return n ? a : (void *)b; }'
    refuses name gt_record <<<'void gt_record(int a, long b) { (void)a, (void)b; }'
    refuses name __start_gt_cases <<<'void *__start_gt_cases[2] = {0};'
}

@test "a helper of one's own may have the name of a rarer function" {
    object - frames <<<'int index(int a); int index(int a) { return a; } static int swap(int a) { return -a; }
int f(int a) { return swap(index(a)); }'
    accepts frames
}

@test "execstack: the address of a nested function" {
    refuses execstack .note.GNU-stack -O0 <<<'int call(int (*f)(int)) { return f(1); }
int f(int x) { int g(int y) { return x + y; } return call(g); }'
}

@test "data: more than 1 MiB of it, and alignment beyond a page" {
    refuses data '*' <<<'char big[(1 << 20) + 1]; char *f(void) { return big; }'
    refuses data .bss <<<'static char wide __attribute__((aligned(8192))); char *f(void) { return &wide; }'
    object - frames <<<'char big[1 << 20]; char *f(void) { return big; }'
    accepts frames
}

@test "instruction: what asks the kernel, changes the machine, or reads its clocks" {
    [ "$(uname -m)" = x86_64 ] || skip 'these are of x86-64'
    for code in syscall sysenter 'int $0x80' int3 wrpkru rdtsc rdtscp cpuid hlt 'in $1,%al' iretq lretq \
        'rdrand %eax' 'wrfsbase %rax' '.byte 0xf3; syscall' 'mov %eax,%fs'; do
        refuses instruction '*' <<<"int f(int x) { __asm__ volatile(\"$code\"); return x; }"
    done
}

@test "instruction: a request to Valgrind" {
    refuses instruction valgrind <<<'#include <valgrind/valgrind.h>
int f(void) { return RUNNING_ON_VALGRIND; }'
}

@test "object: too large, or none" {
    run policy /bin/true frames "$MODULE" "$OUT"
    [ "$status" -eq 1 ]
    printf 'no object\n' >"$OUT/room.o"
    run policy "$OUT/room.o" frames "$MODULE" "$OUT"
    [ "$status" -eq 1 ]
    truncate -s 9M "$OUT/room.o"
    run policy "$OUT/room.o" frames "$MODULE" "$OUT"
    [ "$output" = "object"$'\t9437184' ]
}

@test "facts of a refusal hold nothing that a screen or a table would trip over" {
    run policy_facts "section"$'\t'$'a\033[2J|;$(x)\tb'
    [ "${lines[0]}" = reason=section ]
    [ "${lines[1]}" = code=E0012 ]
    [ "${lines[2]}" = 'what=a?[2J????x??b' ] || [[ ${lines[2]} = what=a* && ${lines[2]} != *[$'\033;|$(']* ]]
}

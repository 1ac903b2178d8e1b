/*
 * ctx.c - where a stack of its own stopped, and how to go on there.
 *
 * The switch itself is in ctx_amd64.S and ctx_arm64.S. Here is what a stack looks like that
 * has not begun, and what the tools are told. AddressSanitizer and ThreadSanitizer keep a
 * picture of each stack and must hear of every switch; Memcheck need only know which memory
 * is stacks, or it takes a switch for one enormous frame.
 *
 * Invariants:
 *   I1  sp of a context that does not run points at a frame of ctx_jump, whole
 *   I2  at the entry the stack is aligned as the calling convention wants it
 *
 * Fibers of ThreadSanitizer belong to stacks, not to goroutines: a stack is used again by
 * the next goroutine, and making a fiber costs more than everything else here. A race
 * between two goroutines that used one stack one after the other is then not seen.
 *
 * Refused: swapcontext. It makes two system calls for a signal mask that is the same on
 * both sides, 173 ns where this needs about 3.
 *
 * Go: gogo, mcall in runtime/asm_amd64.s; gostartcall in runtime/stack.go. Module 44.
 */
#define _GNU_SOURCE             /* pthread_getattr_np */
#include "ctx.h"

#include "fatal.h"

#include <pthread.h>
#include <string.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(lo, hi) ((void)(lo), (void)(hi))
#endif

#if CTX_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if CTX_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* The assembler's first frame: calls the function that ctx_make left in a register. */
void ctx_entry(void);

#if defined __x86_64__

/* The frame of ctx_jump, from the stack pointer up. */
enum { CONTROL, R15, R14, R13, R12, RBX, RBP, RETURN, FRAME_WORDS = RETURN + 3 };

static void *first_frame(uintptr_t top, void (*fn)(void))
{
    uintptr_t *sp = (uintptr_t *)top - FRAME_WORDS;

    memset(sp, 0, FRAME_WORDS * sizeof *sp);
    sp[CONTROL] = UINT64_C(0x037f) << 32 | 0x1f80;      /* x87 control word, mxcsr: reset */
    sp[R12] = (uintptr_t)fn;
    sp[RETURN] = (uintptr_t)ctx_entry;
    return sp;
}

void ctx_frame(const struct ctx *c, uintptr_t *pc, uintptr_t *fp)
{
    const uintptr_t *sp = c->sp;

    *pc = sp[RETURN];
    *fp = sp[RBP];
}

#else

enum { X29, X30, X19, FRAME_WORDS = 22 };

static void *first_frame(uintptr_t top, void (*fn)(void))
{
    uintptr_t *sp = (uintptr_t *)top - FRAME_WORDS;

    memset(sp, 0, FRAME_WORDS * sizeof *sp);
    sp[X30] = (uintptr_t)ctx_entry;
    sp[X19] = (uintptr_t)fn;
    return sp;
}

void ctx_frame(const struct ctx *c, uintptr_t *pc, uintptr_t *fp)
{
    const uintptr_t *sp = c->sp;

    *pc = sp[X30];
    *fp = sp[X29];
}

#endif

void ctx_make(struct ctx *c, uintptr_t lo, uintptr_t hi, uintptr_t top, void (*fn)(void))
{
    c->lo = lo;
    c->hi = hi;
    c->fake = NULL;
#if CTX_TSAN
    if (c->fiber == NULL)
        c->fiber = __tsan_create_fiber(0);
#endif
    c->sp = first_frame(top, fn);
}

void ctx_adopt(struct ctx *c)
{
    pthread_attr_t attr;
    void *lo;
    size_t size;

    memset(c, 0, sizeof *c);
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        rt_throw("ctx", "the C library does not know this thread's stack");
    pthread_attr_getstack(&attr, &lo, &size);
    pthread_attr_destroy(&attr);
    c->lo = (uintptr_t)lo;
    c->hi = c->lo + size;
#if CTX_TSAN
    c->fiber = __tsan_get_current_fiber();
#endif
}

void ctx_register(uintptr_t lo, uintptr_t hi)
{
    (void)VALGRIND_STACK_REGISTER(lo, hi);
}

#if CTX_ASAN

void ctx_begun(void)
{
    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

void ctx_switch(struct ctx *from, struct ctx *to)
{
    __sanitizer_start_switch_fiber(&from->fake, (void *)to->lo, to->hi - to->lo);
    ctx_jump(&from->sp, to->sp);
    __sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
}

_Noreturn void ctx_restart(struct ctx *c, uintptr_t top, void (*fn)(void))
{
    __sanitizer_start_switch_fiber(&c->fake, (void *)c->lo, c->hi - c->lo);
    __asan_unpoison_memory_region((void *)c->lo, top - c->lo);
    ctx_begin(top, fn);
}

#else

void ctx_begun(void)
{
}

#if CTX_TSAN
void ctx_switch(struct ctx *from, struct ctx *to)
{
    __tsan_switch_to_fiber(to->fiber, 0);
    ctx_jump(&from->sp, to->sp);
}
#endif

_Noreturn void ctx_restart(struct ctx *c, uintptr_t top, void (*fn)(void))
{
    (void)c;
    ctx_begin(top, fn);
}

#endif

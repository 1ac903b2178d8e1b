/*
 * ctx.h - where a stack of its own stopped, and how to go on there.
 *
 * A context is one saved stack pointer; the registers lie on the stack. What the sanitizers
 * want to know of it stands beside it.
 *
 * Go: gosave, gogo, mcall in runtime/asm_amd64.s.
 */
#ifndef GORT_CTX_H
#define GORT_CTX_H

#include <stddef.h>
#include <stdint.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#define CTX_ASAN 1
#else
#define CTX_ASAN 0
#endif
#if defined __SANITIZE_THREAD__ || __has_feature(thread_sanitizer)
#define CTX_TSAN 1
#else
#define CTX_TSAN 0
#endif

struct ctx {
    void *sp;                   /* while it does not run */
    uintptr_t lo, hi;           /* the stack, [lo, hi) */
    void *fake, *fiber;         /* AddressSanitizer's, ThreadSanitizer's */
};

/* The assembler: saves the registers that a call preserves on this stack and the stack
   pointer in *save, takes the other stack, and restores its registers. */
void ctx_jump(void **save, void *load);

/* The assembler: forgets this stack above `top` and calls fn there, which never returns. */
_Noreturn void ctx_begin(uintptr_t top, void (*fn)(void));

/* The current stack pointer, near enough to say which stack this is. */
static inline uintptr_t ctx_here(void)
{
    uintptr_t sp;

#if defined __x86_64__
    __asm__("mov %%rsp, %0" : "=r"(sp));
#elif defined __aarch64__
    __asm__("mov %0, sp" : "=r"(sp));
#else
#error "ctx: this processor has no switch yet; see ctx_amd64.S"
#endif
    return sp;
}

/* Makes c a context that has not begun: the first switch to it calls fn at `top`, a
   multiple of 16 in (lo, hi], on the stack [lo, hi). fn never returns. */
void ctx_make(struct ctx *c, uintptr_t lo, uintptr_t hi, uintptr_t top, void (*fn)(void));

/* Makes c the calling thread's own stack, so that it can be switched from. */
void ctx_adopt(struct ctx *c);

/* The stack [lo, hi) exists from now on: Memcheck is told. */
void ctx_register(uintptr_t lo, uintptr_t hi);

/* On a context that has just begun, first of all. */
void ctx_begun(void);

/* Starts c, the running context, over: fn at top. What its frames hold is lost. */
_Noreturn void ctx_restart(struct ctx *c, uintptr_t top, void (*fn)(void));

/* Stops `from`, which runs here, and goes on with `to`. Returns when somebody switches to
   `from`, perhaps on another thread. */
#if CTX_ASAN || CTX_TSAN
void ctx_switch(struct ctx *from, struct ctx *to);
#else
static inline void ctx_switch(struct ctx *from, struct ctx *to)
{
    ctx_jump(&from->sp, to->sp);
}
#endif

/* Where the context that does not run would go on: program counter and frame pointer. */
void ctx_frame(const struct ctx *c, uintptr_t *pc, uintptr_t *fp);

#endif

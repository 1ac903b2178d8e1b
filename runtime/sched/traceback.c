/*
 * traceback.c - says where goroutines are, in Go's shape.
 *
 *     goroutine 18 [chan receive]:
 *     consume(...)
 *             /home/me/prog+0x1a3f
 *
 * Frames are found by frame pointers (-fno-omit-frame-pointer), from the saved context of a
 * goroutine that does not run. Names come from symbols.c. The runtime's own frames above the
 * program's first one are left out, as in Go.
 *
 * Refused: unwinding by the tables. It is exact, and a thousand lines, or a library that
 * allocates.
 *
 * Go: goroutineheader, traceback, tracebackothers in runtime/traceback.go; checkdead in
 * runtime/proc.go; newstack in runtime/stack.go for the words of an overflow. Module 44.
 */
#include "traceback.h"

#include "gfree.h"
#include "hooks.h"
#include "os.h"
#include "symbols.h"
#include "thread.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

enum { FRAMES = 50, TEXT = 512, STATUS = 2 };

extern const char __start_gort_text __attribute__((weak)), __stop_gort_text __attribute__((weak));

static const char *const reasons[WAIT_REASONS] = {
    [WAIT_NONE] = "",
    [WAIT_CHAN_RECV_NIL] = "chan receive (nil chan)",
    [WAIT_CHAN_SEND_NIL] = "chan send (nil chan)",
    [WAIT_CHAN_RECV] = "chan receive",
    [WAIT_CHAN_SEND] = "chan send",
    [WAIT_SELECT] = "select",
    [WAIT_SELECT_EMPTY] = "select (no cases)",
    [WAIT_SEMACQUIRE] = "semacquire",
    [WAIT_COND] = "sync.Cond.Wait",
    [WAIT_SLEEP] = "sleep",
    [WAIT_IO] = "IO wait",
    [WAIT_WORLD] = "stopping the world",
    [WAIT_GC_WORKER] = "GC worker (idle)",
};

const char *traceback_reason(uint32_t why)
{
    return why < WAIT_REASONS ? reasons[why] : "";
}

__attribute__((format(printf, 1, 2))) static void say(const char *how, ...)
{
    char text[TEXT];
    va_list args;
    int n;

    va_start(args, how);
    n = vsnprintf(text, sizeof text, how, args);
    va_end(args);
    if (n > 0)
        os_write(2, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

static bool is_runtime(uintptr_t pc)
{
    return pc - (uintptr_t)&__start_gort_text
        < (uintptr_t)&__stop_gort_text - (uintptr_t)&__start_gort_text;
}

static void say_frame(uintptr_t pc)
{
    struct symbol symbol;

    if (symbols_find(pc, &symbol))
        say("%s(...)\n\t%s+0x%zx\n", symbol.name, symbols_program(), symbol.offset);
    else
        say("?(...)\n\t0x%zx\n", (size_t)pc);
}

/* Walks from a frame pointer down to the stack's first frame. */
static void say_frames(const struct gstack *s, uintptr_t pc, uintptr_t fp)
{
    bool inside = true;         /* in the runtime's own frames still */

    for (int n = 0; n < FRAMES && pc != 0; n++) {
        inside = inside && is_runtime(pc);
        if (!inside && is_runtime(pc))
            return;             /* the goroutine's first frame, and what called it */
        if (!inside)
            say_frame(pc - 1);
        if (fp < s->ctx.lo || fp + 2 * sizeof fp > s->ctx.hi || fp % sizeof fp != 0)
            return;
        pc = ((const uintptr_t *)fp)[1];
        fp = ((const uintptr_t *)fp)[0];
    }
}

static const char *state(const struct g *g)
{
    switch (g_get(g)) {
    case G_RUNNABLE:
        return "runnable";
    case G_RUNNING:
        return "running";
    case G_SYSCALL:
        return "syscall";
    case G_WAITING:
        return traceback_reason(g->why);
    default:
        return "idle";
    }
}

void traceback_goroutine(struct g *g)
{
    uintptr_t pc = 0, fp = (uintptr_t)__builtin_frame_address(0);

    say("\ngoroutine %llu [%s%s]:\n", (unsigned long long)g->id, state(g),
        g->locked ? ", locked to thread" : "");
    if (g->stack == NULL)
        return;
    if (g != g_self())
        ctx_frame(&g->stack->ctx, &pc, &fp);
    else
        pc = (uintptr_t)__builtin_return_address(0);
    say_frames(g->stack, pc, fp);
}

static void say_other(struct g *g, void *me)
{
    uint32_t status = g_get(g);

    if (g != me && (status == G_WAITING || status == G_RUNNABLE) && g->why != WAIT_GC_WORKER)
        traceback_goroutine(g);
}

/* Number 1 first, then the others, as Go has them. */
static void say_main(struct g *g, void *me)
{
    if (g->id == 1)
        say_other(g, me);
}

static void say_not_main(struct g *g, void *me)
{
    if (g->id != 1)
        say_other(g, me);
}

void traceback_others(const struct g *g)
{
    gfree_each(say_main, (void *)g);
    gfree_each(say_not_main, (void *)g);
}

static void find_main(struct g *g, void *found)
{
    if (g->id == 1 && g_get(g) != G_DEAD)
        *(bool *)found = true;
}

void traceback_deadlock(void)
{
    bool main_is_there = false;

    gfree_each(find_main, &main_is_there);
    if (main_is_there)
        say("fatal error: all goroutines are asleep - deadlock!\n");
    else
        say("fatal error: no goroutines (main called gort_exit) - deadlock!\n");
    traceback_others(NULL);
    os_exit(STATUS);
}

/* hooks.dump: a throw or a panic ends the process. */
static void dump(void)
{
    struct g *g = g_self();

    hooks.dump = NULL;          /* a mistake in here ends it at once */
    if (g && g != &g->m->g0)
        traceback_goroutine(g);
}

#if defined __x86_64__
static void registers(const ucontext_t *uc, uintptr_t *pc, uintptr_t *sp, uintptr_t *fp)
{
    *pc = (uintptr_t)uc->uc_mcontext.gregs[16];         /* rip */
    *sp = (uintptr_t)uc->uc_mcontext.gregs[15];         /* rsp */
    *fp = (uintptr_t)uc->uc_mcontext.gregs[10];         /* rbp */
}
#else
static void registers(const ucontext_t *uc, uintptr_t *pc, uintptr_t *sp, uintptr_t *fp)
{
    *pc = (uintptr_t)uc->uc_mcontext.pc;
    *sp = (uintptr_t)uc->uc_mcontext.sp;
    *fp = (uintptr_t)uc->uc_mcontext.regs[29];
}
#endif

static _Noreturn void overflow(struct gstack *s, const ucontext_t *uc)
{
    uintptr_t pc, sp, fp;

    registers(uc, &pc, &sp, &fp);
    say("runtime: goroutine stack exceeds %u-byte limit\n", (unsigned)GSTACK_SLOT);
    say("runtime: sp=%p stack=[%p, %p]\n", (void *)sp, (void *)s->ctx.lo, (void *)s->ctx.hi);
    say("fatal error: stack overflow\n");
    say("\ngoroutine %llu [running]:\n", (unsigned long long)s->g->id);
    say_frames(s, pc + 1, fp);
    os_exit(STATUS);
}

/* On the thread's signal stack: a goroutine has touched what it may not. */
static void on_fault(int sig, siginfo_t *info, void *context)
{
    uintptr_t at = (uintptr_t)info->si_addr;

    if (gstack_is_guard(at))
        overflow(gstack_of(at), context);
    thread_default_signal(sig);     /* the instruction faults again, and now it ends */
}

void traceback_init(void)
{
    hooks.dump = dump;
    if (CTX_ASAN || CTX_TSAN)
        return;                 /* theirs say more */
    thread_on_signal(SIGSEGV, on_fault, true);
    thread_on_signal(SIGBUS, on_fault, true);
}

/*
 * preempt.c - takes the processor from a goroutine that does not give it up.
 *
 * Who wants a goroutine to yield sets g->preempt and sends SIGURG to its thread. The handler
 * runs on the goroutine's own stack, on top of whatever it was doing, and simply yields: the
 * interrupted frames stay where they are until somebody switches back, perhaps from another
 * thread; then the handler returns and the kernel restores the registers.
 *
 * It does so only when the program counter is in the program's own text. In the runtime a
 * goroutine may hold a lock or a P's queue; in the C library it may hold malloc's lock, and
 * the next goroutine on this thread would wait for it for ever. The runtime's text is a
 * section of its own, gort_text (build.mk), and everything else outside the executable is
 * not the program's.
 *
 *     __executable_start     gort_text        etext
 *     |      program         | runtime |  program |     libc.so, libm.so ...
 *
 * When the handler returns on another thread, the frame that the kernel left still names the
 * first thread's signal mask and alternate stack: both are rewritten before.
 *
 * One signal is outstanding for a thread at a time, or they would nest until the stack is
 * full.
 *
 * Where signals cannot be used (ThreadSanitizer delays them; Valgrind keeps the thread's
 * pointer to its variables in the frame and restores it on the wrong thread; a static executable
 * has malloc in its own text), the fallback is cooperative: code compiled with
 * -fsanitize-coverage=trace-pc calls __sanitizer_cov_trace_pc at every branch, which looks
 * at g->preempt. So did Go's function prologues before 1.14.
 *
 * Invariants:
 *   I1  the runtime's text is never interrupted by a switch
 *   I2  m->signalled is 1 from the sending to the handling
 *
 * Refused: a list of places where it is forbidden. What is not on it crashed: sanitizers
 * linked into the executable, malloc.
 *
 * Go: runtime/preempt.go, doSigPreempt in signal_unix.go. Module 44.
 */
#include "preempt.h"

#include "san.h"
#include "sched.h"
#include "thread.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <ucontext.h>

enum { ROOM = 16 << 10 };       /* bytes of stack that a yield on top may need */

/* The linker's: the executable's text, and the runtime's part of it. */
extern const char __executable_start, etext;
extern const char __start_gort_text __attribute__((weak)), __stop_gort_text __attribute__((weak));

static bool by_signal;          /* set once */

bool preempt_by_signal(void)
{
    return by_signal;
}

static bool is_program(uintptr_t pc)
{
    if (pc - (uintptr_t)&__executable_start
        >= (uintptr_t)&etext - (uintptr_t)&__executable_start)
        return false;
    return pc - (uintptr_t)&__start_gort_text
        >= (uintptr_t)&__stop_gort_text - (uintptr_t)&__start_gort_text;
}

#if defined __x86_64__
static uintptr_t pc_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.gregs[16];        /* REG_RIP */
}

static uintptr_t sp_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.gregs[15];        /* REG_RSP */
}
#else
static uintptr_t pc_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.pc;
}

static uintptr_t sp_of(const ucontext_t *uc)
{
    return (uintptr_t)uc->uc_mcontext.sp;
}
#endif

/* doc:handler */
static void on_urgent(int sig, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    struct gstack *s = gstack_at(sp_of(uc));
    int saved = errno;
    struct g *g;

    (void)sig;
    (void)info;
    if (s == NULL)
        return;
    g = s->g;
    atomic_store_explicit(&g->m->signalled, 0, memory_order_relaxed);
    if (!is_program(pc_of(uc)) || sp_of(uc) - s->ctx.lo < ROOM
        || !atomic_load_explicit(&g->preempt, memory_order_relaxed)
        || g_get(g) != G_RUNNING || g == &g->m->g0)
        return;
    sched_yield_now();
    /* Perhaps another thread from here on. */
    sigaltstack(NULL, &uc->uc_stack);
    pthread_sigmask(SIG_SETMASK, NULL, &uc->uc_sigmask);
    errno = saved;
}
/* doc:end */

/* A static executable has the C library in its own text. */
static bool is_dynamic(void)
{
    const ElfW(Phdr) *header = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    unsigned long n = getauxval(AT_PHNUM);

    for (unsigned long i = 0; header && i < n; i++) {
        if (header[i].p_type == PT_INTERP)
            return true;
    }
    return false;
}

void preempt_init(void)
{
    by_signal = !CTX_TSAN && (CTX_ASAN || !san_watching()) && &__start_gort_text != NULL
        && is_dynamic();
    if (by_signal)
        thread_on_signal(SIGURG, on_urgent, false);
}

void preempt_ask(struct p *p)
{
    struct m *m = atomic_load_explicit(&p->m, memory_order_acquire);
    struct g *g = m ? atomic_load_explicit(&m->cur, memory_order_acquire) : NULL;

    if (g == NULL || g == &m->g0)
        return;
    atomic_store_explicit(&g->preempt, true, memory_order_relaxed);
    if (by_signal
        && atomic_exchange_explicit(&m->signalled, 1, memory_order_relaxed) == 0)
        thread_signal(m->thread, SIGURG);
}

void __sanitizer_cov_trace_pc(void);

/* Called by instrumented code at every branch, also where there is no goroutine yet. */
void __sanitizer_cov_trace_pc(void)
{
    struct gstack *s = gstack_at(ctx_here());

    if (s && s->g && atomic_load_explicit(&s->g->preempt, memory_order_relaxed)
        && s->g != &s->g->m->g0)
        sched_yield_now();
}

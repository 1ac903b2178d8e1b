/*
 * start.c - the scheduler's beginning and end, and what programs ask of it.
 *
 * The thread that calls gort_main becomes the first M, and main is a goroutine like every
 * other, number 1. When it returns, the world stops, and the first M goes back to the stack
 * it came from.
 *
 * Invariants:
 *   I1  gort_main returns on the thread that called it
 *   I2  g->locked is m if and only if m->locked is g
 *
 * Go: schedinit, main, Gosched, Goexit, LockOSThread in runtime/proc.go; GOMAXPROCS in
 * runtime/debug.go. Module 44.
 */
#include "start.h"

#include "defer.h"
#include "explore.h"
#include "fatal.h"
#include "gfree.h"
#include "idle.h"
#include "os.h"
#include "preempt.h"
#include "sched.h"
#include "schedtrace.h"
#include "self.h"
#include "sysmon.h"
#include "thread.h"
#include "timer.h"
#include "traceback.h"
#include "world.h"

#include <errno.h>
#include <stdlib.h>

enum {
    SIGNAL_STACK = 64 << 10,    /* bytes: AVX-512 state and a traceback fit */
    PATIENCE = 100000000,       /* ns that the end waits for goroutines to stop */
};

static struct {
    _Atomic bool started, returned;
    struct m *first;            /* whose thread called gort_main */
    uint32_t cpus;
} start;

static void *signal_stack(void)
{
    void *p = os_metadata(SIGNAL_STACK);

    if (p == NULL)
        rt_throw("start", "out of memory: no stack for a thread's signals");
    return p;
}

/* What the record of the calling thread must know of it. */
static void be(struct m *m)
{
    m->thread = pthread_self();
    m->self = self_get();
    m->errno_at = &errno;
    thread_let_signals_in(signal_stack(), SIGNAL_STACK);
}

/* An M's thread, from its start. */
static void *run(void *arg)
{
    struct m *m = arg;
    struct p *p = m->nextp;

    be(m);
    m->nextp = NULL;
    idle_acquire(m, p);
    sched_run_m(m);
    /* The program is over. Stays out of its way, but does not let it hang when the first
       thread is in a call that never returns. */
    thread_sleep(PATIENCE);
    if (!atomic_load_explicit(&start.returned, memory_order_relaxed))
        exit(0);
    for (;;)
        thread_sleep(TIMER_NONE);
    return NULL;
}

static uint32_t number_of(const char *text, uint32_t otherwise)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);

    return *text == '\0' || *end != '\0' || n == 0 || n > INT32_MAX ? otherwise : (uint32_t)n;
}

/* One P, no monitor, and every choice drawn, when a seed is given. */
static bool read_seed(void)
{
    const char *seed = os_getenv("GORT_SCHED_SEED");

    if (*seed == '\0')
        return false;
    explore_start(strtoull(seed, NULL, 10));
    return true;
}

int gort_main(void (*fn)(void *), void *arg)
{
    struct m *m;
    bool seeded;

    if (atomic_exchange_explicit(&start.started, true, memory_order_acq_rel))
        rt_throw("start", "gort_main is called a second time");
    start.cpus = thread_cpus();
    seeded = read_seed();
    sched_init();
    idle_on_start(run);
    idle_on_deadlock(traceback_deadlock);
    traceback_init();
    defer_init();
    preempt_init();
    world_resize(seeded ? 1 : number_of(os_getenv("GOMAXPROCS"), start.cpus));
    start.first = m = idle_new_m();
    be(m);
    idle_acquire(m, gmp.p[0]);
    m->self->cache = self_get()->cache;
    idle_lock();
    for (uint32_t i = gmp_procs(); i-- > 1;)
        idle_put_locked(gmp.p[i]);
    idle_unlock();
    schedtrace_init();
    if (!seeded)
        sysmon_start();
    sched_go(m, fn, arg);
    sched_run_m(m);
    atomic_store_explicit(&start.returned, true, memory_order_relaxed);
    return 0;
}

/* The main goroutine has returned. Its thread is the first one, or the first one is woken
   and this one sleeps for ever. */
_Noreturn void start_end(void)
{
    if (!gmp_attends(ATTEND_SEED) && !world_try_stop(PATIENCE))
        exit(0);
    gmp_attend(ATTEND_END);
    idle_end();
    for (;;)                    /* find ends this thread's scheduler */
        sched_park(NULL, NULL, WAIT_NONE);
}

static struct g *goroutine(void)
{
    struct g *g = g_self();

    if (g == NULL || g == &g->m->g0)
        rt_throw("start", "a thread that is no goroutine calls what only goroutines may");
    return g;
}

void go(void (*fn)(void *), void *arg)
{
    sched_go(goroutine()->m, fn, arg);
    sched_point();
}

void gort_yield(void)
{
    goroutine();
    sched_yield_now();
}

_Noreturn void gort_exit(void)
{
    goroutine();
    sched_exit();
}

static void wake(void *g, uint64_t seq)
{
    (void)seq;
    sched_ready(g);
}

/* Sets the timer once the goroutine sleeps: not before, or it could fire too early. */
static bool set_timer(struct g *g, void *timer)
{
    struct timer *t = timer;

    (void)g;
    timer_start(t, t->when);
    return true;
}

void gort_sleep(int64_t ns)
{
    struct g *g = goroutine();
    struct timer t = {.fn = wake, .arg = g};

    if (ns <= 0) {
        sched_yield_now();
        return;
    }
    if (__builtin_add_overflow(timer_now(), ns, &t.when))
        t.when = TIMER_NONE - 1;
    sched_park(set_timer, &t, WAIT_SLEEP);
}

int64_t gort_now(void)
{
    return timer_now();
}

int gort_gomaxprocs(int n)
{
    int was = (int)gmp_procs();
    struct m *m;

    goroutine();
    if (n < 1 || n == was || gmp_attends(ATTEND_SEED))
        return was;
    world_stop();
    m = g_here()->m;
    world_resize((uint32_t)n);
    if (m->p->id >= gmp_procs()) {
        idle_release(m);
        idle_acquire(m, gmp.p[0]);
    }
    world_start();
    return was;
}

int gort_numcpu(void)
{
    return (int)thread_cpus();
}

static void count_alive(struct g *g, void *n)
{
    *(int *)n += g_get(g) != G_DEAD && g_get(g) != G_IDLE;
}

int gort_numgoroutine(void)
{
    int n = 0;

    gfree_each(count_alive, &n);
    return n;
}

uint64_t gort_goid(void)
{
    struct g *g = g_self();

    return g ? g->id : 0;
}

void gort_lock_os_thread(void)
{
    struct g *g = goroutine();

    if (g->locks++ > 0)
        return;
    g->locked = g->m;
    atomic_store_explicit(&g->m->locked, g, memory_order_relaxed);
}

void start_unlock_thread(struct g *g)
{
    g->locks = 0;
    g->locked = NULL;
    atomic_store_explicit(&g->m->locked, NULL, memory_order_relaxed);
}

void gort_unlock_os_thread(void)
{
    struct g *g = goroutine();

    if (g->locks > 1)
        g->locks--;
    else if (g->locks == 1)
        start_unlock_thread(g);
}

void gort_block(void)
{
    goroutine();
    sched_block();
}

void gort_unblock(void)
{
    sched_unblock();
}

__attribute__((noinline)) int *gort_errno(void)
{
    __asm__ volatile("");       /* asked anew each time: see self.c */
    return &errno;
}

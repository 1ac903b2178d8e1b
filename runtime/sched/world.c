/*
 * world.c - stops every goroutine but the caller's, and starts them again.
 *
 * The stopper sets the attention bit and counts the Ps that have still to stop. Idle Ps and
 * those of blocking calls stop at once, in their absence; a running one stops when its
 * thread comes to the scheduler, and is asked to hurry by a signal. Each P that stops counts
 * down by one, in the same moment in which its status becomes P_GCSTOP, so that it counts
 * once. The thread goes to sleep among the idle ones; the start gives the Ps out anew.
 *
 * Each stop has a number. A P notes the number of the stop in which it was counted last, and
 * check builds throw when it is counted twice: a second stop may follow the first before
 * every thread has noticed that there was a start between them.
 *
 * Invariants:
 *   I1  a P counts once in a generation
 *   I2  between world_stop and world_start every P but the caller's has status P_GCSTOP
 *
 * Locks: idle.c's lock protects the counts. `turn` lets one stopper in at a time.
 *
 * Refused: letting threads wait where they are until the start. A thread that waits is woken
 * before the next stop or after it, and both look the same to it.
 *
 * Go: stopTheWorldWithSema, startTheWorldWithSema, gcstopm, procresize in runtime/proc.go.
 * Modules 41 and 44.
 */
#include "world.h"

#include "fatal.h"
#include "gfree.h"
#include "globq.h"
#include "idle.h"
#include "os.h"
#include "preempt.h"
#include "sched.h"
#include "thread.h"

#include <string.h>

enum {
    LINE = 128,
    LOOK = 50000,               /* ns between two requests to those that still run */
};

static struct {
    _Atomic uint32_t turn;      /* 1: a stop is on */

    /* idle.c's lock: */
    _Atomic uint32_t missing;   /* Ps that have still to stop; a futex */
    uint32_t generation;
    uint32_t counted[GMP_PROCS];    /* the generation in which each P was counted last */
} world;

uint32_t world_generation(void)
{
    return world.generation;
}

uint32_t world_missing(void)
{
    return atomic_load_explicit(&world.missing, memory_order_relaxed);
}

/* doc:count */
void world_stopped_locked(struct p *p)
{
    atomic_store_explicit(&p->status, P_GCSTOP, memory_order_relaxed);
    INVARIANT("world", world.counted[p->id] != world.generation);
    world.counted[p->id] = world.generation;
    if (atomic_fetch_sub_explicit(&world.missing, 1, memory_order_release) == 1)
        os_futex_wake(&world.missing, 1);
}
/* doc:end */

/* Ps that nobody runs on stop at once: the idle ones, and those of blocking calls. */
static void stop_absent_locked(struct p *mine)
{
    for (uint32_t i = 0; i < gmp_procs(); i++) {
        struct p *p = gmp.p[i];
        uint32_t syscall = P_SYSCALL;

        if (p == mine)
            continue;
        if (atomic_load_explicit(&p->status, memory_order_relaxed) == P_IDLE)
            world_stopped_locked(p);
        else if (atomic_compare_exchange_strong_explicit(&p->status, &syscall, P_GCSTOP,
                                                         memory_order_acq_rel,
                                                         memory_order_relaxed))
            world_stopped_locked(p);
    }
}

/* Asks those that run to come to the scheduler. */
static void hurry(struct p *mine)
{
    for (uint32_t i = 0; i < gmp_procs(); i++) {
        struct p *p = gmp.p[i];

        if (p != mine
            && atomic_load_explicit(&p->status, memory_order_relaxed) == P_RUNNING)
            preempt_ask(p);
    }
}

bool world_try_stop(int64_t ns)
{
    struct p *mine = g_here()->m->p;
    int64_t end = ns < 0 ? INT64_MAX : thread_now() + ns;
    uint32_t n;

    while (atomic_exchange_explicit(&world.turn, 1, memory_order_acquire) != 0)
        sched_yield_now();      /* the other stop comes first: obeys it */
    mine = g_here()->m->p;
    idle_lock();
    world.generation++;
    world.counted[mine->id] = world.generation;
    atomic_store_explicit(&world.missing, gmp_procs() - 1, memory_order_relaxed);
    gmp_attend(ATTEND_STOP);
    idle_forget_locked();
    stop_absent_locked(mine);
    idle_unlock();
    while ((n = atomic_load_explicit(&world.missing, memory_order_acquire)) != 0) {
        if (thread_now() >= end)
            return false;
        hurry(mine);
        thread_wait_for(&world.missing, n, LOOK);
    }
    return true;
}

void world_stop(void)
{
    world_try_stop(-1);
}

/* Gives stopped Ps out: to the idle list, save those with something to run. */
static struct p *deal_locked(const struct p *mine)
{
    struct p *busy = NULL;

    for (uint32_t i = gmp_procs(); i-- > 0;) {
        struct p *p = gmp.p[i];

        if (p == mine || atomic_load_explicit(&p->status, memory_order_relaxed) != P_GCSTOP)
            continue;
        if (runq_count(&p->q) == 0 && p->yielded.n == 0) {
            idle_put_locked(p);
            continue;
        }
        atomic_store_explicit(&p->status, P_RUNNING, memory_order_relaxed);
        p->idle = busy;
        busy = p;
    }
    return busy;
}

void world_start(void)
{
    struct p *busy, *next;

    idle_lock();
    gmp_ignore(ATTEND_STOP);
    busy = deal_locked(g_here()->m->p);
    idle_unlock();
    atomic_store_explicit(&world.turn, 0, memory_order_release);
    for (; busy; busy = next) {
        next = busy->idle;
        idle_start(busy, false);
    }
    if (globq_count() > 0)
        idle_wake_one();
}

bool world_obey(struct m *m)
{
    struct p *p;

    if (m->picked)
        globq_put(m->picked);
    m->picked = NULL;
    if (gmp_attends(ATTEND_END))
        return false;
    idle_found(m);
    p = idle_release(m);
    idle_lock();
    if (!gmp_attends(ATTEND_STOP)) {        /* started again meanwhile */
        idle_unlock();
        idle_acquire(m, p);
        return true;
    }
    world_stopped_locked(p);
    idle_unlock();
    if (atomic_load_explicit(&m->locked, memory_order_relaxed))
        return idle_wait_p(m);
    return idle_sleep(m);
}

static void make_p(uint32_t i)
{
    struct p *p = os_metadata(sizeof *p + LINE);

    if (p == NULL)
        rt_throw("world", "out of memory: no record for a P");
    p = (struct p *)(((uintptr_t)p + LINE - 1) & ~(uintptr_t)(LINE - 1));
    p->id = i;
    p->rand = 0x9e3779b9u * (i + 1);
    atomic_store_explicit(&p->status, P_GCSTOP, memory_order_relaxed);
    gmp.p[i] = p;
}

/* p is no longer used: what it holds goes to the others. */
static void empty(struct p *p)
{
    bool inherit;
    struct g *g;

    while ((g = runq_get(&p->q, &inherit)) != NULL)
        globq_put(g);
    globq_put_all(&p->yielded);
    gfree_flush(p);
    atomic_store_explicit(&p->status, P_DEAD, memory_order_relaxed);
}

void world_resize(uint32_t n)
{
    uint32_t old = gmp_procs();

    if (n > GMP_PROCS)
        n = GMP_PROCS;
    for (uint32_t i = 0; i < n; i++) {
        if (gmp.p[i] == NULL)
            make_p(i);
        if (i >= old)
            atomic_store_explicit(&gmp.p[i]->status, P_GCSTOP, memory_order_relaxed);
    }
    for (uint32_t i = n; i < old; i++)
        empty(gmp.p[i]);
    for (uint32_t i = 0; i < n; i++)
        gmp.p[i]->q.alone = n == 1;
    atomic_store_explicit(&gmp.np, n, memory_order_release);
}

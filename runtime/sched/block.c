/*
 * block.c - a goroutine's thread blocks in the system; its P does not wait for it.
 *
 * Before the call the P is marked P_SYSCALL and stays where it is: most calls are short, and
 * then it is taken back by one compare-and-swap. When the call lasts, sysmon takes the P
 * with the same swap and another thread goes on with it.
 *
 * Invariants:
 *   I1  a P in P_SYSCALL belongs to whoever wins the swap: its old M, sysmon, or the stopper
 *   I2  between sched_block and sched_unblock the thread has no P and no cache
 *
 * Orders:
 *   (A) the release of P_SYSCALL pairs with the acquire of the swap that ends it: the next
 *       holder sees the P as this one left it.
 *
 * Go: entersyscall, exitsyscall in runtime/proc.go. Module 44.
 */
#include "sched.h"

#include "fatal.h"
#include "globq.h"
#include "idle.h"
#include "self.h"
#include "world.h"

void sched_block(void)
{
    struct g *g = g_here();
    struct m *m = g->m;
    struct p *p = m->p;
    uint32_t mine = P_SYSCALL;

    INVARIANT("block", g != &m->g0);
    g_set(g, G_SYSCALL);
    atomic_fetch_add_explicit(&p->syscalltick, 1, memory_order_relaxed);
    m->oldp = idle_release(m);
    atomic_store_explicit(&p->status, P_SYSCALL, memory_order_release);         /* (A) */
    if (!gmp_attends(ATTEND_STOP))
        return;
    idle_lock();
    if (gmp_attends(ATTEND_STOP)
        && atomic_compare_exchange_strong_explicit(&p->status, &mine, P_GCSTOP,
                                                   memory_order_acq_rel, memory_order_relaxed))
        world_stopped_locked(p);
    idle_unlock();
}

static bool put_global(struct g *g, void *unused)
{
    (void)unused;
    sched_republish(g);
    return true;
}

void sched_unblock(void)
{
    struct g *g = g_here();
    struct m *m = g->m;
    struct p *p = m->oldp;
    uint32_t mine = P_SYSCALL;

    m->oldp = NULL;
    if (atomic_compare_exchange_strong_explicit(&p->status, &mine, P_RUNNING,
                                                memory_order_acquire,           /* (A) */
                                                memory_order_relaxed)) {
        idle_acquire(m, p);
        g_set(g, G_RUNNING);
        return;
    }
    if (idle_take(m)) {
        g_set(g, G_RUNNING);
        return;
    }
    g_set(g, G_RUNNABLE);
    sched_leave_without_p(put_global);
}

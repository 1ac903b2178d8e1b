/*
 * findrun.c - in which order a P looks for a goroutine to run.
 *
 *     every 61st time slice      the global queue
 *     else                       1. the next place: it goes on with the slice of its waker
 *                                2. the own ring, the oldest first
 *                                3. the global queue, with a share for the ring
 *     and when that was nothing  4. the network (idle.c asks it)
 *                                5. half of another P's ring, four times round; in the last
 *                                   round also its next place
 *
 * The 61st: two goroutines that make each other ready for ever would keep their P, and who
 * sits in the global queue would never run. A prime, so that it does not fall into step
 * with anything. The slice that next inherits is not counted, or such a pair would age the
 * others.
 *
 * Only in the last round a thief looks at next: who was put there is about to run anyway,
 * near the data of who put it there.
 *
 * Invariant:
 *   I1  what is returned is in no queue any more, and is the caller's
 *
 * Locks: none here.
 *
 * Refused: stealing one at a time. The thief would be back at once.
 *
 * Go: findRunnable, stealWork, schedule in runtime/proc.go. Module 44, exercise 2.
 */
#include "findrun.h"

#include "globq.h"

static bool has_global(const struct p *p)
{
    return globq_count() > 0 || p->yielded.n > 0;
}

struct g *findrun_mine(struct p *p, bool *inherit)
{
    uint32_t tick = atomic_load_explicit(&p->schedtick, memory_order_relaxed);     /* ours */
    struct g *g = NULL;

    *inherit = false;
    if (tick % FINDRUN_FAIR == 0 && has_global(p))
        g = globq_get(p, 1);
    if (g == NULL)
        g = runq_get(&p->q, inherit);
    if (g == NULL && has_global(p))
        g = globq_get(p, 0);
    return g;
}

/* xorshift: any number but 0 gives a sequence of all of them. */
static uint32_t draw(struct p *p)
{
    uint32_t x = p->rand;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    p->rand = x;
    return x;
}

struct g *findrun_theirs(struct p *p)
{
    uint32_t np = gmp_procs();

    for (uint32_t try = 1; try <= FINDRUN_TRIES; try++) {
        uint32_t first = draw(p) % np;

        for (uint32_t i = 0; i < np; i++) {
            struct p *victim = gmp.p[(first + i) % np];
            struct g *g = NULL;

            if (victim != p)
                g = runq_steal(&p->q, &victim->q, try == FINDRUN_TRIES);
            if (g)
                return g;
        }
    }
    return NULL;
}

bool findrun_any(void)
{
    uint32_t np = gmp_procs();

    if (globq_count() > 0)
        return true;
    for (uint32_t i = 0; i < np; i++) {
        if (!runq_empty(&gmp.p[i]->q))
            return true;
    }
    return false;
}

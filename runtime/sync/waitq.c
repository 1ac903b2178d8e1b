/*
 * waitq.c - goroutines that wait, the one that came first in front.
 *
 * A list of sudogs, linked both ways. A goroutine that waits for one thing is in one queue,
 * with the sudog of its own record; one that waits in a select is in several, with sudogs on
 * its stack. Then several others may want to wake it at once, each under the lock of another
 * queue, and only one may: who changes g->select_done from 0 to 1.
 *
 * A sudog that was taken by one who came too late is in no queue any more; its goroutine
 * takes the others out when it runs.
 *
 * Invariants, checked by waitq_check:
 *   I1  the list reads the same in both directions, and `last` is its end
 *   I2  a sudog knows the queue that it is in; NULL when it is in none
 *
 * Locks: the owner's. At one P there is none, and select_done needs no atomic exchange.
 *
 * Go: type waitq, enqueue, dequeue, dequeueSudoG in runtime/chan.go. Module 43.
 */
#include "waitq.h"

#include "fatal.h"
#include "gmp.h"

#define FIRST(q)        atomic_load_explicit(&(q)->first, memory_order_relaxed)
#define SET_FIRST(q, s) atomic_store_explicit(&(q)->first, (s), memory_order_relaxed)

void waitq_put(struct waitq *q, struct sudog *s)
{
    INVARIANT("waitq", s->queue == NULL);
    s->queue = q;
    s->next = NULL;
    s->prev = q->last;
    if (FIRST(q))
        q->last->next = s;
    else
        SET_FIRST(q, s);
    q->last = s;
}

void waitq_put_first(struct waitq *q, struct sudog *s)
{
    struct sudog *first = FIRST(q);

    INVARIANT("waitq", s->queue == NULL);
    s->queue = q;
    s->next = first;
    s->prev = NULL;
    if (first)
        first->prev = s;
    else
        q->last = s;
    SET_FIRST(q, s);
}

/* Only the lock protects the links; who has a sudog in hand may go on without it. */
static inline void unlink(struct waitq *q, struct sudog *s)
{
    if (s->prev)
        s->prev->next = s->next;
    else
        SET_FIRST(q, s->next);
    if (s->next)
        s->next->prev = s->prev;
    else
        q->last = s->prev;
    s->queue = NULL;
}

/* True when the caller is the one who wakes g, which waits in a select. */
static bool wins(struct g *g)
{
    uint32_t none = 0;

    if (gmp_procs() > 1)
        return atomic_compare_exchange_strong_explicit(&g->select_done, &none, 1,
                                                       memory_order_acq_rel,
                                                       memory_order_relaxed);
    if (atomic_load_explicit(&g->select_done, memory_order_relaxed) != 0)
        return false;                   /* one P: nobody comes between */
    atomic_store_explicit(&g->select_done, 1, memory_order_relaxed);
    return true;
}

struct sudog *waitq_take(struct waitq *q)
{
    struct sudog *s;

    while ((s = FIRST(q)) != NULL) {
        unlink(q, s);
        if (!s->select || wins(s->g))
            return s;
    }
    return NULL;
}

void waitq_remove(struct waitq *q, struct sudog *s)
{
    if (s->queue == q)
        unlink(q, s);
}

uint32_t waitq_count(const struct waitq *q)
{
    uint32_t n = 0;

    for (const struct sudog *s = FIRST(q); s; s = s->next)
        n++;
    return n;
}

int waitq_check(const struct waitq *q)
{
    const struct sudog *before = NULL;

    for (const struct sudog *s = FIRST(q); s; s = s->next) {
        if (s->prev != before)
            return 1;
        if (s->queue != q)
            return 2;
        before = s;
    }
    return FIRST(q) && q->last != before ? 1 : 0;
}

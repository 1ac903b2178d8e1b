/*
 * sema.c - goroutines sleep on a number until it is above zero.
 *
 * A table of queues; the number's address says which. Goroutines that sleep on other numbers
 * may be in the same queue, so whoever wakes looks for the first one with the right address.
 *
 *     release                            acquire
 *     adds one to *s                     counts itself as waiting
 *     is anybody waiting? (A)            can it take one off *s? (A)
 *       then wakes the first             no: sleeps
 *
 * Invariants, checked by sema_check:
 *   I1  a queue's `waiting` is at least the number of sudogs in it
 *   I2  a sudog is in the queue that its address belongs to
 *
 * Locks: each queue's (LOCK_SEMA), by plock: none at one P.
 *
 * Orders:
 *   (A) both sides write first and read the other's word then, sequentially consistent: at
 *       least one of them sees the other, and no wake-up is lost.
 *
 * Refused: Go's treap of addresses in each queue. It helps when thousands of mutexes in one
 * queue have sleepers at the same time, and is two hundred lines.
 *
 * Go: semacquire1, semrelease1, cansemacquire, semtable in runtime/sema.go. Module 43.
 */
#include "sema.h"

#include "fatal.h"
#include "plock.h"
#include "sched.h"
#include "waitq.h"

#include <stddef.h>

enum { QUEUES = 251 };          /* a prime: addresses are multiples of powers of two */

struct queue {
    struct lock lock;           /* protects: */
    struct waitq sleepers;

    _Atomic uint32_t waiting;   /* those who sleep, and those about to */
} __attribute__((aligned(64)));

static struct queue sema[QUEUES] = {[0 ... QUEUES - 1] = {.lock = LOCK_INIT(LOCK_SEMA)}};

static struct queue *queue_of(const _Atomic uint32_t *s)
{
    return &sema[((uintptr_t)s >> 3) % QUEUES];
}

/* Takes one off *s, when there is one. */
static bool take_one(_Atomic uint32_t *s)
{
    uint32_t n = atomic_load_explicit(s, memory_order_seq_cst);                 /* (A) */

    while (n > 0) {
        if (atomic_compare_exchange_weak_explicit(s, &n, n - 1, memory_order_seq_cst,
                                                  memory_order_relaxed))
            return true;
    }
    return false;
}

void sema_acquire(_Atomic uint32_t *s, bool first, enum wait_reason why)
{
    struct queue *q = queue_of(s);
    struct g *g = g_here();
    struct sudog *d = &g->sudog;

    if (take_one(s))
        return;
    do {
        plock_take(&q->lock);
        atomic_fetch_add_explicit(&q->waiting, 1, memory_order_seq_cst);        /* (A) */
        if (take_one(s)) {
            atomic_fetch_sub_explicit(&q->waiting, 1, memory_order_seq_cst);
            plock_give(&q->lock);
            return;
        }
        d->g = g;
        d->elem = (void *)s;
        d->select = false;
        d->ticket = 0;
        if (first)
            waitq_put_first(&q->sleepers, d);
        else
            waitq_put(&q->sleepers, d);
        sched_park(plock_unlock, &q->lock, why);
    } while (d->ticket == 0 && !take_one(s));
}

/* The first one in q that sleeps on s leaves it; NULL when there is none. */
static struct sudog *first_on(struct queue *q, const _Atomic uint32_t *s)
{
    struct sudog *d = atomic_load_explicit(&q->sleepers.first, memory_order_relaxed);

    while (d && d->elem != s)
        d = d->next;
    if (d)
        waitq_remove(&q->sleepers, d);
    return d;
}

void sema_release(_Atomic uint32_t *s, bool handoff)
{
    struct queue *q = queue_of(s);
    struct sudog *d;

    atomic_fetch_add_explicit(s, 1, memory_order_seq_cst);                      /* (A) */
    if (atomic_load_explicit(&q->waiting, memory_order_seq_cst) == 0)           /* (A) */
        return;
    plock_take(&q->lock);
    d = first_on(q, s);
    if (d) {
        atomic_fetch_sub_explicit(&q->waiting, 1, memory_order_seq_cst);
        d->ticket = handoff && take_one(s);
        handoff = d->ticket != 0;
    }
    plock_give(&q->lock);
    if (d == NULL)
        return;
    sched_ready(d->g);
    if (handoff)
        sched_yield_now();
}

uint32_t sema_waiting(const _Atomic uint32_t *s)
{
    struct queue *q = queue_of(s);
    const struct sudog *d;
    uint32_t n = 0;

    plock_take(&q->lock);
    for (d = atomic_load_explicit(&q->sleepers.first, memory_order_relaxed); d; d = d->next)
        n += d->elem == s;
    plock_give(&q->lock);
    return n;
}

static int check_locked(const struct queue *q)
{
    const struct sudog *d = atomic_load_explicit(&q->sleepers.first, memory_order_relaxed);

    if (waitq_check(&q->sleepers) != 0
        || atomic_load_explicit(&q->waiting, memory_order_relaxed) < waitq_count(&q->sleepers))
        return 1;
    for (; d; d = d->next) {
        if (queue_of(d->elem) != q)
            return 2;
    }
    return 0;
}

int sema_check(void)
{
    for (uint32_t i = 0; i < QUEUES; i++) {
        int broken;

        plock_take(&sema[i].lock);
        broken = check_locked(&sema[i]);
        plock_give(&sema[i].lock);
        if (broken)
            return broken;
    }
    return 0;
}

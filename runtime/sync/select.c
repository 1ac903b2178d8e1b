/*
 * select.c - waits for the first of several channels.
 *
 * Three passes:
 *     1. look at every channel, without a lock, and draw one of those that seem ready; lock
 *        only that one, and try. When another goroutine was faster, look again.
 *     2. nothing seems ready: lock all of them, look again, and wait in the queue of each,
 *        with one sudog a case.
 *     3. somebody has woken this goroutine, and has done one case for it: lock all of them
 *        again, and leave the other queues.
 *
 * All channels are locked by rising address, each once: two selects over the same channels
 * in opposite order would otherwise wait for each other.
 *
 *     select {a, b}: lock a ... lock b           select {b, a}: lock b ... lock a
 *
 * In a queue several may want to wake this goroutine at once, under different locks. The
 * first to change g->select_done from 0 to 1 does (waitq.c); the others pass over it.
 *
 * The draw: the k-th ready case replaces the one in hand with probability 1/k. Each ready
 * case is then as likely as every other, and no number is drawn while only one is ready.
 *
 * Invariants:
 *   I1  whoever waits here is in the queue of every channel of a case, and no lock is held
 *   I2  when gort_select returns, none of its sudogs is in any queue
 *   I3  select_done is 0 from pass 2 until the first waker, and set back in pass 3
 *
 * Locks: the channels' (LOCK_CHAN), by rising address; none at one P.
 *
 * Refused: a shuffled order of the cases, as Go has. It draws n - 1 numbers in each call,
 * and whoever is first in it is as evenly spread as ours.
 * Refused: all locks from the beginning. Most selects find something, and need one.
 *
 * Go: selectgo, sellock, selunlock, selparkcommit in runtime/select.go. Module 43,
 * exercise 2.
 */
#include "select.h"

#include "explore.h"
#include "fatal.h"
#include "malloc.h"
#include "plock.h"
#include "sched.h"

#include <stdint.h>

#define LIKELY(cond) __builtin_expect(!!(cond), 1)

enum {
    ON_STACK = 8,               /* cases whose sudogs and order fit on the stack */
    TRIES = 4,                  /* times that somebody else may be faster */
};

/* One wait of one goroutine. */
struct wait {
    struct chan_case *cases;
    uint32_t n;
    struct sudog *sudogs;       /* one a case */
    struct chan **order;        /* the channels by rising address, n of them with NULLs first */
    bool ordered;
};

/* Uniform below n. */
static uint32_t draw(uint32_t n)
{
    struct p *p = g_here()->m->p;
    uint32_t x = p->rand;

    if (gmp_attends(ATTEND_SEED))
        return explore_draw(n);
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    p->rand = x;
    return (uint32_t)((uint64_t)x * n >> 32);
}

/* A hint without the lock; with it, false is certain. */
static inline bool seems_ready(const struct chan_case *k)
{
    const struct chan *c = k->c;
    uint32_t len;

    if (c == NULL)
        return false;
    len = atomic_load_explicit(&c->len, memory_order_relaxed);
    if (k->send ? len < c->cap || !waitq_is_empty(&c->recvq)
                : len > 0 || !waitq_is_empty(&c->sendq))
        return true;
    return atomic_load_explicit(&c->closed, memory_order_relaxed);
}

/* One of the cases that seem ready, each as likely; -1 when there is none. */
static inline int choose(const struct chan_case *cases, uint32_t n)
{
    uint32_t ready = 0;
    int chosen = -1;

    for (uint32_t i = 0; i < n; i++) {
        if (seems_ready(&cases[i]) && (++ready == 1 || draw(ready) == 0))
            chosen = (int)i;
    }
    return chosen;
}

/* k's channel is locked: does the case when that needs no waiting. */
static inline enum chan_did act_locked(struct chan_case *k, struct g **wake)
{
    enum chan_did did = k->send ? chan_send_locked(k->c, k->value, wake)
                                : chan_recv_locked(k->c, k->value, wake);

    k->ok = did == CHAN_DONE;
    return did;
}

/* The case was done and every lock is given up. */
static inline void finish(const struct chan_case *k, enum chan_did did, struct g *wake)
{
    if (wake)
        sched_ready(wake);
    if (k->send && did == CHAN_CLOSED)
        rt_panic("send on closed channel");
}

/* Pass 1. The case that was done; -1: none seems ready, or somebody was faster too often. */
static inline int try_one(struct chan_case *cases, uint32_t n)
{
    for (int try = 0; try < TRIES; try++) {
        int i = choose(cases, n);
        enum chan_did did;
        struct g *wake;

        if (i < 0)
            return -1;
        plock_take(&cases[i].c->lock);
        did = act_locked(&cases[i], &wake);
        INVARIANT("select", chan_check(cases[i].c) == 0);
        plock_give(&cases[i].c->lock);
        if (did == CHAN_BLOCKS)
            continue;
        finish(&cases[i], did, wake);
        return i;
    }
    return -1;
}

/* Shell's sort, by rising address: no recursion, and fast enough for a few thousand. */
static void sort(struct chan **c, uint32_t n)
{
    for (uint32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11) {
        for (uint32_t i = gap; i < n; i++) {
            struct chan *x = c[i];
            uint32_t j = i;

            for (; j >= gap && (uintptr_t)c[j - gap] > (uintptr_t)x; j -= gap)
                c[j] = c[j - gap];
            c[j] = x;
        }
    }
}

/* At one P there is nothing to lock, and nothing to put in order. Never twice: whoever wakes
   this goroutine early meets unlock_all, which still reads the order. */
static void put_in_order(struct wait *w)
{
    if (gmp_procs() == 1 || w->ordered)
        return;
    w->ordered = true;
    for (uint32_t i = 0; i < w->n; i++)
        w->order[i] = w->cases[i].c;
    sort(w->order, w->n);
}

/* doc:lock */
static void lock_all(const struct wait *w)
{
    const struct chan *below = NULL;

    if (gmp_procs() == 1)
        return;
    for (uint32_t i = 0; i < w->n; i++) {
        struct chan *c = w->order[i];

        if (c == NULL || c == below)
            continue;
        if (below)
            lock_take_above(&c->lock, &below->lock);
        else
            lock_take(&c->lock);
        below = c;
    }
}

/* From the highest down. As soon as the lowest is free the goroutine may run again, leave
   gort_select and take `w` with it: nothing of it is touched after that. */
static void unlock_all(const struct wait *w)
{
    uint32_t n = w->n;
    struct chan **order = w->order;

    if (gmp_procs() == 1)
        return;
    while (n-- > 0) {
        struct chan *c = order[n];
        bool lowest = n == 0 || order[n - 1] == NULL;

        if (!lowest && order[n - 1] == c)
            continue;
        if (c)
            lock_give(&c->lock);
        if (lowest)
            return;
    }
}
/* doc:end */

static bool unlock(struct g *g, void *w)
{
    (void)g;
    unlock_all(w);
    return true;
}

/* Pass 2, the second half: all channels are locked, and nothing is ready. */
static void enqueue_locked(const struct wait *w, struct g *g)
{
    for (uint32_t i = 0; i < w->n; i++) {
        struct chan_case *k = &w->cases[i];
        struct sudog *s = &w->sudogs[i];

        s->queue = NULL;
        if (k->c == NULL)
            continue;
        s->g = g;
        s->elem = k->value;
        s->select = true;
        waitq_put(k->send ? &k->c->sendq : &k->c->recvq, s);
    }
}

/* Pass 3: all channels are locked. The number of the case that was done. */
static uint32_t dequeue_locked(const struct wait *w, const struct sudog *done)
{
    uint32_t chosen = 0;

    for (uint32_t i = 0; i < w->n; i++) {
        struct sudog *s = &w->sudogs[i];

        if (s == done)
            chosen = i;
        else if (s->queue)
            waitq_remove(s->queue, s);
    }
    return chosen;
}

/* Passes 2 and 3. */
static int wait_locked(struct wait *w)
{
    struct g *g = g_here();
    struct sudog *done;
    uint32_t i;

    enqueue_locked(w, g);
    sched_park(unlock, w, WAIT_SELECT);
    put_in_order(w);                    /* there may be more Ps than before */
    lock_all(w);
    atomic_store_explicit(&g->select_done, 0, memory_order_relaxed);
    done = g->param;
    i = dequeue_locked(w, done);
    w->cases[i].ok = done->success;
    unlock_all(w);
    if (w->cases[i].send && !done->success)
        rt_panic("send on closed channel");
    return (int)i;
}

/* All channels at once: looks again, and waits if it may. */
static int all_at_once(struct wait *w, bool block)
{
    int i;

    put_in_order(w);
    lock_all(w);
    while ((i = choose(w->cases, w->n)) >= 0) {
        struct g *wake;
        enum chan_did did = act_locked(&w->cases[i], &wake);

        if (did == CHAN_BLOCKS)         /* only others' selects that are over: they are out now */
            continue;
        unlock_all(w);
        finish(&w->cases[i], did, wake);
        return i;
    }
    if (block)
        return wait_locked(w);
    unlock_all(w);
    return -1;
}

static __attribute__((noinline)) int slowly(struct chan_case *cases, uint32_t n, bool block)
{
    struct sudog sudogs[ON_STACK];
    struct chan *order[ON_STACK];
    struct wait w = {cases, n, sudogs, order, false};

    if (n > ON_STACK) {
        w.sudogs = gort_alloc(n * sizeof *w.sudogs, NULL);
        w.order = gort_alloc(n * sizeof *w.order, NULL);
    }
    return all_at_once(&w, block);
}

/* One case, or none: what remains is a plain operation. */
static int few(struct chan_case *k, uint32_t n, bool block)
{
    if (n == 0 && !block)
        return -1;
    if (n == 0) {
        for (;;)
            sched_park(NULL, NULL, WAIT_SELECT_EMPTY);
    }
    if (!block && k->send)
        return chan_try_send(k->c, k->value) ? 0 : -1;
    if (!block)
        return chan_try_recv(k->c, k->value, &k->ok) ? 0 : -1;
    if (k->send)
        chan_send(k->c, k->value);
    else
        k->ok = chan_recv(k->c, k->value);
    return 0;
}

int gort_select(struct chan_case *cases, int n, bool block)
{
    int i;

    if (n < 0 || n > SELECT_CASES)
        rt_panic("gort_select: too many cases");
    if (n < 2)
        return few(cases, (uint32_t)n, block);
    if (gmp_attention())
        sched_point();
    i = try_one(cases, (uint32_t)n);
    if (LIKELY(i >= 0))
        return i;
    return slowly(cases, (uint32_t)n, block);
}

/*
 * lock.h - a mutex with a place in an order.
 *
 * A thread takes locks of rising rank only, so no two threads can wait for each other.
 * The ranks below are that order, in the order of the floors; check builds throw when
 * it is broken. A lock of zero bytes is no lock: lock_init gives it its rank.
 *
 * Go: runtime/lock_futex.go; the order is lockrank.go.
 */
#ifndef GORT_LOCK_H
#define GORT_LOCK_H

#include <stdbool.h>
#include <stdint.h>

enum lock_rank {
    LOCK_NONE,                  /* not initialised */
    LOCK_CHAN,                  /* one channel, or several by rising address: chan.c, select.c */
    LOCK_SEMA,                  /* one queue of sleepers: sema.c, cond.c */
    LOCK_NETPOLL,               /* one descriptor that goroutines wait for: netpoll.c */
    LOCK_TIMER,                 /* the heap of timers: timer.c */
    LOCK_IDLE,                  /* idle threads and Ps, starting and stopping: idle.c */
    LOCK_GLOBQ,                 /* the global run queue: globq.c */
    LOCK_ALLG,                  /* the list of all goroutines: gfree.c */
    LOCK_GSTACK,                /* free stacks: gstack.c */
    LOCK_MCACHES,               /* the list of all caches: mcache.c */
    LOCK_MCENTRAL,              /* one span class: mcentral.c; never two at a time */
    LOCK_MHEAP,                 /* pages, span records, the page map: mheap.c */
    LOCK_RANKS,                 /* how many there are */
};

struct lock {
    _Atomic uint32_t word;      /* 0 free, 1 held, 2 held and somebody may sleep */
    uint32_t rank;              /* set once, before sharing */
};

#define LOCK_INIT(rank) {0, (rank)}

/* Makes l a free lock of this rank. */
void lock_init(struct lock *l, enum lock_rank rank);

/* Takes l; waits until it is free. The caller does not hold it, nor any lock whose rank is
   as high or higher. Never across a park. */
void lock_take(struct lock *l);

/* As lock_take, for a caller who holds a lock of the same rank already: `below`, at a lower
   address. For ranks of which several may be held, by rising address. */
void lock_take_above(struct lock *l, const struct lock *below);

/* Gives l up. The caller holds it. */
void lock_give(struct lock *l);

/* Throws when the calling thread does not hold l. In check builds it knows the holder; in
   the others it only sees whether anybody holds it. */
void lock_assert_held(const struct lock *l);

#endif

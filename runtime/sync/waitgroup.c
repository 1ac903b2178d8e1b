/*
 * waitgroup.c - waits until a number of goroutines have finished.
 *
 * The counter and the number of those who wait are the two halves of one word, so that one
 * atomic operation changes one and reads both. Who brings the counter to 0 wakes as many as
 * wait, and leaves the word 0, for the next use.
 *
 * Invariants:
 *   I1  the counter is never negative
 *   I2  while somebody waits, the counter is above 0, or all of them are being woken
 *
 * Orders:
 *   (A) the release of each waitgroup_done pairs with the acquire of waitgroup_wait, directly
 *       or over sema: who waited sees what the others have written.
 *
 * At one P nobody comes between a load and a store.
 *
 * Go: Add, Done, Wait in sync/waitgroup.go. Module 43.
 */
#include "waitgroup.h"

#include "fatal.h"
#include "sched.h"
#include "sema.h"

#define COUNTER(state) ((int32_t)((state) >> 32))
#define WAITERS(state) ((uint32_t)(state))

/* The word after n was added to the counter. */
static inline uint64_t add(struct waitgroup *wg, int32_t n)
{
    uint64_t delta = (uint64_t)(int64_t)n << 32, state;

    if (gmp_procs() > 1)
        return atomic_fetch_add_explicit(&wg->state, delta, memory_order_acq_rel)       /* (A) */
            + delta;
    state = atomic_load_explicit(&wg->state, memory_order_relaxed) + delta;
    atomic_store_explicit(&wg->state, state, memory_order_relaxed);
    return state;
}

void waitgroup_add(struct waitgroup *wg, int32_t n)
{
    uint64_t state;

    sched_point();
    state = add(wg, n);
    if (COUNTER(state) < 0)
        rt_panic("sync: negative WaitGroup counter");
    if (WAITERS(state) != 0 && n > 0 && COUNTER(state) == n)
        rt_panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    if (COUNTER(state) > 0 || WAITERS(state) == 0)
        return;
    if (atomic_load_explicit(&wg->state, memory_order_relaxed) != state)
        rt_panic("sync: WaitGroup misuse: Add called concurrently with Wait");
    atomic_store_explicit(&wg->state, 0, memory_order_relaxed);
    for (uint32_t w = WAITERS(state); w > 0; w--)
        sema_release(&wg->sema, false);
}

void waitgroup_done(struct waitgroup *wg)
{
    waitgroup_add(wg, -1);
}

void waitgroup_wait(struct waitgroup *wg)
{
    uint64_t state;

    sched_point();
    state = atomic_load_explicit(&wg->state, memory_order_acquire);     /* (A) */
    do {
        if (COUNTER(state) == 0)
            return;
    } while (!atomic_compare_exchange_weak_explicit(&wg->state, &state, state + 1,
                                                    memory_order_acq_rel,
                                                    memory_order_acquire));
    sema_acquire(&wg->sema, false, WAIT_SEMACQUIRE);
    if (atomic_load_explicit(&wg->state, memory_order_acquire) != 0)
        rt_panic("sync: WaitGroup is reused before previous Wait has returned");
}

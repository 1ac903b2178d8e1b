/*
 * mutex.c - one goroutine at a time.
 *
 * Two ways of handing it on. Normally a woken goroutine has to compete with those that come
 * by: they run already, and most often win, which is good for the whole and bad for the one
 * that waits. When it has waited for a millisecond, it sets MUTEX_STARVING: from then on
 * nobody who comes by takes the mutex; the unlocker leaves it locked for the one that waits
 * longest. Who gets it so and is the last, or has not waited long, ends that mode.
 *
 *     unlocked -> locked            nobody waits: one swap, and one to unlock
 *     locked, n waiters             the unlocker wakes one, unless one is awake (MUTEX_WOKEN)
 *     starving, n waiters           the unlocker hands over; the state stays "not locked"
 *                                   until the new owner notes it, and nobody else may
 *
 * Invariants:
 *   I1  between mutex_lock and mutex_unlock no other goroutine comes back from mutex_lock
 *   I2  state / MUTEX_WAITER goroutines sleep on sema, or are about to
 *
 * Orders:
 *   (A) the release of whoever unlocks pairs with the acquire of whoever locks, directly or
 *       over sema: the new owner sees all that was written before.
 *
 * At one P nobody comes between a load and a store, and the swaps are not needed.
 *
 * Refused: a queue that is always fair. Every unlock would then be a switch, and a goroutine
 * that locks again and again in one time slice would be slower by far.
 *
 * Go: Lock, lockSlow, Unlock, unlockSlow in sync/mutex.go; runtime_canSpin. Module 43.
 */
#include "mutex.h"

#include "fatal.h"
#include "sched.h"
#include "sema.h"
#include "timer.h"

enum { SPINS = 4, PAUSES = 30 };

#if defined __x86_64__
#define RELAX() __builtin_ia32_pause()
#else
#define RELAX() __asm__ volatile("yield")
#endif

#define LOAD(m)  atomic_load_explicit(&(m)->state, memory_order_relaxed)

static inline bool swap(struct mutex *m, uint32_t old, uint32_t new)
{
    return atomic_compare_exchange_strong_explicit(&m->state, &old, new, memory_order_acq_rel,
                                                   memory_order_relaxed);       /* (A) */
}

/* From `old` to `new`, as swap; the cheap way when there is one P. */
static inline bool swap_fast(struct mutex *m, uint32_t old, uint32_t new)
{
    if (gmp_procs() > 1)
        return swap(m, old, new);
    if (LOAD(m) != old)
        return false;
    atomic_store_explicit(&m->state, new, memory_order_relaxed);
    return true;
}

/* Waiting awake is worth it only for a moment, while the owner runs on another P and nobody
   here has anything better to do. */
static bool spin(uint32_t state, int try)
{
    if ((state & (MUTEX_LOCKED | MUTEX_STARVING)) != MUTEX_LOCKED || try >= SPINS
        || gmp_procs() == 1 || !runq_empty(&g_here()->m->p->q))
        return false;
    for (int i = 0; i < PAUSES; i++)
        RELAX();
    return true;
}

/* What one who tries makes of the state: locks it if it is to be had, else waits. */
static uint32_t wanted(uint32_t old, bool awake, bool starving)
{
    uint32_t new = old;

    if ((old & MUTEX_STARVING) == 0)
        new |= MUTEX_LOCKED;
    if (old & (MUTEX_LOCKED | MUTEX_STARVING))
        new += MUTEX_WAITER;
    if (starving && (old & MUTEX_LOCKED))
        new |= MUTEX_STARVING;
    if (awake)
        new &= ~(uint32_t)MUTEX_WOKEN;
    return new;
}

/* The unlocker has handed the mutex over to the caller, who waited. */
static void take_over(struct mutex *m, uint32_t state, bool starving)
{
    uint32_t less = MUTEX_WAITER - MUTEX_LOCKED;

    INVARIANT("mutex", (state & (MUTEX_LOCKED | MUTEX_WOKEN)) == 0 && state >= MUTEX_WAITER);
    if (!starving || state / MUTEX_WAITER == 1)
        less += MUTEX_STARVING;
    atomic_fetch_sub_explicit(&m->state, less, memory_order_acq_rel);
}

static __attribute__((noinline)) void lock_slowly(struct mutex *m)
{
    bool awake = false, starving = false, again;
    int64_t since = 0;
    int tries = 0;

    for (;;) {
        uint32_t old = LOAD(m);

        if (spin(old, tries)) {
            tries++;
            if (!awake && (old & MUTEX_WOKEN) == 0 && old >= MUTEX_WAITER)
                awake = swap(m, old, old | MUTEX_WOKEN);
            continue;
        }
        if (!swap(m, old, wanted(old, awake, starving)))
            continue;
        if ((old & (MUTEX_LOCKED | MUTEX_STARVING)) == 0)
            return;
        again = since != 0;
        if (!again)
            since = timer_now();
        sema_acquire(&m->sema, again, WAIT_SEMACQUIRE);
        starving = starving || timer_now() - since > MUTEX_STARVES;
        old = LOAD(m);
        if (old & MUTEX_STARVING) {
            take_over(m, old, starving);
            return;
        }
        awake = true;
        tries = 0;
    }
}

void mutex_lock(struct mutex *m)
{
    sched_point();
    if (!swap_fast(m, 0, MUTEX_LOCKED))
        lock_slowly(m);
}

bool mutex_try_lock(struct mutex *m)
{
    uint32_t old = LOAD(m);

    return (old & (MUTEX_LOCKED | MUTEX_STARVING)) == 0
        && swap_fast(m, old, old | MUTEX_LOCKED);
}

/* `state` is what is left after MUTEX_LOCKED was taken off, and is not 0. */
static __attribute__((noinline)) void unlock_slowly(struct mutex *m, uint32_t state)
{
    if ((state + MUTEX_LOCKED) % (2 * MUTEX_LOCKED) == 0)
        rt_throw("mutex", "sync: unlock of unlocked mutex");
    if (state & MUTEX_STARVING) {
        sema_release(&m->sema, true);
        return;
    }
    while (state >= MUTEX_WAITER
           && (state & (MUTEX_LOCKED | MUTEX_WOKEN | MUTEX_STARVING)) == 0) {
        if (swap(m, state, (state - MUTEX_WAITER) | MUTEX_WOKEN)) {
            sema_release(&m->sema, false);
            return;
        }
        state = LOAD(m);
    }
}

void mutex_unlock(struct mutex *m)
{
    uint32_t state;

    sched_point();
    if (swap_fast(m, MUTEX_LOCKED, 0))
        return;
    state = atomic_fetch_sub_explicit(&m->state, MUTEX_LOCKED, memory_order_acq_rel)    /* (A) */
        - MUTEX_LOCKED;
    if (state != 0)
        unlock_slowly(m, state);
}

/*
 * lock.c - a mutex with a place in an order.
 *
 * One word. Who finds it 0 makes it 1 and has the lock, with no system call. Who does not
 * looks again for a while, then makes it 2 and sleeps in the kernel until it changes; 2
 * tells the holder that somebody may have to be woken.
 *
 * Check builds keep the ranks that each thread holds, as bits of a word, and throw when a
 * lock is taken out of order. A deadlock then shows in the first run that could have had
 * it, not in the one run in a thousand that does.
 *
 * Invariants, checked by lock_take and lock_give in check builds:
 *   I1  a thread takes locks of rising rank only, and locks of one rank by rising address
 *   I2  only its holder gives a lock up
 *
 * Orders:
 *   (A) lock_give's release pairs with lock_take's acquire: who takes the lock sees all
 *       that was written under it.
 *
 * Refused: pthread_mutex_t. It has no rank, is 40 bytes where this is 8, and its waiting
 * could not one day be told apart from a goroutine's.
 *
 * Go: lock2, unlock2 in runtime/lock_futex.go; lockrank_on.go. Read with module 44.
 */
#include "lock.h"

#include "fatal.h"
#include "os.h"

#include <stdatomic.h>

enum { LOCK_SPINS = 30 };       /* looks before sleeping */

#ifdef GORT_CHECK
static _Thread_local uint32_t held;     /* bit r: this thread holds a lock of rank r */
static _Thread_local uint32_t more;     /* locks beside the one, of rank many */
static _Thread_local uint32_t many;

static void note_take(const struct lock *l)
{
    if (l->rank == LOCK_NONE || l->rank >= LOCK_RANKS)
        rt_throw("lock", "a lock is taken that was never initialised");
    if (held >> l->rank != 0)
        rt_throw("lock", "locks are taken in the wrong order (I1)");
    held |= 1u << l->rank;
}

static void note_take_above(const struct lock *l, const struct lock *below)
{
    if (l->rank != below->rank || held >> l->rank != 1 || below >= l)
        rt_throw("lock", "locks of one rank are not taken by rising address (I1)");
    more++;
    many = l->rank;
}

static void note_give(const struct lock *l)
{
    if ((held >> l->rank & 1) == 0)
        rt_throw("lock", "a lock is given up by a thread that does not hold it (I2)");
    if (more > 0 && l->rank == many)
        more--;
    else
        held &= ~(1u << l->rank);
}

static bool is_held(const struct lock *l)
{
    return (held >> l->rank & 1) != 0
        && atomic_load_explicit(&l->word, memory_order_relaxed) != 0;
}
#else
static void note_take(const struct lock *l)
{
    (void)l;
}

static void note_take_above(const struct lock *l, const struct lock *below)
{
    (void)l;
    (void)below;
}

static void note_give(const struct lock *l)
{
    (void)l;
}

static bool is_held(const struct lock *l)
{
    return atomic_load_explicit(&l->word, memory_order_relaxed) != 0;
}
#endif

void lock_init(struct lock *l, enum lock_rank rank)
{
    atomic_store_explicit(&l->word, 0, memory_order_relaxed);
    l->rank = rank;
}

/* One attempt, from free to `mine`, which is 1 or 2. */
static bool try(struct lock *l, uint32_t mine)
{
    uint32_t free = 0;

    return atomic_compare_exchange_strong_explicit(&l->word, &free, mine, memory_order_acquire,
                                                   memory_order_relaxed);     /* (A) */
}

/* Somebody else has it. Whoever has slept takes it as 2: others may be sleeping still. */
static void take_slowly(struct lock *l)
{
    for (int i = 0; i < LOCK_SPINS; i++) {
        if (try(l, 1))
            return;
        os_yield();
    }
    while (atomic_exchange_explicit(&l->word, 2, memory_order_acquire) != 0)  /* (A) */
        os_futex_wait(&l->word, 2);
}

void lock_take(struct lock *l)
{
    note_take(l);
    if (!try(l, 1))
        take_slowly(l);
}

void lock_take_above(struct lock *l, const struct lock *below)
{
    note_take_above(l, below);
    if (!try(l, 1))
        take_slowly(l);
}

void lock_give(struct lock *l)
{
    note_give(l);
    if (atomic_exchange_explicit(&l->word, 0, memory_order_release) == 2)     /* (A) */
        os_futex_wake(&l->word, 1);
}

void lock_assert_held(const struct lock *l)
{
    if (!is_held(l))
        rt_throw("lock", "a lock should be held here and is not");
}

/*
 * rwmutex.c - many readers or one writer.
 *
 * A reader adds one to `count`, and is in when that is above zero. A writer takes
 * RWMUTEX_MOST off, which makes it negative: from now on readers sleep. What was there
 * before is the number of readers inside; the writer waits until so many have left.
 *
 * Invariants:
 *   I1  a writer inside is alone
 *   I2  readers that came before a writer get in before it, those that came after, after it
 *
 * Orders: those of the atomic additions, sequentially consistent, and of sema.c.
 *
 * Refused: a preference for readers. A stream of them would keep every writer out for ever.
 *
 * Go: RLock, RUnlock, Lock, Unlock in sync/rwmutex.go. Module 43.
 */
#include "rwmutex.h"

#include "fatal.h"
#include "sched.h"
#include "sema.h"

void rwmutex_rlock(struct rwmutex *rw)
{
    sched_point();
    if (atomic_fetch_add(&rw->count, 1) < 0)
        sema_acquire(&rw->readers, false, WAIT_SEMACQUIRE);
}

bool rwmutex_try_rlock(struct rwmutex *rw)
{
    int32_t n = atomic_load(&rw->count);

    while (n >= 0) {
        if (atomic_compare_exchange_weak(&rw->count, &n, n + 1))
            return true;
    }
    return false;
}

void rwmutex_runlock(struct rwmutex *rw)
{
    int32_t before;

    sched_point();
    before = atomic_fetch_sub(&rw->count, 1);
    if (before > 0)
        return;
    if (before == 0 || before == -RWMUTEX_MOST)
        rt_throw("rwmutex", "sync: RUnlock of unlocked RWMutex");
    if (atomic_fetch_sub(&rw->leaving, 1) == 1)
        sema_release(&rw->writer, false);
}

void rwmutex_lock(struct rwmutex *rw)
{
    int32_t inside;

    mutex_lock(&rw->writers);
    inside = atomic_fetch_sub(&rw->count, RWMUTEX_MOST);
    if (inside != 0 && atomic_fetch_add(&rw->leaving, inside) + inside != 0)
        sema_acquire(&rw->writer, false, WAIT_SEMACQUIRE);
}

bool rwmutex_try_lock(struct rwmutex *rw)
{
    int32_t none = 0;

    if (!mutex_try_lock(&rw->writers))
        return false;
    if (atomic_compare_exchange_strong(&rw->count, &none, -RWMUTEX_MOST))
        return true;
    mutex_unlock(&rw->writers);
    return false;
}

void rwmutex_unlock(struct rwmutex *rw)
{
    int32_t waiting = atomic_fetch_add(&rw->count, RWMUTEX_MOST) + RWMUTEX_MOST;

    if (waiting >= RWMUTEX_MOST)
        rt_throw("rwmutex", "sync: Unlock of unlocked RWMutex");
    for (; waiting > 0; waiting--)
        sema_release(&rw->readers, false);
    mutex_unlock(&rw->writers);
}

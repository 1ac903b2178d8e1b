/*
 * mutex.h - one goroutine at a time.
 *
 * All zero is an unlocked mutex. It is not a goroutine's: another one may unlock it. These
 * functions are for goroutines; what is shared without a lock is C11's <stdatomic.h>.
 *
 * Go: sync.Mutex in sync/mutex.go.
 */
#ifndef GORT_MUTEX_H
#define GORT_MUTEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct mutex {
    _Atomic uint32_t state;     /* MUTEX_LOCKED and so on; how many wait, times MUTEX_WAITER */
    _Atomic uint32_t sema;
};

enum {
    MUTEX_LOCKED = 1,
    MUTEX_WOKEN = 2,            /* one is awake and tries: the unlocker need not wake another */
    MUTEX_STARVING = 4,         /* the unlocker gives it to the one that waits longest */
    MUTEX_WAITER = 8,
};

enum { MUTEX_STARVES = 1000000 };       /* ns after which one who waits starves */

/* Waits until m is unlocked, and locks it. */
void mutex_lock(struct mutex *m);

/* False when it would have to wait. */
bool mutex_try_lock(struct mutex *m);

/* Throws `sync: unlock of unlocked mutex`. */
void mutex_unlock(struct mutex *m);

#endif

/*
 * rwmutex.h - many readers or one writer.
 *
 * All zero is unlocked. A writer that waits keeps new readers out, so a reader must not take
 * the same lock twice. Only goroutines.
 *
 * Go: sync.RWMutex in sync/rwmutex.go.
 */
#ifndef GORT_RWMUTEX_H
#define GORT_RWMUTEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "mutex.h"

struct rwmutex {
    struct mutex writers;               /* one of them at a time */
    _Atomic uint32_t writer, readers;   /* where they sleep */
    _Atomic int32_t count;              /* readers; less RWMUTEX_MOST when a writer is there */
    _Atomic int32_t leaving;            /* readers that the writer still waits for */
};

enum { RWMUTEX_MOST = 1 << 30 };        /* readers at a time */

/* To read. The second throws `sync: RUnlock of unlocked RWMutex`. */
void rwmutex_rlock(struct rwmutex *rw);
void rwmutex_runlock(struct rwmutex *rw);

/* To write. The second throws `sync: Unlock of unlocked RWMutex`. */
void rwmutex_lock(struct rwmutex *rw);
void rwmutex_unlock(struct rwmutex *rw);

/* False when they would have to wait. */
bool rwmutex_try_rlock(struct rwmutex *rw);
bool rwmutex_try_lock(struct rwmutex *rw);

#endif

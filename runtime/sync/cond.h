/*
 * cond.h - goroutines wait until somebody says that something has changed.
 *
 *     mutex_lock(&m);
 *     while (!ready)
 *         cond_wait(&c);
 *
 * Only goroutines.
 *
 * Go: sync.Cond in sync/cond.go; notifyList in runtime/sema.go.
 */
#ifndef GORT_COND_H
#define GORT_COND_H

#include <stdatomic.h>
#include <stdint.h>

#include "lock.h"
#include "mutex.h"
#include "waitq.h"

struct cond {
    struct mutex *mutex;        /* set by cond_init */
    _Atomic uint32_t came;      /* who calls cond_wait takes this number */

    /* lock protects: */
    struct lock lock;           /* LOCK_SEMA */
    _Atomic uint32_t called;    /* who has a lower number goes on */
    struct waitq sleepers;
};

/* Makes c a condition of what m protects. */
void cond_init(struct cond *c, struct mutex *m);

/* With the mutex locked: unlocks it, waits for one of the other two, and locks it again. */
void cond_wait(struct cond *c);

/* The one that waits longest goes on; all go on. With or without the mutex. */
void cond_signal(struct cond *c);
void cond_broadcast(struct cond *c);

#endif

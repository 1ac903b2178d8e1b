/*
 * sema.h - goroutines sleep on a number until it is above zero.
 *
 * The lowest stone of mutexes and wait groups: a semaphore is any uint32_t, and needs no
 * initialisation.
 *
 * Go: semacquire1, semrelease1, notifyListWait in runtime/sema.go.
 */
#ifndef GORT_SEMA_H
#define GORT_SEMA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gmp.h"

/* Waits until *s > 0 and takes one off. `first`: waits in front of those who came earlier.
   `why` is for the traceback. Only a goroutine. */
void sema_acquire(_Atomic uint32_t *s, bool first, enum wait_reason why);

/* Adds one and wakes one who sleeps. `handoff`: the woken one gets it, even when others come
   meanwhile, and runs at once; the caller goes to the end of its P's queue. Only a
   goroutine. */
void sema_release(_Atomic uint32_t *s, bool handoff);

/* How many goroutines sleep on s. A hint. */
uint32_t sema_waiting(const _Atomic uint32_t *s);

/* The number of the first broken invariant of sema.c, 0 when all hold. */
int sema_check(void);

#endif

/*
 * once.h - something is done once, by whoever comes first.
 *
 * All zero: not done yet. Only goroutines.
 *
 * Go: sync.Once in sync/once.go.
 */
#ifndef GORT_ONCE_H
#define GORT_ONCE_H

#include <stdatomic.h>
#include <stdint.h>

#include "mutex.h"

struct once {
    _Atomic uint32_t done;
    struct mutex mutex;
};

/* The first call calls fn(arg); every call comes back after that has returned. It is done
   also when fn panics, and the panic goes on in the caller. fn must not call gort_exit, nor
   once_do with the same `once`. */
void once_do(struct once *o, void (*fn)(void *), void *arg);

#endif

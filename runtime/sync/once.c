/*
 * once.c - something is done once, by whoever comes first.
 *
 * `done` is set after fn has returned, not before: who finds it set must be able to rely on
 * what fn has made. That is why the others wait for the mutex and a single swap would not do.
 *
 * Invariant:
 *   I1  once_do returns only after fn has returned or panicked
 *
 * Orders:
 *   (A) the release of done pairs with the acquire of whoever finds it set.
 *
 * Go: Do, doSlow in sync/once.go. Module 43.
 */
#include "once.h"

#include "fatal.h"

static __attribute__((noinline)) void do_slowly(struct once *o, void (*fn)(void *), void *arg)
{
    char text[FATAL_TEXT];
    bool well = true;

    mutex_lock(&o->mutex);
    if (atomic_load_explicit(&o->done, memory_order_relaxed) == 0) {
        well = fatal_try(fn, arg, text);
        atomic_store_explicit(&o->done, 1, memory_order_release);       /* (A) */
    }
    mutex_unlock(&o->mutex);
    if (!well)
        rt_panic("%s", text);
}

void once_do(struct once *o, void (*fn)(void *), void *arg)
{
    if (atomic_load_explicit(&o->done, memory_order_acquire) == 0)      /* (A) */
        do_slowly(o, fn, arg);
}

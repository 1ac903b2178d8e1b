/*
 * waitq.h - goroutines that wait, the one that came first in front.
 *
 * Go: type waitq, enqueue, dequeue, dequeueSudoG in runtime/chan.go.
 */
#ifndef GORT_WAITQ_H
#define GORT_WAITQ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sudog;                   /* gmp.h */

/* Whoever owns the queue has a lock for it. `first` may be read without, as a hint. */
struct waitq {
    struct sudog *last;
    struct sudog *_Atomic first;
};

/* s, which is in no queue, comes to the end of q. */
void waitq_put(struct waitq *q, struct sudog *s);

/* s, which is in no queue, comes first in q. */
void waitq_put_first(struct waitq *q, struct sudog *s);

/* The first one that nobody else is waking: it is in no queue any more, and only the caller
   may wake its goroutine. NULL when there is none. */
struct sudog *waitq_take(struct waitq *q);

/* s leaves q, when it is there still. */
void waitq_remove(struct waitq *q, struct sudog *s);

/* True when nobody is in q; a hint without the lock. */
static inline bool waitq_is_empty(const struct waitq *q)
{
    return atomic_load_explicit(&q->first, memory_order_relaxed) == NULL;
}

/* How many are in q. */
uint32_t waitq_count(const struct waitq *q);

/* The number of the first broken invariant of waitq.c, 0 when all hold. With the lock. */
int waitq_check(const struct waitq *q);

#endif

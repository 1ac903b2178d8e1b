/*
 * mcache.h - one thread's spans, one for each span class.
 *
 * The allocator takes slots from them without a lock, because nobody else does. A cache
 * belongs to one thread (later: to one P) at a time.
 *
 * Go: runtime/mcache.go.
 */
#ifndef GORT_MCACHE_H
#define GORT_MCACHE_H

#include <stdint.h>

#include "mheap.h"
#include "mspan.h"
#include "tiny.h"

struct mcache {
    /* The owner only; mcache_release_all too, while the owner is stopped. */
    struct mspan *span[MHEAP_CLASSES];      /* NULL: none; [0] and [1] always */
    struct tiny tiny;
    uint32_t tiny_counted;                  /* of tiny.count: how much is published */
    uint32_t tiny_blocks;                   /* blocks got for tiny objects, not yet published */
    uint32_t counted[MHEAP_CLASSES];        /* of span[i]->alloccount: how much is published */

    /* The list of all caches: its lock. */
    struct mcache *next, *prev;
};

/* A new, empty cache for the calling thread, given back when the thread ends. Throws when
   there is no memory. */
struct mcache *mcache_new(void);

/* Replaces the span of a class, when there is one, by one with a free slot, and returns
   that. NULL when there is no memory; the cache then has no span of the class. */
struct mspan *mcache_refill(struct mcache *c, uint32_t spanclass);

/* Adds what the owner has allocated since the last time to the heap's counts. Owner only. */
void mcache_publish(struct mcache *c);

/* Gives all spans back, and forgets the tiny block. Owner only. */
void mcache_release(struct mcache *c);

/* The same for every cache there is; their owners are stopped. */
void mcache_release_all(void);

struct mcache_stats {
    uint64_t tiny;              /* objects that shared a block with an earlier one, ever */
    size_t sys, inuse;          /* bytes of cache records */
};
void mcache_stats(struct mcache_stats *out);

/* The number of the first broken invariant of mcache.c, 0 when all hold. Owner only. */
int mcache_check(const struct mcache *c);

#endif

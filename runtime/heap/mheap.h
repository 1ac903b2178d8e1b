/*
 * mheap.h - spans: pages with a purpose.
 *
 * The page heap turns pages into spans and back, and knows for every address which span it
 * lies in. There is one heap; any thread may call these functions.
 *
 * Go: mheap in runtime/mheap.go.
 */
#ifndef GORT_MHEAP_H
#define GORT_MHEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mspan.h"

enum {
    MHEAP_CLASSES = 136,        /* span classes: size class * 2 + noscan */
    MHEAP_REFUSED = 47,         /* 2^47 bytes and more are never asked for: Go's address space */
};

/* Makes the heap, once; later calls return at once. Throws when there is no memory. */
void mheap_init(void);

/* A new span of npages > 0 pages for `spanclass`, swept and empty, the caller's. Slots are
   those of the size class; class 0 has one slot, all of it. NULL when there is no memory. */
struct mspan *mheap_alloc(uint32_t spanclass, size_t npages);

/* Gives the span's pages back. The caller holds it, and nobody holds a slot of it. */
void mheap_free(struct mspan *s);

/* The span that addr lies in, also in its middle; NULL when it is in none. Takes no lock: the
   answer holds as long as the caller knows that the span cannot be freed. */
struct mspan *mheap_span_of(const void *addr);

/* Marks the object that ptr points to or into. True when it was not marked before; false
   too when ptr points to no object. Callers of gort_alloc are stopped. */
bool mheap_mark(const void *ptr);

/* Frees every object that is not marked, and every span that has none left; forgets the
   marks. Callers of gort_alloc are stopped: each is outside the runtime, or has ended. */
void mheap_sweep(void);

/* The first half of mheap_sweep: what is not marked is dead from now on, but its memory is
   found span by span, when a cache wants one. Callers are stopped. Nothing is marked again
   before mheap_sweep_end. */
void mheap_sweep_begin(void);

/* The second half: sweeps what is still unswept. Callers are stopped. */
void mheap_sweep_end(void);

/* Which sweep the heap is in: it rises by 2 at each mheap_sweep_begin. A span whose own number is
   lower by 2 waits to be swept. */
uint32_t mheap_sweepgen(void);

struct mheap_stats {
    size_t sys, inuse, released;        /* bytes of the heap: usable, in spans, never touched */
    size_t span_sys, span_inuse;        /* bytes of span records */
    size_t map_sys, table_sys;          /* bytes of the page map; of the bitmaps of pages */
    size_t spans;                       /* spans in use */
};
void mheap_stats(struct mheap_stats *out);

/* The number of the first broken invariant of mheap.c, 0 when all hold. */
int mheap_check(void);

#endif

/*
 * memstats.h - what the heap has done, in numbers.
 *
 * Programs get this with gort.h.
 *
 * Go: MemStats and ReadMemStats in runtime/mstats.go.
 */
#ifndef GORT_MEMSTATS_H
#define GORT_MEMSTATS_H

#include <stdint.h>

enum { GORT_BY_SIZE = 61 };     /* size classes that are counted one by one, as in Go */

/* What the heap has done; Go's runtime.MemStats, in bytes where nothing else is said. */
struct gort_memstats {
    /* objects */
    uint64_t mallocs;           /* objects allocated, ever */
    uint64_t frees;             /* objects freed, ever */
    uint64_t heap_objects;      /* mallocs - frees */
    uint64_t total_alloc;       /* allocated, ever; grows only */
    uint64_t heap_alloc;        /* allocated and not yet freed */

    /* pages: heap_sys = heap_inuse + heap_idle */
    uint64_t heap_sys;          /* usable for objects */
    uint64_t heap_inuse;        /* in spans that hold an object, or are about to */
    uint64_t heap_idle;         /* in no span */
    uint64_t heap_released;     /* the part of heap_idle that takes no memory */

    /* the runtime's own; sys is the sum of all that end in _sys */
    uint64_t mspan_inuse, mspan_sys;
    uint64_t mcache_inuse, mcache_sys;
    uint64_t gc_sys;            /* page map and bitmaps */
    uint64_t other_sys;
    uint64_t sys;

    struct gort_by_size {
        uint64_t size;          /* of the class's slots */
        uint64_t mallocs, frees;
    } by_size[GORT_BY_SIZE];    /* [0] stays 0; tiny objects that share a block are in none */
};

/* Exact for what the calling thread, and every thread that has ended, has allocated. What
   a thread that is running took from the spans it still holds is counted later. */
void gort_read_memstats(struct gort_memstats *out);

/* The number of the first broken invariant of memstats.c that *m shows, 0 when all hold. */
int memstats_check(const struct gort_memstats *m);

#endif

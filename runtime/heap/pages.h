/*
 * pages.h - which pages of an address range are free.
 *
 * A `struct pages` manages one reserved range. Pages become usable by pages_grow, from the
 * low end up, and are handed out in runs: always the lowest run that fits. The caller keeps
 * other threads away.
 *
 * Go: pageAlloc in runtime/mpagealloc.go, pallocBits in mpallocbits.go.
 */
#ifndef GORT_PAGES_H
#define GORT_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mspan.h"              /* PAGE_SIZE */

enum {
    PAGES_CHUNK = 512,          /* pages of one bitmap; a range grows by whole chunks */
    PAGES_WORDS = PAGES_CHUNK / 64,
    PAGES_FAN = 8,              /* summaries that one summary of the next level covers */
    PAGES_LEVELS = 5,           /* the last level's summary covers 2^21 pages, 16 GiB */
};

struct pages {
    /* Set by pages_init, then only read. */
    uintptr_t base;             /* first address, a multiple of PAGE_SIZE */
    size_t npages;              /* of the whole range, a multiple of PAGES_CHUNK */
    uint64_t *bits;             /* 1: the page is free; PAGES_WORDS words a chunk */
    uint64_t *sum[PAGES_LEVELS];        /* packed summaries; level 0 has one a chunk */
    size_t nsum[PAGES_LEVELS];
    size_t metadata;            /* bytes that bits and sum take */

    size_t grown;               /* pages that are usable; those from here on are not */
    size_t untouched;           /* pages from here on were never handed out: they are zero */
    size_t nfree;               /* free pages below grown */

    /* Chunks whose bits changed and whose summaries did not: [dirty_lo, dirty_hi). */
    size_t dirty_lo, dirty_hi;
};

/* Makes p the manager of npages pages at base, none of them usable yet. False when there
   is no memory for the bitmaps. npages is rounded down to whole chunks. */
bool pages_init(struct pages *p, uintptr_t base, size_t npages);

/* Makes at least n more pages usable, next to those that are, rounded up to whole chunks.
   False when the range ends or the system has no memory; then nothing changed. */
bool pages_grow(struct pages *p, size_t n);

/* The address of the lowest run of n > 0 free pages, which are now taken; 0 when there is
   none. *needzero says whether the bytes may be other than 0. */
uintptr_t pages_alloc(struct pages *p, size_t n, bool *needzero);

/* Frees n pages at addr, which were handed out; any part of a run may be freed. The work
   of finding them again is put off until the next pages_alloc, so many frees are cheap. */
void pages_free(struct pages *p, uintptr_t addr, size_t n);

/* The number of the first broken invariant of pages.c, 0 when all hold. */
int pages_check(const struct pages *p);

#endif

/*
 * mcentral.h - for each span class, the spans that no cache holds.
 *
 * Caches get spans with free slots here and bring them back used up. Any thread may call
 * these functions, unless it says otherwise.
 *
 * Go: runtime/mcentral.go.
 */
#ifndef GORT_MCENTRAL_H
#define GORT_MCENTRAL_H

#include <stdint.h>

#include "mspan.h"

/* A swept span of this class, not class 0, with at least one free slot; the caller's, with
   incache set. NULL when there is no memory. */
struct mspan *mcentral_take(uint32_t spanclass);

/* The caller gives s up. `mallocs` is how many of its slots the caller took. */
void mcentral_give(struct mspan *s, uint32_t mallocs);

/* A new large object's span of class 0 enters; it is counted here. */
void mcentral_give_large(struct mspan *s);

/* Adds `mallocs` slots that a cache took of a span that it keeps. */
void mcentral_count(uint32_t spanclass, uint32_t mallocs);

/* Sweeps all spans that the last flip left unswept. All callers are stopped. */
void mcentral_sweep_all(void);

struct mcentral_stats {
    uint64_t mallocs, frees;            /* objects, ever */
    uint64_t malloc_bytes, free_bytes;  /* their slots' bytes */
};
void mcentral_stats(uint32_t spanclass, struct mcentral_stats *out);

/* The number of the first broken invariant of mcentral.c, 0 when all hold. */
int mcentral_check(void);

#endif

/*
 * fixalloc.h - records of one size, outside the collected heap.
 *
 * The runtime's own records (spans, caches) come from here. One fixalloc serves one size;
 * the caller keeps other threads away.
 *
 * Go: runtime/mfixalloc.go.
 */
#ifndef GORT_FIXALLOC_H
#define GORT_FIXALLOC_H

#include <stddef.h>
#include <stdint.h>

enum {
    FIXALLOC_CHUNK = 64 << 10,  /* bytes asked of the system at a time */
    FIXALLOC_ALIGN = 16,        /* records are aligned to this at least */
};

struct fixalloc {
    size_t size;                /* bytes of a record, a multiple of its alignment */
    size_t align;
    void *free;                 /* records that were given back, linked by their first word */
    char *fresh;                /* the part of the last chunk that was never handed out */
    size_t left;                /* bytes of it */
    size_t inuse;               /* records handed out now */
    size_t sys;                 /* bytes taken from the system */
};

/* Makes f an allocator of records of `size` bytes, at most FIXALLOC_CHUNK, aligned to
   `align`, a power of two from FIXALLOC_ALIGN to OS_PAGE. Takes no memory yet. */
void fixalloc_init(struct fixalloc *f, size_t size, size_t align);

/* A record of zero bytes, the caller's until fixalloc_put. NULL when there is no memory. */
void *fixalloc_get(struct fixalloc *f);

/* Takes a record of this fixalloc back. */
void fixalloc_put(struct fixalloc *f, void *record);

/* The number of the first broken invariant of fixalloc.c, 0 when all hold. */
int fixalloc_check(const struct fixalloc *f);

#endif

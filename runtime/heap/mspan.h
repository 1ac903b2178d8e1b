/*
 * mspan.h - a run of pages, cut into slots of one size.
 *
 * The seam of module 36, exercise 4: a student's mspan.c replaces the runtime's, and
 * every object of every program then lives in slots that the student handed out.
 * No function here allocates, locks or makes a system call. One thread at a time
 * works on a span: who that is, mcentral.c and mcache.c decide.
 *
 * Go: mspan in runtime/mheap.go; nextFreeIndex, refillAllocCache in mbitmap.go; the
 * flip of the bits in sweep, mgcsweep.go.
 */
#ifndef GORT_MSPAN_H
#define GORT_MSPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PAGE_SHIFT = 13,
    PAGE_SIZE = 1 << PAGE_SHIFT,    /* bytes; Go's page, two of x86-64's */
    MSPAN_SLOTS_MAX = 1024,         /* slots of 8 bytes in one page */
    MSPAN_WORDS_MAX = MSPAN_SLOTS_MAX / 64,
};

struct mspan {
    /* Set by mspan_init, then only read. */
    uintptr_t base;             /* address of slot 0, a multiple of PAGE_SIZE */
    size_t npages;
    size_t elemsize;            /* bytes of one slot, a multiple of 8 */
    uint32_t nelems;            /* slots; what is left at the end is the tail waste */
    uint32_t divmul;            /* 2^32 / elemsize rounded up, 0 for one slot: see mspan_index */

    /* Who holds the span, only. Bit i of a bitmap is bit i%64 of word i/64; bits
       from nelems on are never read as slots, and are zero. */
    uint64_t *allocbits;        /* 1: the slot was live after the last sweep */
    uint64_t *markbits;         /* 1: the slot was reached since then */
    uint64_t alloccache;        /* ~allocbits from freeindex on, shifted: bit 0 is freeindex */
    uint32_t freeindex;         /* slots below it are taken, or dead until a sweep */
    uint32_t alloccount;        /* slots taken now */

    /* The heap's own: mheap.c, mcentral.c. A student's mspan.c leaves them alone. */
    struct mspan *next, *prev;
    uint32_t sweepgen;
    uint8_t spanclass;          /* size class * 2 + noscan; class 0 is one large object */
    bool noscan;                /* its objects hold no pointers */
    bool needzero;              /* its memory may hold old bytes */
    bool incache;               /* some mcache hands out its slots */
};

/* Words that one bitmap of n slots takes. */
static inline uint32_t mspan_words(uint32_t n)
{
    return (n + 63) / 64;
}

/* Makes s a span of npages pages at base with slots of elemsize bytes, all free.
   `allocbits` and `markbits` have mspan_words(slots) words each, stay the caller's
   to free, and are cleared here. elemsize is at least 8 and at most npages pages.
   The heap's own fields are not touched. */
void mspan_init(struct mspan *s, uintptr_t base, size_t npages, size_t elemsize,
                uint64_t *allocbits, uint64_t *markbits);

/* Takes the first free slot at or after freeindex and returns its number; nelems when
   there is none. Looks at words, not at single bits. */
uint32_t mspan_take(struct mspan *s);

/* The number of the slot that addr points into, also into its middle; nelems when
   addr lies outside the span's slots. Does not divide. */
uint32_t mspan_index(const struct mspan *s, uintptr_t addr);

/* True when slot i may be handed out by a mspan_take before the next sweep. */
bool mspan_is_free(const struct mspan *s, uint32_t i);

/* Marks slot i, which is taken, as reached. True when it was not marked before. */
bool mspan_mark(struct mspan *s, uint32_t i);

/* Frees every slot that is not marked: the mark bits become the allocation bits, the
   old allocation bits become clear mark bits, and the search starts again at slot 0.
   Returns how many slots that were taken became free. */
uint32_t mspan_sweep(struct mspan *s);

/* The number of the first broken invariant of mspan.c (1 for I1, ...), 0 when all
   hold. For tests and check builds. */
int mspan_check(const struct mspan *s);

#endif

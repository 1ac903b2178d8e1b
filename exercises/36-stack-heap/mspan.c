/*
 * mspan.c - the slots of one span: hands them out, marks them, sweeps them.
 *
 * Module 36, exercise 4. The contract of every function is in mspan.h; this file is
 * yours, and when it is done, the runtime's own heap allocates on it. Nothing here
 * allocates memory. Keep these true, and let mspan_check answer with the number of the
 * first that is not:
 *   I1  nelems is npages * PAGE_SIZE / elemsize, and at least 1
 *   I2  the bits from nelems on are 0 in both bitmaps
 *   I3  freeindex <= nelems
 *   I4  alloccount is freeindex plus the allocation bits from freeindex on: every slot
 *       below freeindex is taken, every slot above it as its bit says
 *   I5  bit k of alloccache is 1 exactly when slot freeindex + k is free, to the end of
 *       freeindex's word; a word whose first slot is freeindex may not be loaded yet,
 *       and then alloccache is 0
 *   I6  a marked slot is a taken slot
 *
 *     make check MOD=36 EX=4
 */
#include "mspan.h"

#include "fatal.h"

#include <string.h>

/* TODO(ex4): fill in the fields above "the heap's own", and clear both bitmaps: they may
   hold old bits. divmul is for mspan_index; a span of one slot is best given 0. */
void mspan_init(struct mspan *s, uintptr_t base, size_t npages, size_t elemsize,
                uint64_t *allocbits, uint64_t *markbits)
{
    (void)s;
    (void)base;
    (void)npages;
    (void)elemsize;
    (void)allocbits;
    (void)markbits;
    rt_todo("ex4", "mspan_init");
}

/* TODO(ex4): the lowest free slot at or after freeindex, which is taken from now on.
   __builtin_ctzll counts the zeros below the lowest 1 of a word that is not 0; load the
   next word of ~allocbits when alloccache has no 1 left. The last word may have fewer
   than 64 slots. allocbits itself does not change: freeindex remembers. */
uint32_t mspan_take(struct mspan *s)
{
    (void)s;
    rt_todo("ex4", "mspan_take");
}

/* TODO(ex4): the slot that addr lies in. Look first whether it lies in any; then the
   offset times divmul, shifted right by 32, is the offset divided by elemsize. */
uint32_t mspan_index(const struct mspan *s, uintptr_t addr)
{
    (void)s;
    (void)addr;
    rt_todo("ex4", "mspan_index");
}

/* TODO(ex4): whether a take may still give slot i: it lies at or after freeindex, and its
   allocation bit is 0. */
bool mspan_is_free(const struct mspan *s, uint32_t i)
{
    (void)s;
    (void)i;
    rt_todo("ex4", "mspan_is_free");
}

/* TODO(ex4): set the mark bit of slot i, and say whether it was 0 before. */
bool mspan_mark(struct mspan *s, uint32_t i)
{
    (void)s;
    (void)i;
    rt_todo("ex4", "mspan_mark");
}

/* TODO(ex4): the two bitmaps change roles, the new mark bits are cleared, and the search
   starts again at slot 0. How many slots are taken now? __builtin_popcountll counts the
   ones of a word. */
uint32_t mspan_sweep(struct mspan *s)
{
    (void)s;
    rt_todo("ex4", "mspan_sweep");
}

/* TODO(ex4): I1 to I6 in this order; a plain loop over the slots is good enough. */
int mspan_check(const struct mspan *s)
{
    (void)s;
    rt_todo("ex4", "mspan_check");
}

/* mutant: 36.4.init_clears_and_leaves_the_rest -- old mark bits keep dead slots */
/*
 * mspan.c - the slots of one span: hands them out, marks them, sweeps them.
 *
 * Two bitmaps with one bit for each slot. The allocation bits say which slots were live
 * when the last sweep ended; they do not change until the next one. The mark bits say
 * which slots the collector has reached since. Between two sweeps the search for a free
 * slot only walks upwards: what it has passed is taken, so handing out a slot writes no
 * bitmap at all. A sweep makes the mark bits the new allocation bits and starts at slot
 * 0 again. Freeing costs nothing per object: whoever is not marked is free.
 *
 *   allocbits   1 0 1 1 0 0 1 0     live after the last sweep
 *   freeindex           ^ 4         slots 0 to 3 are taken: 0, 2 and 3 were, 1 is since
 *   alloccache          1 1 0 1     ~allocbits from slot 4 on: 4, 5 and 7 are free
 *
 * alloccache keeps what is left of the word that the search is in, turned round so that
 * 1 means free, because "the lowest bit set" is one instruction (__builtin_ctzll).
 *
 * Invariants, checked by mspan_check, which answers with the number:
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
 * Locks: none. Whoever holds the span calls; mcentral.c and mcache.c see to that.
 *
 * Refused: a list of free slots threaded through the slots themselves. It is shorter,
 * but it writes into memory that nobody uses yet, and a sweep would have to walk every
 * dead slot to build it.
 *
 * Go: nextFreeIndex, refillAllocCache, markBitsForIndex in runtime/mbitmap.go; the flip
 * in (*sweepLocked).sweep, runtime/mgcsweep.go. Module 36, exercise 4.
 */
#include "mspan.h"

#include "fatal.h"

#include <string.h>

/* The bits of word `word` that stand for slots: all of them, save in the last word. */
static uint64_t slot_mask(uint32_t nelems, uint32_t word)
{
    uint32_t left = nelems - word * 64;

    return left >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << left) - 1;
}

static bool bit_at(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

void mspan_init(struct mspan *s, uintptr_t base, size_t npages, size_t elemsize,
                uint64_t *allocbits, uint64_t *markbits)
{
    size_t slots = (npages << PAGE_SHIFT) / elemsize;
    size_t bytes = mspan_words((uint32_t)slots) * sizeof *allocbits;

    s->base = base;
    s->npages = npages;
    s->elemsize = elemsize;
    s->nelems = (uint32_t)slots;
    /* One slot needs no division, and the product would not be exact for a large one. */
    s->divmul = slots == 1 ? 0 : (uint32_t)(((UINT64_C(1) << 32) + elemsize - 1) / elemsize);
    s->allocbits = memset(allocbits, 0, bytes);
    s->markbits = markbits;
    s->alloccache = 0;
    s->freeindex = 0;
    s->alloccount = 0;
}

/* The free slots of the next word, at or after freeindex, that has any; freeindex moves
   to its first slot. 0 when there is none. alloccache is empty, so the rest of the word
   that freeindex is in the middle of is known to be taken. */
static uint64_t next_word(struct mspan *s)
{
    uint32_t word = (s->freeindex + 63) / 64;
    uint32_t words = mspan_words(s->nelems);

    for (; word < words; word++) {
        uint64_t unused = ~s->allocbits[word] & slot_mask(s->nelems, word);

        if (unused != 0) {
            s->freeindex = word * 64;
            return unused;
        }
    }
    s->freeindex = s->nelems;
    return 0;
}

/* doc:take */
/* Runs once for every small object of a program: when the word at hand has a free slot,
   that is a load, a count of zeros, a shift and three stores. */
uint32_t mspan_take(struct mspan *s)
{
    uint64_t unused = s->alloccache;
    uint32_t skip, slot;

    if (unused == 0) {
        unused = next_word(s);
        if (unused == 0)
            return s->nelems;
    }
    skip = (uint32_t)__builtin_ctzll(unused);
    slot = s->freeindex + skip;
    s->alloccache = unused >> skip >> 1;    /* by skip + 1 at once, 64 is undefined */
    s->freeindex = slot + 1;
    s->alloccount++;
    return slot;
}
/* doc:end */

/* offset / elemsize, as a multiplication by 2^32 / elemsize rounded up. The rounding
   makes the quotient too large by less than offset / 2^32, which is harmless as long as
   it stays below 1 / elemsize: while the span's bytes times elemsize are at most 2^32.
   The size classes stay below 2^31.1. Below the span the offset wraps round, and is
   then larger than any span. */
uint32_t mspan_index(const struct mspan *s, uintptr_t addr)
{
    uintptr_t offset = addr - s->base;

    if (offset >= s->nelems * s->elemsize)
        return s->nelems;
    return (uint32_t)(offset * s->divmul >> 32);
}

bool mspan_is_free(const struct mspan *s, uint32_t i)
{
    return i >= s->freeindex && i < s->nelems && !bit_at(s->allocbits, i);
}

bool mspan_mark(struct mspan *s, uint32_t i)
{
    uint64_t *word = &s->markbits[i / 64];
    uint64_t bit = UINT64_C(1) << (i % 64);

    INVARIANT("mspan", i < s->nelems && !mspan_is_free(s, i));
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

static uint32_t count_bits(const uint64_t *bits, uint32_t words)
{
    uint32_t n = 0;

    for (uint32_t w = 0; w < words; w++)
        n += (uint32_t)__builtin_popcountll(bits[w]);
    return n;
}

/* doc:sweep */
uint32_t mspan_sweep(struct mspan *s)
{
    uint32_t words = mspan_words(s->nelems);
    uint32_t before = s->alloccount;
    uint64_t *old = s->allocbits;

    s->allocbits = s->markbits;
    s->markbits = memset(old, 0, words * sizeof *old);
    s->alloccount = count_bits(s->allocbits, words);
    s->alloccache = 0;
    s->freeindex = 0;
    return before - s->alloccount;
}
/* doc:end */

/* I4, slot by slot, so that it shares no trick with the code that it checks. */
static uint32_t count_taken(const struct mspan *s)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->nelems; i++)
        n += !mspan_is_free(s, i);
    return n;
}

static bool cache_agrees(const struct mspan *s)
{
    uint32_t end = (s->freeindex / 64 + 1) * 64;

    if (s->freeindex % 64 == 0 && s->alloccache == 0)
        return true;
    for (uint32_t i = s->freeindex; i < end; i++) {
        if (mspan_is_free(s, i) != (s->alloccache >> (i - s->freeindex) & 1))
            return false;
    }
    return end - s->freeindex == 64 || s->alloccache >> (end - s->freeindex) == 0;
}

int mspan_check(const struct mspan *s)
{
    uint32_t words = mspan_words(s->nelems);
    uint64_t beyond;

    if (s->nelems == 0 || s->nelems != (s->npages << PAGE_SHIFT) / s->elemsize)
        return 1;
    beyond = ~slot_mask(s->nelems, words - 1);
    if ((s->allocbits[words - 1] | s->markbits[words - 1]) & beyond)
        return 2;
    if (s->freeindex > s->nelems)
        return 3;
    if (s->alloccount != count_taken(s))
        return 4;
    if (!cache_agrees(s))
        return 5;
    for (uint32_t i = 0; i < s->nelems; i++) {
        if (bit_at(s->markbits, i) && mspan_is_free(s, i))
            return 6;
    }
    return 0;
}

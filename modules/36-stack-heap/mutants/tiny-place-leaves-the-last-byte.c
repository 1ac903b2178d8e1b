/* mutant: 36.adv.what_does_not_fit_gets_0 -- an object may end where the block ends */
/*
 * tiny.c - where several small pointer-free objects go in one 16-byte block.
 *
 * A program makes many objects of a few bytes: small strings, single numbers. A slot of
 * the smallest class that fits would do, but each of them would cost a slot, a mark bit
 * and a call of the allocator. Packed into one block they share all three. The price:
 * the block lives as long as the longest-lived of them, which is also why only objects
 * without pointers may share one.
 *
 * Three questions, one function each: does it fit into the current block, and where;
 * which of two blocks should be current from now on; when must the block be forgotten.
 *
 * Invariants:
 *   I1  used <= TINY_BLOCK
 *   I2  block is a multiple of TINY_BLOCK, or 0 for none
 *   I3  while block is 0, used is 0
 *
 * Locks: none. A struct tiny belongs to one mcache.
 *
 * Refused: looking for room in blocks that were current before. It would pack tighter,
 * but needs a list, and each search would cost more than the block that it saves.
 *
 * Go: the tiny branch of mallocgc in runtime/malloc.go. Module 36, the advanced part.
 */
#include "tiny.h"

#include "fatal.h"

/* An object is aligned to the largest power of two that divides its size, 8 at most: no
   type of that size can ask for more. */
static uint32_t align_up(uint32_t offset, size_t size)
{
    if (size % 8 == 0)
        return (offset + 7) & ~UINT32_C(7);
    if (size % 4 == 0)
        return (offset + 3) & ~UINT32_C(3);
    if (size % 2 == 0)
        return (offset + 1) & ~UINT32_C(1);
    return offset;
}

uintptr_t tiny_place(struct tiny *t, size_t size)
{
    uint32_t offset = align_up(t->used, size);

    INVARIANT("tiny", size > 0 && size < TINY_BLOCK);
    if (t->block == 0 || offset + size >= TINY_BLOCK)
        return 0;
    t->used = offset + (uint32_t)size;
    t->count++;
    return t->block + offset;
}

/* doc:adopt */
/* Both blocks have been used from their start, so the one with less in use has more room
   left. On a tie the old one stays. */
uintptr_t tiny_adopt(struct tiny *t, uintptr_t block, size_t size)
{
    INVARIANT("tiny", block != 0 && block % TINY_BLOCK == 0);
    if (t->block == 0 || size < t->used) {
        t->block = block;
        t->used = (uint32_t)size;
    }
    t->count++;
    return block;
}
/* doc:end */

/* The collector does not know that the struct points to a block: without this, a block
   whose objects are all dead would be swept and handed out a second time. */
void tiny_forget(struct tiny *t)
{
    t->block = 0;
    t->used = 0;
}

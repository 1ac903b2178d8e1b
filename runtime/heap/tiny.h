/*
 * tiny.h - several small pointer-free objects in one 16-byte block.
 *
 * The seam of module 36's advanced exercise. A `struct tiny` belongs to one mcache and
 * is touched by one thread at a time. The room only computes places: the allocator
 * gets the blocks.
 *
 * Go: the tiny branch of mallocgc in runtime/malloc.go.
 */
#ifndef GORT_TINY_H
#define GORT_TINY_H

#include <stddef.h>
#include <stdint.h>

enum { TINY_BLOCK = 16 };       /* bytes; objects of this size and more are not tiny */

struct tiny {
    uintptr_t block;            /* the current block, 0: none */
    uint32_t used;              /* bytes of it that are taken, at most TINY_BLOCK */
    uint32_t count;             /* objects placed so far, by either function, for MemStats */
};

/* A place for `size` bytes, 1 to TINY_BLOCK - 1, in the current block: aligned to 8, 4
   or 2 where size is a multiple of it. 0 when it does not fit; then nothing changed,
   and the caller gets a new block and passes it to tiny_adopt. */
uintptr_t tiny_place(struct tiny *t, size_t size);

/* `block`, TINY_BLOCK zero bytes aligned to TINY_BLOCK, has just been allocated and its
   first `size` bytes are the new object's. It becomes the current block when it has more
   room left than the current one. Returns the object's address, which is `block`. */
uintptr_t tiny_adopt(struct tiny *t, uintptr_t block, size_t size);

/* Forgets the current block (a collection begins, or its mcache is given up). */
void tiny_forget(struct tiny *t);

#endif

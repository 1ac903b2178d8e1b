/*
 * malloc.h - gort_alloc, the door to the collected heap.
 *
 * Programs find gort_alloc in gort.h, which says the same.
 *
 * Go: mallocgc in runtime/malloc.go.
 */
#ifndef GORT_MALLOC_H
#define GORT_MALLOC_H

#include <stddef.h>

#include "rtype.h"

/* Zeroed memory for one value of `size` bytes; `type` says where its pointers are, NULL:
   it holds none. Any thread. Never NULL: throws when there is no memory. Aligned to 8, to
   16 from 32 bytes on, and to 8192 when large; a pointer-free object of less than 16 bytes
   to 8, 4 or 2 where its size is a multiple of that. */
void *gort_alloc(size_t size, const struct rtype *type);

/* The address of every object of size 0. */
void *malloc_zerobase(void);

#endif

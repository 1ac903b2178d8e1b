/*
 * sizeclass.h - the 68 sizes that small objects come in.
 *
 * A request of 1 to SIZECLASS_MAX bytes gets a slot of the smallest class that holds
 * it. Class 0 is no slot size: it stands for one large object in pages of its own.
 *
 * Go: runtime/sizeclasses.go and msize.go.
 */
#ifndef GORT_SIZECLASS_H
#define GORT_SIZECLASS_H

#include <stddef.h>
#include <stdint.h>

enum {
    SIZECLASS_COUNT = 68,           /* class 0 included */
    SIZECLASS_MAX = 32768,          /* bytes: the last class; more is large */
    SIZECLASS_SMALL = 1024,         /* bytes: sizes up to here are looked up in eighths */
    SIZECLASS_PAGE = 8192,          /* bytes of the heap's page */
};

/* The class of a request of 1 to SIZECLASS_MAX bytes. */
uint32_t sizeclass_of(size_t size);

/* Bytes of one slot of a class; 0 for class 0. */
size_t sizeclass_size(uint32_t sizeclass);

/* Pages of one span of a class; 0 for class 0. */
size_t sizeclass_pages(uint32_t sizeclass);

/* How many bytes a request of `size` really occupies: the slot of its class, or whole
   pages when it is large. 0 for 0, and 0 when the pages' bytes do not fit in a size_t. */
size_t sizeclass_round(size_t size);

/* The number of the first broken invariant of sizeclass.c, 0 when all hold. */
int sizeclass_check(void);

/* The tables behind sizeclass_of, for the allocator's fast path, which reads them itself:
   index (size + 7) / 8 up to SIZECLASS_SMALL, (size - SIZECLASS_SMALL + 127) / 128 above. */
extern const uint8_t sizeclass_by8[SIZECLASS_SMALL / 8 + 1];
extern const uint8_t sizeclass_by128[(SIZECLASS_MAX - SIZECLASS_SMALL) / 128 + 1];

#endif

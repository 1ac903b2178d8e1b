/*
 * malloc.c - gort_alloc, the door to the collected heap.
 *
 * Three ways through it. Pointer-free objects below 16 bytes share blocks (tiny.c). Up to
 * 32 KiB an object gets a slot of its size class, from the span that the thread's cache has
 * for it. Anything larger gets a span of its own. Objects with and without pointers never
 * share a span, so that a collector can pass over whole spans of bytes.
 *
 * The way of a small object is the one that counts: a thread-local load, a table, one call
 * of mspan_take, a multiplication. It takes no lock, counts nothing and writes to nothing
 * that another thread reads. All that is rare is in functions of its own, never inlined.
 *
 * Invariants, checked by the unit tests:
 *   I1  every object is zeroed and overlaps no other
 *   I2  an object without pointers is in a span with noscan set, one with pointers is not
 *
 * Refused: an inline fast path in gort.h. It would save a call, and nail the layout of
 * caches and spans into every program.
 *
 * Go: mallocgc, nextFreeFast in runtime/malloc.go. Module 36, exercise 4: every object
 * here stands in a slot that mspan.c handed out.
 */
#include "malloc.h"

#include "fatal.h"
#include "mcache.h"
#include "mcentral.h"
#include "mheap.h"
#include "san.h"
#include "self.h"
#include "sizeclass.h"
#include "tiny.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(cond) __builtin_expect(!!(cond), 1)

enum { TINY_CLASS = 2 * 2 + 1 };        /* span class of 16 bytes without pointers */

/* Where objects of size 0 are; nobody reads or writes it. */
static char zerobase __attribute__((aligned(16)));

void *malloc_zerobase(void)
{
    return &zerobase;
}

/* The span class of 1 to SIZECLASS_MAX bytes. */
static inline uint32_t class_of(size_t size, bool noscan)
{
    uint32_t sizeclass = LIKELY(size <= SIZECLASS_SMALL)
        ? sizeclass_by8[(size + 7) / 8]
        : sizeclass_by128[(size - SIZECLASS_SMALL + 127) / 128];

    return sizeclass * 2 + noscan;
}

/* A slot whose memory is old, or that somebody watches: clears it, and hides its tail. */
static __attribute__((noinline)) void *prepare(void *p, size_t size, size_t slot)
{
    san_open(p, slot);
    memset(p, 0, slot);
    if (san_watching())
        san_hide((char *)p + size, slot - size);
    return p;
}

static inline void *slot_at(const struct mspan *s, uint32_t i, size_t size)
{
    void *p = (void *)(s->base + i * s->elemsize);

    return LIKELY(!s->needzero) ? p : prepare(p, size, s->elemsize);
}

/* The cache's span is used up, or there is none, or there is no cache. */
static __attribute__((noinline)) void *small_slowly(size_t size, uint32_t spanclass)
{
    struct mcache *c = self_cache();
    struct mspan *s;
    uint32_t i;

    if (c == NULL)
        c = mcache_new();
    s = mcache_refill(c, spanclass);
    if (s == NULL)
        rt_throw("malloc", "out of memory: the heap cannot grow");
    i = mspan_take(s);
    if (i >= s->nelems)
        rt_throw("malloc", "mspan_take finds no slot in a span that has free ones");
    return slot_at(s, i, size);
}

static inline void *small(struct mcache *c, size_t size, uint32_t spanclass)
{
    struct mspan *s = LIKELY(c != NULL) ? c->span[spanclass] : NULL;
    uint32_t i;

    if (LIKELY(s != NULL) && LIKELY((i = mspan_take(s)) < s->nelems))
        return slot_at(s, i, size);
    return small_slowly(size, spanclass);
}

/* The current block has no room: gets a new one. */
static __attribute__((noinline)) void *tiny_slowly(size_t size)
{
    void *block = small(self_cache(), TINY_BLOCK, TINY_CLASS);
    struct mcache *c = self_cache();

    c->tiny_blocks++;
    if (san_watching())
        san_hide((char *)block + size, TINY_BLOCK - size);
    return (void *)tiny_adopt(&c->tiny, (uintptr_t)block, size);
}

static inline void *tiny(struct mcache *c, size_t size)
{
    uintptr_t p = LIKELY(c != NULL) ? tiny_place(&c->tiny, size) : 0;

    if (p == 0)
        return tiny_slowly(size);
    if (san_watching()) {
        san_open((void *)p, size);
        memset((void *)p, 0, size);
    }
    return (void *)p;
}

static __attribute__((noinline)) void *large(size_t size, bool noscan)
{
    size_t npages = size / PAGE_SIZE + (size % PAGE_SIZE != 0);
    struct mspan *s;

    if (size >> MHEAP_REFUSED != 0)
        rt_throw("malloc", "out of memory: one object is larger than the address space");
    if (self_cache() == NULL)
        mcache_new();
    s = mheap_alloc(noscan, npages);
    if (s == NULL)
        rt_throw("malloc", "out of memory: no run of pages for a large object");
    if (mspan_take(s) != 0)
        rt_throw("malloc", "mspan_take does not give slot 0 of a span of one slot");
    mcentral_give_large(s);
    return slot_at(s, 0, size);
}

/* doc:door */
__attribute__((noinline)) void *gort_alloc(size_t size, const struct rtype *type)
{
    bool noscan = type == NULL || type->nptr == 0;

    if (LIKELY(size - 1 < SIZECLASS_MAX)) {
        if (noscan && size < TINY_BLOCK)
            return tiny(self_cache(), size);
        return small(self_cache(), size, class_of(size, noscan));
    }
    return size == 0 ? malloc_zerobase() : large(size, noscan);
}
/* doc:end */

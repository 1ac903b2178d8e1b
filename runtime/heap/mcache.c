/*
 * mcache.c - one thread's spans, one for each span class.
 *
 * A cache goes to its central only when a span is used up, once in nelems objects. Counting
 * is put off to the same moment: a span knows how many slots are taken, so nothing is
 * counted at an allocation, and the counts of others lag behind by what their caches hold.
 *
 * Memory is zeroed here too. An old span of small slots is cleared when it enters the cache,
 * in a few long runs; its slots are then handed out soon, while they are near the processor.
 * Large slots are cleared one at a time, by malloc.c, when they are handed out.
 *
 * Invariants, checked by mcache_check:
 *   I1  span[i] is of class i, swept in this sweep, and says that it is in a cache
 *   I2  counted[i] is not more than what span[i] has taken
 *   I3  span[0] and span[1] are NULL: a large object is in no cache
 *   I4  the list of all caches is linked both ways, and is all records that are in use
 *
 * Locks: caches.lock (LOCK_MCACHES) protects the list of caches, their records and `tiny`.
 *
 * Refused: counting each allocation. It is one more line to write to on the fast path.
 *
 * Go: refill, releaseAll in runtime/mcache.go; allocNeedsZero's use in malloc.go. Module 36,
 * read with exercise 4.
 */
#include "mcache.h"

#include "fatal.h"
#include "fixalloc.h"
#include "lock.h"
#include "mcentral.h"
#include "san.h"
#include "self.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
    RECORD_ALIGN = 128,         /* two caches never share a line, nor a pair of lines */
    ZERO_AT_REFILL = 512,       /* bytes: larger slots are cleared one at a time */
};

static struct {
    struct lock lock;           /* protects the rest */
    struct fixalloc pool;
    struct mcache *all;
    uint64_t tiny;              /* published by caches */
} caches = {.lock = LOCK_INIT(LOCK_MCACHES)};

/* The first slot at or after i whose allocation bit is `want`; nelems when there is none. */
static uint32_t next_slot(const struct mspan *s, uint32_t i, bool want)
{
    while (i < s->nelems) {
        uint64_t word = (want ? s->allocbits[i / 64] : ~s->allocbits[i / 64]) >> (i % 64);

        if (word != 0) {
            i += (uint32_t)__builtin_ctzll(word);
            return i < s->nelems ? i : s->nelems;
        }
        i = (i / 64 + 1) * 64;
    }
    return s->nelems;
}

/* doc:zero */
/* Clears the free slots of a span that is about to be used. */
static void zero_free_slots(struct mspan *s)
{
    uint32_t lo = next_slot(s, s->freeindex, false);

    while (lo < s->nelems) {
        uint32_t hi = next_slot(s, lo, true);

        memset((char *)s->base + lo * s->elemsize, 0, (hi - lo) * s->elemsize);
        lo = next_slot(s, hi, false);
    }
    s->needzero = false;
}
/* doc:end */

/* Takes the span of a class out of the cache and gives it to its central. */
static void give_span(struct mcache *c, uint32_t spanclass)
{
    struct mspan *s = c->span[spanclass];

    if (s == NULL)
        return;
    c->span[spanclass] = NULL;
    mcentral_give(s, s->alloccount - c->counted[spanclass]);
}

struct mspan *mcache_refill(struct mcache *c, uint32_t spanclass)
{
    struct mspan *s;

    give_span(c, spanclass);
    s = mcentral_take(spanclass);
    if (s == NULL)
        return NULL;
    if (s->needzero && s->elemsize <= ZERO_AT_REFILL && !san_watching())
        zero_free_slots(s);
    c->counted[spanclass] = s->alloccount;
    c->span[spanclass] = s;
    return s;
}

/* The tiny objects that shared a block: the others are counted with their blocks. */
static void publish_tiny_locked(struct mcache *c)
{
    lock_assert_held(&caches.lock);
    caches.tiny += (uint32_t)(c->tiny.count - c->tiny_counted) - (uint64_t)c->tiny_blocks;
    c->tiny_counted = c->tiny.count;
    c->tiny_blocks = 0;
}

void mcache_publish(struct mcache *c)
{
    for (uint32_t i = 2; i < MHEAP_CLASSES; i++) {
        const struct mspan *s = c->span[i];

        if (s && s->alloccount != c->counted[i]) {
            mcentral_count(i, s->alloccount - c->counted[i]);
            c->counted[i] = s->alloccount;
        }
    }
    lock_take(&caches.lock);
    publish_tiny_locked(c);
    lock_give(&caches.lock);
}

static void release_locked(struct mcache *c)
{
    for (uint32_t i = 2; i < MHEAP_CLASSES; i++)
        give_span(c, i);
    publish_tiny_locked(c);
    tiny_forget(&c->tiny);
}

void mcache_release(struct mcache *c)
{
    lock_take(&caches.lock);
    release_locked(c);
    lock_give(&caches.lock);
}

void mcache_release_all(void)
{
    lock_take(&caches.lock);
    for (struct mcache *c = caches.all; c; c = c->next)
        release_locked(c);
    lock_give(&caches.lock);
}

/* The end of a plain thread. */
static void leave(struct self *me)
{
    struct mcache *c = me->cache;

    if (c == NULL)
        return;
    me->cache = NULL;
    lock_take(&caches.lock);
    release_locked(c);
    if (c->next)
        c->next->prev = c->prev;
    *(c->prev ? &c->prev->next : &caches.all) = c->next;
    fixalloc_put(&caches.pool, c);
    lock_give(&caches.lock);
}

struct mcache *mcache_new(void)
{
    struct mcache *c;

    mheap_init();
    self_on_leave(leave);
    lock_take(&caches.lock);
    if (caches.pool.size == 0)
        fixalloc_init(&caches.pool, sizeof(struct mcache), RECORD_ALIGN);
    c = fixalloc_get(&caches.pool);
    if (c) {
        c->next = caches.all;
        if (c->next)
            c->next->prev = c;
        caches.all = c;
    }
    lock_give(&caches.lock);
    if (c == NULL)
        rt_throw("mcache", "out of memory: no record for a thread's cache");
    self_get()->cache = c;
    return c;
}

void mcache_stats(struct mcache_stats *out)
{
    lock_take(&caches.lock);
    *out = (struct mcache_stats){
        .tiny = caches.tiny,
        .sys = caches.pool.sys,
        .inuse = caches.pool.inuse * caches.pool.size,
    };
    lock_give(&caches.lock);
}

static bool list_is_whole_locked(void)
{
    const struct mcache *last = NULL;
    size_t n = 0;

    for (const struct mcache *c = caches.all; c; c = c->next) {
        if (c->prev != last || n == caches.pool.inuse)
            return false;
        last = c;
        n++;
    }
    return n == caches.pool.inuse;
}

int mcache_check(const struct mcache *c)
{
    bool whole;

    lock_take(&caches.lock);
    whole = list_is_whole_locked();
    lock_give(&caches.lock);
    if (!whole)
        return 4;
    if (c->span[0] || c->span[1])
        return 3;
    for (uint32_t i = 2; i < MHEAP_CLASSES; i++) {
        const struct mspan *s = c->span[i];

        if (s == NULL)
            continue;
        if (s->spanclass != i || s->sweepgen != mheap_sweepgen() || !s->incache)
            return 1;
        if (c->counted[i] > s->alloccount)
            return 2;
    }
    return 0;
}

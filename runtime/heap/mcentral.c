/*
 * mcentral.c - for each span class, the spans that no cache holds.
 *
 * Four lists a class: partial and full, each once swept and once unswept. Which of the two
 * is the swept one follows from the heap's sweep number, so that one addition in
 * mheap_sweep turns every swept list into an unswept one. A span is swept by whoever takes
 * it off an unswept list; it is then in no list, so nobody else can reach it.
 *
 * Large objects are class 0: a span each, never partial.
 *
 * Invariants, checked by mcentral_check while nobody allocates:
 *   I1  a swept list's spans have the heap's sweep number, an unswept list's 2 less
 *   I2  a span of a swept partial list has a free slot, one of a swept full list has none
 *   I3  no listed span is in a cache, and each is in its own class's list
 *   I4  frees never exceed mallocs
 *
 * Locks: a central's own lock (LOCK_MCENTRAL) protects its lists and counts. Sweeping is
 * done without it.
 *
 * Refused: Go's lock-free spanSet. A span is taken once for hundreds of objects, so this
 * lock is not where the time goes; a list says more plainly what is in it.
 *
 * Go: runtime/mcentral.go (cacheSpan, uncacheSpan); sweepLocked.sweep in mgcsweep.go.
 * Module 36, read with exercise 4.
 */
#include "mcentral.h"

#include "fatal.h"
#include "lock.h"
#include "mheap.h"
#include "san.h"
#include "sizeclass.h"

#include <stddef.h>
#include <string.h>

enum {
    JUNK_FRESH = 0xA5,          /* what check builds write over the slots of a new span */
    JUNK_FREED = 0xDB,          /* and over dead objects */
    SWEEP_TRIES = 100,          /* unswept spans looked at before a new one is made */
};

struct central {
    struct lock lock;           /* rank LOCK_MCENTRAL; protects the rest */
    struct mspan *partial[2];   /* [swept_index()] are the swept ones */
    struct mspan *full[2];
    struct mcentral_stats stats;
} __attribute__((aligned(128)));        /* two classes never share a cache line */

static struct central centrals[MHEAP_CLASSES] = {
    [0 ... MHEAP_CLASSES - 1] = {.lock = LOCK_INIT(LOCK_MCENTRAL)},
};

/* Which list of the two holds swept spans now; the other one holds unswept ones. */
static uint32_t swept_index(void)
{
    return mheap_sweepgen() / 2 % 2;
}

static void push(struct mspan **list, struct mspan *s)
{
    s->next = *list;
    *list = s;
}

static struct mspan *pop(struct mspan **list)
{
    struct mspan *s = *list;

    if (s) {
        *list = s->next;
        s->next = NULL;
    }
    return s;
}

/* Puts a swept span where it belongs. */
static void file_locked(struct central *c, struct mspan *s)
{
    lock_assert_held(&c->lock);
    s->incache = false;
    push(s->alloccount < s->nelems ? &c->partial[swept_index()] : &c->full[swept_index()], s);
}

/* Fills the free slots with junk, where somebody may be looking. */
static void spoil(struct mspan *s, int byte)
{
    s->needzero = true;
    for (uint32_t i = 0; i < s->nelems; i++) {
        char *slot = (char *)s->base + i * s->elemsize;

        if (mspan_is_free(s, i)) {
            san_open(slot, s->elemsize);
            memset(slot, byte, s->elemsize);
            san_hide(slot, s->elemsize);
        }
    }
}

#ifdef GORT_CHECK
static const bool junk = true;
#else
static const bool junk = false;
#endif

/* Sweeps s, which is in no list; no lock is held. Returns how many objects died. */
static uint32_t sweep(struct mspan *s)
{
    uint32_t freed = mspan_sweep(s);

    s->sweepgen = mheap_sweepgen();
    if (freed > 0) {
        s->needzero = true;
        if (junk || san_watching())
            spoil(s, JUNK_FREED);
    }
    return freed;
}

static void count_frees_locked(struct central *c, const struct mspan *s, uint32_t freed)
{
    c->stats.frees += freed;
    c->stats.free_bytes += freed * s->elemsize;
}

/* A span with a free slot among the unswept ones of a list; sweeps as it looks. */
static struct mspan *take_unswept_locked(struct central *c, struct mspan **list, int *tries)
{
    struct mspan *s;

    while (*tries > 0 && (s = pop(list)) != NULL) {
        uint32_t freed;

        --*tries;
        lock_give(&c->lock);
        freed = sweep(s);
        lock_take(&c->lock);
        count_frees_locked(c, s, freed);
        if (s->alloccount < s->nelems)
            return s;
        file_locked(c, s);
    }
    return NULL;
}

struct mspan *mcentral_take(uint32_t spanclass)
{
    struct central *c = &centrals[spanclass];
    int tries = SWEEP_TRIES;
    struct mspan *s;

    lock_take(&c->lock);
    s = pop(&c->partial[swept_index()]);
    if (s == NULL)
        s = take_unswept_locked(c, &c->partial[!swept_index()], &tries);
    if (s == NULL)
        s = take_unswept_locked(c, &c->full[!swept_index()], &tries);
    lock_give(&c->lock);
    if (s == NULL) {
        s = mheap_alloc(spanclass, sizeclass_pages(spanclass / 2));
        if (s && junk)
            spoil(s, JUNK_FRESH);
    }
    if (s)
        s->incache = true;
    return s;
}

static void count_mallocs_locked(struct central *c, uint32_t mallocs, size_t elemsize)
{
    c->stats.mallocs += mallocs;
    c->stats.malloc_bytes += mallocs * elemsize;
}

void mcentral_give(struct mspan *s, uint32_t mallocs)
{
    struct central *c = &centrals[s->spanclass];

    lock_take(&c->lock);
    count_mallocs_locked(c, mallocs, s->elemsize);
    file_locked(c, s);
    lock_give(&c->lock);
}

void mcentral_give_large(struct mspan *s)
{
    mcentral_give(s, 1);
}

void mcentral_count(uint32_t spanclass, uint32_t mallocs)
{
    struct central *c = &centrals[spanclass];

    lock_take(&c->lock);
    count_mallocs_locked(c, mallocs, sizeclass_size(spanclass / 2));
    lock_give(&c->lock);
}

/* Sweeps one span of a sweep of all; when nothing is left in it, its pages go back. */
static void sweep_and_file(struct central *c, struct mspan *s)
{
    uint32_t freed = sweep(s);
    bool empty = s->alloccount == 0;

    lock_take(&c->lock);
    count_frees_locked(c, s, freed);
    if (!empty)
        file_locked(c, s);
    lock_give(&c->lock);
    if (empty)
        mheap_free(s);
}

static struct mspan *next_unswept(struct central *c)
{
    struct mspan *s;

    lock_take(&c->lock);
    s = pop(&c->partial[!swept_index()]);
    if (s == NULL)
        s = pop(&c->full[!swept_index()]);
    lock_give(&c->lock);
    return s;
}

void mcentral_sweep_all(void)
{
    for (uint32_t i = 0; i < MHEAP_CLASSES; i++) {
        struct mspan *s;

        while ((s = next_unswept(&centrals[i])) != NULL)
            sweep_and_file(&centrals[i], s);
    }
}

void mcentral_stats(uint32_t spanclass, struct mcentral_stats *out)
{
    struct central *c = &centrals[spanclass];

    lock_take(&c->lock);
    *out = c->stats;
    lock_give(&c->lock);
}

/* I1 to I3 for one list. */
static int check_list(const struct mspan *s, uint32_t spanclass, bool swept, bool full)
{
    for (; s; s = s->next) {
        if (mheap_sweepgen() - s->sweepgen != (swept ? 0 : 2))
            return 1;
        if (swept && (s->alloccount == s->nelems) != full)
            return 2;
        if (s->incache || s->spanclass != spanclass)
            return 3;
    }
    return 0;
}

int mcentral_check(void)
{
    for (uint32_t i = 0; i < MHEAP_CLASSES; i++) {
        struct central *c = &centrals[i];
        int broken = 0;

        lock_take(&c->lock);
        for (uint32_t k = 0; k < 2 && !broken; k++) {
            broken = check_list(c->partial[k], i, k == swept_index(), false);
            if (!broken)
                broken = check_list(c->full[k], i, k == swept_index(), true);
        }
        if (!broken && (c->stats.frees > c->stats.mallocs
                        || c->stats.free_bytes > c->stats.malloc_bytes))
            broken = 4;
        lock_give(&c->lock);
        if (broken)
            return broken;
    }
    return 0;
}

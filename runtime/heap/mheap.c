/*
 * mheap.c - spans: pages with a purpose.
 *
 * One range of addresses is reserved for the whole heap and never moves: 64 GiB, or half of
 * what fits where the address space is limited. Its pages are in `pages`; beside it lies the
 * page map, one pointer a page, which is how an address finds its span. Span records come
 * from off-heap pools, together with their two bitmaps, one pool for each bitmap length.
 *
 * Invariants, checked by mheap_check while nobody allocates:
 *   I1  pages_check holds
 *   I2  a page of a span has that span in the page map; all other pages have NULL
 *   I3  the spans' pages and the free pages are all pages that are usable
 *   I4  mspan_check holds for every span, and its record is counted in its pool
 *   I5  a span's sweepgen is the heap's, or lower by 2
 *
 * Locks: heap.lock (LOCK_MHEAP) protects pages, pools and all writes to the page map.
 *
 * Orders:
 *   (A) the release store of a page map entry pairs with mheap_span_of's acquire load: who
 *       finds a span sees its fields set.
 *   (B) the release store of `usable` pairs with mheap_span_of's acquire load: below it the
 *       page map can be read.
 *
 * Refused: Go's two-level table of 64 MiB arenas. It lets the heap lie anywhere; one range
 * makes "is this a heap pointer" one comparison.
 *
 * Go: mheap.allocSpan, freeSpanLocked, spanOf in runtime/mheap.go. Module 36, read with
 * exercise 4.
 */
#include "mheap.h"

#include "fatal.h"
#include "fixalloc.h"
#include "knobs.h"
#include "lock.h"
#include "mcache.h"
#include "mcentral.h"
#include "os.h"
#include "pages.h"
#include "san.h"
#include "sizeclass.h"

#include <stdatomic.h>
#include <string.h>

#define RESERVE_MOST  ((size_t)64 << 30)
#define RESERVE_LEAST ((size_t)8 << 20)

enum { CHUNK_BYTES = PAGES_CHUNK * PAGE_SIZE };

typedef struct mspan *_Atomic map_entry;

static struct {
    /* Set by mheap_init, before anyone else can know of the heap. */
    _Atomic bool ready;
    uintptr_t base;
    size_t bytes;               /* reserved */
    map_entry *map;             /* one a page */
    struct knobs knobs;

    /* Changed by mheap_sweep only, while all others are stopped. */
    _Atomic uint32_t sweepgen;

    /* Written under lock, read by all: bytes from base on that are usable; see (B). */
    _Atomic size_t usable;

    /* lock protects the rest. */
    struct lock lock;
    struct pages pages;
    size_t mapped;              /* bytes of the page map that are usable */
    struct fixalloc pool[MSPAN_WORDS_MAX + 1];  /* [w]: records with bitmaps of w words */
    size_t spans;
} heap = {.lock = LOCK_INIT(LOCK_MHEAP)};

/* Reserves the heap's range. Where 64 GiB do not fit under a limit, half of what does fit:
   the rest is for the C library and for stacks. */
static uintptr_t reserve(size_t *bytes)
{
    size_t size = RESERVE_MOST;
    void *p = os_reserve(size, CHUNK_BYTES);

    while (p == NULL && size > RESERVE_LEAST) {
        size /= 2;
        p = os_reserve(size, CHUNK_BYTES);
    }
    if (p == NULL)
        rt_throw("mheap", "out of memory: no address space for the heap");
    if (size < RESERVE_MOST) {
        size /= 2;
        os_unreserve((char *)p + size, size);
    }
    *bytes = size;
    return (uintptr_t)p;
}

static void make_heap(void)
{
    size_t npages;

    heap.knobs = knobs_read();
    heap.base = reserve(&heap.bytes);
    npages = heap.bytes / PAGE_SIZE;
    heap.map = os_reserve(npages * sizeof *heap.map, OS_PAGE);
    if (heap.map == NULL || !pages_init(&heap.pages, heap.base, npages))
        rt_throw("mheap", "out of memory: no room for the heap's own tables");
    for (uint32_t w = 1; w <= MSPAN_WORDS_MAX; w++)
        fixalloc_init(&heap.pool[w], sizeof(struct mspan) + 2 * w * sizeof(uint64_t),
                      FIXALLOC_ALIGN);
    san_heap((void *)heap.base, heap.bytes);
}

void mheap_init(void)
{
    if (atomic_load_explicit(&heap.ready, memory_order_acquire))
        return;
    lock_take(&heap.lock);
    if (!atomic_load_explicit(&heap.ready, memory_order_relaxed)) {
        make_heap();
        atomic_store_explicit(&heap.ready, true, memory_order_release);
    }
    lock_give(&heap.lock);
}

/* Makes n more pages usable, and their part of the page map before them. */
static bool grow_locked(size_t n)
{
    size_t more = (n + PAGES_CHUNK - 1) / PAGES_CHUNK * PAGES_CHUNK;
    size_t want = (heap.pages.grown + more) * sizeof *heap.map;

    lock_assert_held(&heap.lock);
    if (n > heap.pages.npages - heap.pages.grown)
        return false;
    if (want > heap.mapped) {
        if (!os_commit((char *)heap.map + heap.mapped, want - heap.mapped))
            return false;
        heap.mapped = want;
    }
    if (!pages_grow(&heap.pages, n))
        return false;
    atomic_store_explicit(&heap.usable, heap.pages.grown * PAGE_SIZE, memory_order_release);
    return true;                                                            /* (B) */
}

static void map_locked(uintptr_t base, size_t npages, struct mspan *s)
{
    size_t first = (base - heap.base) / PAGE_SIZE;

    for (size_t i = 0; i < npages; i++)
        atomic_store_explicit(&heap.map[first + i], s, memory_order_release);     /* (A) */
}

struct mspan *mheap_alloc(uint32_t spanclass, size_t npages)
{
    size_t elemsize = spanclass / 2 ? sizeclass_size(spanclass / 2) : npages * PAGE_SIZE;
    uint32_t words = mspan_words((uint32_t)(npages * PAGE_SIZE / elemsize));
    struct mspan *s;
    bool needzero = false;
    uintptr_t base = 0;

    lock_take(&heap.lock);
    s = fixalloc_get(&heap.pool[words]);
    if (s)
        base = pages_alloc(&heap.pages, npages, &needzero);
    if (s && base == 0 && grow_locked(npages))
        base = pages_alloc(&heap.pages, npages, &needzero);
    if (base == 0) {
        if (s)
            fixalloc_put(&heap.pool[words], s);
        lock_give(&heap.lock);
        return NULL;
    }
    s->spanclass = (uint8_t)spanclass;
    s->noscan = spanclass & 1;
    s->needzero = needzero || san_watching();
    s->sweepgen = mheap_sweepgen();
    mspan_init(s, base, npages, elemsize, (uint64_t *)(s + 1), (uint64_t *)(s + 1) + words);
    map_locked(base, npages, s);
    heap.spans++;
    lock_give(&heap.lock);
    san_hide((void *)base, npages * PAGE_SIZE);
    return s;
}

void mheap_free(struct mspan *s)
{
    uint32_t words = mspan_words(s->nelems);

    lock_take(&heap.lock);
    map_locked(s->base, s->npages, NULL);
    pages_free(&heap.pages, s->base, s->npages);
    fixalloc_put(&heap.pool[words], s);
    heap.spans--;
    lock_give(&heap.lock);
}

struct mspan *mheap_span_of(const void *addr)
{
    size_t offset = (uintptr_t)addr - heap.base;

    if (offset >= atomic_load_explicit(&heap.usable, memory_order_acquire))     /* (B) */
        return NULL;
    return atomic_load_explicit(&heap.map[offset / PAGE_SIZE], memory_order_acquire);  /* (A) */
}

bool mheap_mark(const void *ptr)
{
    struct mspan *s = mheap_span_of(ptr);
    uint32_t i;

    if (s == NULL)
        return false;
    i = s->spanclass < 2 ? 0 : mspan_index(s, (uintptr_t)ptr);
    return i < s->nelems && !mspan_is_free(s, i) && mspan_mark(s, i);
}

void mheap_sweep_begin(void)
{
    mcentral_sweep_all();       /* no span may miss two flips */
    mcache_release_all();
    atomic_fetch_add_explicit(&heap.sweepgen, 2, memory_order_relaxed);
}

void mheap_sweep_end(void)
{
    mcentral_sweep_all();
}

void mheap_sweep(void)
{
    mheap_sweep_begin();
    mheap_sweep_end();
}

uint32_t mheap_sweepgen(void)
{
    return atomic_load_explicit(&heap.sweepgen, memory_order_relaxed);
}

void mheap_stats(struct mheap_stats *out)
{
    *out = (struct mheap_stats){0};
    lock_take(&heap.lock);
    out->sys = heap.pages.grown * PAGE_SIZE;
    out->inuse = (heap.pages.grown - heap.pages.nfree) * PAGE_SIZE;
    if (heap.pages.grown > heap.pages.untouched)
        out->released = (heap.pages.grown - heap.pages.untouched) * PAGE_SIZE;
    for (uint32_t w = 1; w <= MSPAN_WORDS_MAX; w++) {
        out->span_sys += heap.pool[w].sys;
        out->span_inuse += heap.pool[w].inuse * heap.pool[w].size;
    }
    out->map_sys = heap.mapped;
    out->table_sys = heap.pages.metadata;
    out->spans = heap.spans;
    lock_give(&heap.lock);
}

static struct mspan *entry_locked(size_t page)
{
    return atomic_load_explicit(&heap.map[page], memory_order_relaxed);
}

/* Looks at the span that begins at `page`: I2, I4, I5. */
static int check_span_locked(size_t page, const struct mspan *s)
{
    uint32_t behind = mheap_sweepgen() - s->sweepgen;

    if (s->base != heap.base + page * PAGE_SIZE || s->npages == 0
        || s->npages > heap.pages.grown - page)
        return 2;
    for (size_t i = page; i < page + s->npages; i++)
        if (entry_locked(i) != s || (heap.pages.bits[i / 64] >> (i % 64) & 1))
            return 2;
    if (mspan_check(s) != 0)
        return 4;
    return behind == 0 || behind == 2 ? 0 : 5;
}

static int check_spans_locked(void)
{
    size_t page = 0, inuse = 0, spans = 0, records = 0;

    while (page < heap.pages.grown) {
        const struct mspan *s = entry_locked(page);
        int broken;

        if (s == NULL) {
            page++;
            continue;
        }
        broken = check_span_locked(page, s);
        if (broken)
            return broken;
        page += s->npages;
        inuse += s->npages;
        spans++;
    }
    for (uint32_t w = 1; w <= MSPAN_WORDS_MAX; w++)
        records += heap.pool[w].inuse;
    if (inuse + heap.pages.nfree != heap.pages.grown)
        return 3;
    return spans == heap.spans && spans == records ? 0 : 4;
}

int mheap_check(void)
{
    int broken;

    lock_take(&heap.lock);
    broken = pages_check(&heap.pages) == 0 ? 0 : 1;
    for (uint32_t w = 1; w <= MSPAN_WORDS_MAX && !broken; w++)
        broken = fixalloc_check(&heap.pool[w]) == 0 ? 0 : 4;
    if (!broken)
        broken = check_spans_locked();
    lock_give(&heap.lock);
    return broken;
}

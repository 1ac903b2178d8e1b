/*
 * memstats.c - adds up what the rooms of the heap have counted.
 *
 * Nothing is counted here. Centrals count objects when spans leave caches, caches count
 * tiny objects, the page heap knows its pages; a reading publishes the caller's own cache
 * first, so that one thread always sees its last allocation.
 *
 * Invariants, checked by memstats_check:
 *   I1  heap_sys == heap_inuse + heap_idle, and heap_released <= heap_idle
 *   I2  heap_objects == mallocs - frees, and heap_alloc <= heap_inuse
 *   I3  sys is the sum of the five sums that end in _sys
 *   I4  the classes' mallocs and frees together are at most all mallocs and frees
 *
 * A tiny object that shares its block is a malloc and a free at once, as in Go: the block is
 * what lives.
 *
 * Refused: stopping the other threads, as Go does. Without a scheduler nobody could; what
 * they still hold is counted when their spans are used up, or when they end.
 *
 * Go: readmemstats_m in runtime/mstats.go. Read with module 45.
 */
#include "memstats.h"

#include "mcache.h"
#include "mcentral.h"
#include "mheap.h"
#include "os.h"
#include "self.h"
#include "sizeclass.h"

static void add_objects(struct gort_memstats *m)
{
    uint64_t freed_bytes = 0;

    for (uint32_t i = 0; i < MHEAP_CLASSES; i++) {
        uint32_t sizeclass = i / 2;
        struct mcentral_stats s;

        mcentral_stats(i, &s);
        m->mallocs += s.mallocs;
        m->frees += s.frees;
        m->total_alloc += s.malloc_bytes;
        freed_bytes += s.free_bytes;
        if (sizeclass > 0 && sizeclass < GORT_BY_SIZE) {
            m->by_size[sizeclass].size = sizeclass_size(sizeclass);
            m->by_size[sizeclass].mallocs += s.mallocs;
            m->by_size[sizeclass].frees += s.frees;
        }
    }
    m->heap_alloc = m->total_alloc - freed_bytes;
}

static void add_memory(struct gort_memstats *m, const struct mcache_stats *cache)
{
    struct mheap_stats heap;

    mheap_stats(&heap);
    m->heap_sys = heap.sys;
    m->heap_inuse = heap.inuse;
    m->heap_idle = heap.sys - heap.inuse;
    m->heap_released = heap.released;
    m->mspan_inuse = heap.span_inuse;
    m->mspan_sys = heap.span_sys;
    m->mcache_inuse = cache->inuse;
    m->mcache_sys = cache->sys;
    m->gc_sys = heap.map_sys + heap.table_sys;
    m->other_sys = os_metadata_bytes() - heap.span_sys - cache->sys - heap.table_sys;
    m->sys = m->heap_sys + m->mspan_sys + m->mcache_sys + m->gc_sys + m->other_sys;
}

void gort_read_memstats(struct gort_memstats *out)
{
    struct mcache_stats cache;

    *out = (struct gort_memstats){0};
    if (self_cache())
        mcache_publish(self_cache());
    mcache_stats(&cache);
    add_objects(out);
    add_memory(out, &cache);
    out->mallocs += cache.tiny;
    out->frees += cache.tiny;
    out->heap_objects = out->mallocs - out->frees;
}

int memstats_check(const struct gort_memstats *m)
{
    uint64_t mallocs = 0, frees = 0;

    for (uint32_t i = 0; i < GORT_BY_SIZE; i++) {
        mallocs += m->by_size[i].mallocs;
        frees += m->by_size[i].frees;
    }
    if (m->heap_sys != m->heap_inuse + m->heap_idle || m->heap_released > m->heap_idle)
        return 1;
    if (m->heap_objects != m->mallocs - m->frees || m->heap_alloc > m->heap_inuse)
        return 2;
    if (m->sys != m->heap_sys + m->mspan_sys + m->mcache_sys + m->gc_sys + m->other_sys)
        return 3;
    return mallocs <= m->mallocs && frees <= m->frees ? 0 : 4;
}

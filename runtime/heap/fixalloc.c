/*
 * fixalloc.c - records of one size, outside the collected heap.
 *
 * Chunks from the system are handed out from front to back; what comes back goes on a list
 * that is used first. Memory is never given back to the system.
 *
 * Invariants, checked by fixalloc_check:
 *   I1  left is smaller than a chunk and fresh is aligned
 *   I2  inuse, the list and the fresh records together are what the chunks hold
 *
 * Refused: checking that a record comes back once only. Its callers hold a record exactly
 * as long as it is in the page map or in the list of caches, which they check.
 *
 * Go: runtime/mfixalloc.go. Module 36, read with exercise 4.
 */
#include "fixalloc.h"

#include "fatal.h"
#include "os.h"

#include <string.h>

void fixalloc_init(struct fixalloc *f, size_t size, size_t align)
{
    *f = (struct fixalloc){.size = (size + align - 1) & ~(align - 1), .align = align};
    INVARIANT("fixalloc", align >= FIXALLOC_ALIGN && align <= OS_PAGE && f->size <= FIXALLOC_CHUNK);
}

/* What a chunk is good for: whole records. */
static size_t chunk_bytes(const struct fixalloc *f)
{
    return FIXALLOC_CHUNK / f->size * f->size;
}

void *fixalloc_get(struct fixalloc *f)
{
    char *record = f->free;

    if (record) {
        memcpy(&f->free, record, sizeof f->free);
        memset(record, 0, f->size);
        f->inuse++;
        return record;
    }
    if (f->left == 0) {
        char *chunk = os_metadata(FIXALLOC_CHUNK);

        if (chunk == NULL)
            return NULL;
        f->fresh = chunk;
        f->left = chunk_bytes(f);
        f->sys += FIXALLOC_CHUNK;
    }
    record = f->fresh;
    f->fresh += f->size;
    f->left -= f->size;
    f->inuse++;
    return record;
}

void fixalloc_put(struct fixalloc *f, void *record)
{
    memcpy(record, &f->free, sizeof f->free);
    f->free = record;
    f->inuse--;
}

int fixalloc_check(const struct fixalloc *f)
{
    size_t records = f->sys / FIXALLOC_CHUNK * (FIXALLOC_CHUNK / f->size);
    size_t known = f->inuse + f->left / f->size;
    const void *at = f->free;

    if (f->left > chunk_bytes(f) || f->left % f->size != 0 || (uintptr_t)f->fresh % f->align != 0)
        return 1;
    while (at && known <= records) {
        memcpy(&at, at, sizeof at);
        known++;
    }
    return known == records ? 0 : 2;
}

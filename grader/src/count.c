/*
 * count.c - counts what the student's object allocates, and where.
 *
 * A block of the malloc family is remembered by its address in a table of our own, and
 * each calling line has a site. Memory of the collected heap is only counted: nobody has
 * to free it.
 *
 * Invariants:
 *   I1  a slot of `block` is free (hidden == 0), or holds a block that was not yet freed
 *   I2  total.live is the number of such slots, plus what did not fit
 * Locks: `busy`, a spin lock of this file, protects everything in it.
 *
 * Behind each block lies a tail of known bytes, which is looked at when the block is freed and at
 * the end: a room that behaves only where it sees memcheck is found out without it. Under
 * Valgrind there is no tail, so that memcheck sees the first byte too far.
 *
 * A header in front of each block would be simpler, but then a block that the student
 * got from elsewhere could not be freed, and overruns would hit our header first.
 */
#include "count.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>
#include <valgrind/valgrind.h>

#include "gort.h"
#include "sizeclass.h"

enum {
    BLOCKS = 1 << 17,           /* a power of two, twice what a test may hold */
    SITES = 256,
    TAIL = 8,                   /* bytes behind each block that nobody may write */
};

struct block {
    uintptr_t hidden;           /* ~ its address: memcheck must not find the block through us */
    uint32_t site;
    uint32_t bytes;
};

static struct {
    atomic_flag busy;
    struct gt_counts total;     /* since the process began */
    struct gt_counts mark;      /* total at gt_start */
    struct gt_counts measured;  /* set by gt_stop */
    bool stopped;               /* gt_stop was called, and no gt_start since: sites rest */
    unsigned fail_at;           /* allocations until they fail; 0: never */
    struct ledger_overrun overrun;
    uint32_t nsites;
    struct ledger_site site[SITES];
    struct block block[BLOCKS];
} count;                        /* all zero, so that its 2 MiB take no room in the program */

static void count_lock(void)
{
    while (atomic_flag_test_and_set_explicit(&count.busy, memory_order_acquire))
        ;
}

static void count_unlock(void)
{
    atomic_flag_clear_explicit(&count.busy, memory_order_release);
}

/* The calling line's site; the last one takes all that no longer fit. */
static uint32_t site_of(void *caller)
{
    uint64_t address = (uint64_t)(uintptr_t)caller - 1;
    uint32_t i;

    for (i = 0; i < count.nsites; i++)
        if (count.site[i].address == address)
            return i;
    if (count.nsites == SITES)
        return SITES - 1;
    count.site[count.nsites].address = address;
    return count.nsites++;
}

static uint32_t slot_of(uintptr_t p)
{
    return (uint32_t)((p >> 4) * 0x9e3779b97f4a7c15ull >> 40) & (BLOCKS - 1);
}

static uint32_t after(uint32_t i)
{
    return (i + 1) & (BLOCKS - 1);
}

static void remember(uintptr_t p, uint32_t site, size_t bytes)
{
    uint32_t i = slot_of(p), tries = 0;

    while (count.block[i].hidden != 0 && tries++ < BLOCKS)
        i = after(i);
    if (count.block[i].hidden == 0)
        count.block[i] = (struct block){~p, site, (uint32_t)bytes};
}

/* Takes p's entry out and closes the gap behind it, as linear probing wants. */
static bool forget(uintptr_t p, struct block *out)
{
    uint32_t i = slot_of(p), j;

    for (; count.block[i].hidden != ~p; i = after(i))
        if (count.block[i].hidden == 0)
            return false;
    *out = count.block[i];
    count.block[i].hidden = 0;
    for (j = after(i); count.block[j].hidden != 0; j = after(j)) {
        struct block moved = count.block[j];
        count.block[j].hidden = 0;
        remember(~moved.hidden, moved.site, moved.bytes);
    }
    return true;
}

/* How much to ask the library for, so that a block of n bytes has its tail. */
static size_t with_tail(size_t n)
{
    return RUNNING_ON_VALGRIND || n > PTRDIFF_MAX - TAIL ? n : n + TAIL;
}

/* The tail depends on the address: to copy one from another block does not help. */
static uint64_t tail_of(uintptr_t p)
{
    return (p ^ 0x5a5aa5a5c3c33c3cull) * 0x9e3779b97f4a7c15ull;
}

static void tail_put(uintptr_t p, size_t bytes)
{
    uint64_t tail = tail_of(p);

    if (!RUNNING_ON_VALGRIND)
        memcpy((char *)p + bytes, &tail, TAIL);
}

/* Notes when somebody wrote behind a block. */
static void tail_check(const struct block *b)
{
    uint64_t tail = tail_of(~b->hidden);

    if (RUNNING_ON_VALGRIND || memcmp((char *)~b->hidden + b->bytes, &tail, TAIL) == 0)
        return;
    count.overrun.blocks++;
    count.overrun.bytes = b->bytes;
    count.overrun.address = count.site[b->site].address;
}

/* Books a new block: `collected` ones are never freed by hand. */
static void book(void *p, size_t bytes, void *caller, bool collected)
{
    uint32_t site;

    if (p == NULL)
        return;
    count_lock();
    site = site_of(caller);
    count.total.allocs++;
    count.total.bytes += bytes;
    if (!count.stopped) {
        count.site[site].allocs++;
        count.site[site].bytes += bytes;
    }
    if (!collected) {
        count.total.live++;
        count.total.live_bytes += bytes;
        count.site[site].live++;
        count.site[site].live_bytes += bytes;
        remember((uintptr_t)p, site, bytes);
        tail_put((uintptr_t)p, bytes);
    }
    count_unlock();
}

/* Forgets the block p, and says in *out what it was. False when p is none of the student's:
   it came from the library, or is wild. */
static bool unbook(void *p, struct block *out)
{
    bool ours;

    count_lock();
    ours = forget((uintptr_t)p, out);
    if (ours) {
        tail_check(out);
        count.total.frees++;
        count.total.live--;
        count.total.live_bytes -= out->bytes;
        count.site[out->site].live--;
        count.site[out->site].live_bytes -= out->bytes;
    }
    count_unlock();
    return ours;
}

/* Whether this allocation must fail, as gt_fail_at asked. */
static bool must_fail(void)
{
    bool fail;

    count_lock();
    fail = count.fail_at == 1;
    if (count.fail_at > 1)
        count.fail_at--;
    count_unlock();
    if (fail)
        errno = ENOMEM;
    return fail;
}

#define CALLER __builtin_return_address(0)

void *gt_malloc(size_t n);
void *gt_calloc(size_t n, size_t size);
void *gt_realloc(void *p, size_t n);
void *gt_reallocarray(void *p, size_t n, size_t size);
void *gt_aligned_alloc(size_t align, size_t n);
int gt_posix_memalign(void **out, size_t align, size_t n);
char *gt_strdup(const char *s);
char *gt_strndup(const char *s, size_t n);
void *gt_gort_alloc(size_t n, const struct rtype *type);

void *gt_malloc(size_t n)
{
    void *p = must_fail() ? NULL : malloc(with_tail(n));

    book(p, n, CALLER, false);
    return p;
}

void *gt_calloc(size_t n, size_t size)
{
    size_t bytes;
    void *p;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    p = must_fail() ? NULL : calloc(1, with_tail(bytes));
    book(p, bytes, CALLER, false);
    return p;
}

/* A realloc is one allocation, and a free of the old block when it succeeds. */
static void *resize(void *p, size_t n, void *caller)
{
    struct block old;
    bool ours;
    void *q;

    if (must_fail())
        return NULL;
    ours = p != NULL && unbook(p, &old);
    q = realloc(p, p != NULL && n == 0 ? 0 : with_tail(n));
    if (q == NULL && n != 0 && ours)
        book(p, old.bytes, caller, false);
    else
        book(q, n, caller, false);
    return q;
}

void *gt_realloc(void *p, size_t n)
{
    return resize(p, n, CALLER);
}

void *gt_reallocarray(void *p, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return resize(p, bytes, CALLER);
}

void *gt_aligned_alloc(size_t align, size_t n)
{
    void *p = must_fail() ? NULL : aligned_alloc(align, with_tail(n));

    book(p, n, CALLER, false);
    return p;
}

int gt_posix_memalign(void **out, size_t align, size_t n)
{
    int status = must_fail() ? ENOMEM : posix_memalign(out, align, with_tail(n));

    if (status == 0)
        book(*out, n, CALLER, false);
    return status;
}

static char *copy_text(const char *s, size_t len, void *caller)
{
    char *p = must_fail() ? NULL : malloc(with_tail(len + 1));

    if (p != NULL) {
        memcpy(p, s, len);
        p[len] = '\0';
    }
    book(p, len + 1, caller, false);
    return p;
}

char *gt_strdup(const char *s)
{
    return copy_text(s, strlen(s), CALLER);
}

char *gt_strndup(const char *s, size_t n)
{
    return copy_text(s, strnlen(s, n), CALLER);
}

void gt_free(void *p)
{
    struct block old;

    if (p != NULL)
        unbook(p, &old);
    free(p);
}

/* The bytes are those that the heap really gives: Go's statistics count the same way. */
void *gt_gort_alloc(size_t n, const struct rtype *type)
{
    void *p = gort_alloc(n, type);

    if (n != 0)
        book(p, sizeclass_round(n), CALLER, true);
    return p;
}

struct gt_counts gt_counts(void)
{
    struct gt_counts now;

    count_lock();
    now = count.total;
    now.allocs -= count.mark.allocs;
    now.bytes -= count.mark.bytes;
    now.frees -= count.mark.frees;
    count_unlock();
    return now;
}

void gt_start(void)
{
    uint32_t i;

    count_lock();
    count.mark = count.total;
    for (i = 0; i < count.nsites; i++)
        count.site[i].allocs = count.site[i].bytes = 0;
    count.stopped = false;
    count_unlock();
    CALLGRIND_ZERO_STATS;
}

void gt_stop(void)
{
    CALLGRIND_DUMP_STATS;
    count.measured = gt_counts();
    count.stopped = true;
}

void gt_fail_at(unsigned k)
{
    count.fail_at = k;
}

void count_report(struct ledger *l)
{
    uint32_t i, j;

    if (!count.stopped)
        gt_stop();
    l->measured = count.measured;
    l->total = count.total;
    for (i = 0; i < BLOCKS; i++)
        if (count.block[i].hidden != 0)
            tail_check(&count.block[i]);
    l->overrun = count.overrun;
    for (i = 0; i < LEDGER_SITES; i++) {
        uint32_t best = 0;
        uint64_t most = 0;
        for (j = 0; j < count.nsites; j++) {
            uint64_t weight = count.site[j].allocs + count.site[j].live;
            if (count.site[j].address != 0 && weight > most) {
                most = weight;
                best = j;
            }
        }
        if (most == 0)
            break;
        l->site[i] = count.site[best];
        count.site[best].address = 0;
    }
}

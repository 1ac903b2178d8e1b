/*
 * gstack.c - stacks for goroutines, in slots of one arena.
 *
 * Address space is reserved once for all stacks there can ever be; it costs nothing. It is
 * made usable in steps of several slots, in address order, so that the kernel keeps it as
 * one mapping. A page of it becomes memory when somebody touches it: a goroutine that is
 * parked near the start of its stack holds one page.
 *
 *     lo                                                            lo + GSTACK_SLOT
 *     | guard | canary ...   free   ... <- frames | struct gstack | colour |
 *
 * Free stacks keep their memory, up to a mark; the ones above it are trimmed: their pages go
 * back to the system and only their number is kept, outside. A stack that was used stays in
 * the middle of its first function (sched.c), so using it again is one switch.
 *
 * Colour: if every record and stack began at the same offset, all their lines would fall into
 * the same few sets of the cache. Sixteen places, two lines apart, avoid that.
 *
 * Canary: the lowest bytes above the guard are zero and nobody ever gets there, so they are
 * read and never written: reading maps the kernel's one page of zeros, writing would cost a
 * page for each goroutine. It is what is left when no guard can be had.
 *
 * Invariants, checked by gstack_check:
 *   I1  the record is where gstack_of finds it, and the context is about that slot
 *   I2  the canary is zero
 *   I3  of a stack that does not run, sp is on the stack
 *
 * Locks: arena.lock (LOCK_GSTACK) protects everything but `base` and `bytes`.
 *
 * Refused: a mapping for each stack with a guard page, as threads have. Each would be two
 * mappings, and 32,000 goroutines the end.
 * Refused: giving the pages back when a goroutine ends. The next one wants them at once.
 *
 * Go: stackalloc, stackfree, stackcacherelease in runtime/stack.go. Module 44.
 */
#include "gstack.h"

#include "fatal.h"
#include "lock.h"
#include "os.h"
#include "san.h"
#include "thread.h"

#include <stdatomic.h>
#include <string.h>

enum {
    STEP = 8 << 20,             /* bytes that become usable at a time */
    CANARY_WORDS = 8,
};

/* Sanitizers and Valgrind map the address space for themselves, and ThreadSanitizer knows at
   most 8,128 contexts. */
static const size_t RESERVE_MOST = (size_t)1 << 39, RESERVE_WATCHED = (size_t)1 << 31;
static const size_t RESERVE_LEAST = (size_t)1 << 26;

static struct {
    /* Set once, before sharing: */
    uintptr_t base;
    size_t bytes;
    void (*fn)(void);

    struct lock lock;           /* protects the rest */
    _Atomic uint32_t used;      /* slots ever given out: the first ones; read without it too */
    uint32_t usable;            /* slots that are committed */
    struct gstack *free;
    uint32_t nfree;
    uint32_t *trimmed;          /* slot numbers */
    uint32_t ntrimmed;
    bool unguarded;             /* said once */
} arena = {.lock = LOCK_INIT(LOCK_GSTACK)};

static uintptr_t slot_base(const struct gstack *s)
{
    return (uintptr_t)s & ~(uintptr_t)(GSTACK_SLOT - 1);
}

static struct gstack *record_of(uint32_t slot)
{
    return gstack_of(arena.base + (size_t)slot * GSTACK_SLOT);
}

void gstack_begin_with(struct gstack *s, void (*fn)(void))
{
    ctx_make(&s->ctx, slot_base(s) + GSTACK_GUARD, (uintptr_t)s, gstack_top(s), fn);
}

void gstack_init(void (*fn)(void))
{
    size_t size = san_watching() || CTX_TSAN ? RESERVE_WATCHED : RESERVE_MOST;
    void *p = os_reserve(size, GSTACK_SLOT);

    while (p == NULL && size > RESERVE_LEAST) {
        size /= 2;
        p = os_reserve(size, GSTACK_SLOT);
    }
    if (p == NULL)
        rt_throw("gstack", "out of memory: no address space for goroutine stacks");
    arena.trimmed = os_metadata(size / GSTACK_SLOT * sizeof *arena.trimmed);
    if (arena.trimmed == NULL)
        rt_throw("gstack", "out of memory: no list of trimmed stacks");
    arena.base = (uintptr_t)p;
    arena.bytes = size;
    arena.fn = fn;
}

uintptr_t gstack_arena(size_t *size)
{
    *size = arena.bytes;
    return arena.base;
}

static void say_unguarded_locked(void)
{
    static const char words[] =
        "runtime: no more guard pages; overflows of further stacks are found late\n";

    if (!arena.unguarded)
        os_write(2, words, sizeof words - 1);
    arena.unguarded = true;
}

/* Makes the next step of the arena usable. */
static void commit_locked(void)
{
    char *p = (char *)arena.base + (size_t)arena.usable * GSTACK_SLOT;

    if ((uintptr_t)p - arena.base + STEP > arena.bytes)
        rt_throw("gstack", "out of memory: every slot for a goroutine stack is in use");
    if (!os_commit(p, STEP))
        rt_throw("gstack", "out of memory: goroutine stacks cannot grow in number");
    thread_small_pages(p, STEP);
    san_heap(p, STEP);
    arena.usable += STEP / GSTACK_SLOT;
}

/* A slot that was never used. */
static struct gstack *new_locked(void)
{
    const char *how;
    struct gstack *s;

    if (arena.used == arena.usable)
        commit_locked();
    s = record_of(arena.used++);
    if (!thread_guard((void *)slot_base(s), GSTACK_GUARD, &how))
        say_unguarded_locked();
    ctx_register(slot_base(s) + GSTACK_GUARD, (uintptr_t)s);
    gstack_begin_with(s, arena.fn);
    return s;
}

struct gstack *gstack_get(void)
{
    struct gstack *s;

    lock_take(&arena.lock);
    s = arena.free;
    if (s) {
        arena.free = s->next;
        arena.nfree--;
    } else if (arena.ntrimmed > 0) {
        s = record_of(arena.trimmed[--arena.ntrimmed]);
        gstack_begin_with(s, arena.fn);
    } else {
        s = new_locked();
    }
    lock_give(&arena.lock);
    return s;
}

void gstack_put(struct gstack *first, uint32_t n)
{
    struct gstack *last = first;

    while (last->next)
        last = last->next;
    lock_take(&arena.lock);
    last->next = arena.free;
    arena.free = first;
    arena.nfree += n;
    lock_give(&arena.lock);
}

/* ThreadSanitizer's fiber lies in the record and would be lost: nothing is trimmed there. */
void gstack_trim(void)
{
    lock_take(&arena.lock);
    while (!CTX_TSAN && arena.nfree > GSTACK_KEEP) {
        struct gstack *s = arena.free;
        uintptr_t lo = slot_base(s);

        arena.free = s->next;
        arena.nfree--;
        arena.trimmed[arena.ntrimmed++] = (uint32_t)((lo - arena.base) / GSTACK_SLOT);
        if (!os_release((void *)(lo + GSTACK_GUARD), GSTACK_SLOT - GSTACK_GUARD))
            memset(s, 0, sizeof *s);
    }
    lock_give(&arena.lock);
}

struct gstack *gstack_at(uintptr_t addr)
{
    if (addr - arena.base >= arena.bytes)
        return NULL;
    if ((addr - arena.base) / GSTACK_SLOT
        >= atomic_load_explicit(&arena.used, memory_order_relaxed))
        return NULL;
    return gstack_of(addr);
}

bool gstack_is_guard(uintptr_t addr)
{
    return gstack_at(addr) != NULL && (addr & (GSTACK_SLOT - 1)) < GSTACK_GUARD;
}

void gstack_stats(struct gstack_stats *out)
{
    lock_take(&arena.lock);
    *out = (struct gstack_stats){
        .slots = arena.bytes / GSTACK_SLOT,
        .used = arena.used,
        .free = arena.nfree,
        .trimmed = arena.ntrimmed,
    };
    lock_give(&arena.lock);
}

static bool canary_is_whole(uintptr_t lo)
{
    const uint64_t *word = (const uint64_t *)lo;

    for (int i = 0; i < CANARY_WORDS; i++) {
        if (word[i] != 0)
            return false;
    }
    return true;
}

int gstack_check(const struct gstack *s)
{
    uintptr_t lo = slot_base(s);

    if (gstack_of(lo) != s || s->ctx.lo != lo + GSTACK_GUARD
        || s->ctx.hi != (uintptr_t)s)
        return 1;
    if (!canary_is_whole(s->ctx.lo))
        return 2;
    if ((uintptr_t)s->ctx.sp < s->ctx.lo || (uintptr_t)s->ctx.sp >= s->ctx.hi)
        return 3;
    return 0;
}

/*
 * pages.c - which pages of an address range are free.
 *
 * One bit a page, 1 for free, in chunks of 512. Above the bitmaps stands a tree: each
 * chunk has a summary of three numbers - how many pages are free at its start, at most in
 * a row, and at its end - and eight neighbouring summaries have one summary again, five
 * levels high. A search walks down from the top and only ever enters what can hold the
 * run; a run that crosses chunks is seen as the end of one summary and the start of the
 * next.
 *
 * A free page is a 1 and not a 0 so that the system's zeroed memory already says "nothing
 * is free": the tree of a 64 GiB range costs no page of memory until the heap grows.
 *
 * Invariants, checked by pages_check:
 *   I1  no page from `grown` on is free, and nfree is how many bits are 1
 *   I2  each clean chunk's summary says what its bits say
 *   I3  each summary above clean ones says what the eight below it say
 *   I4  no page from `untouched` on was ever handed out: all of them up to grown are free
 *
 * Refused: a free list of runs by size. It finds some run fast, but not the lowest one, and
 * a heap that prefers low addresses stays dense, so that its top can be given back.
 *
 * Go: find, update, allocRange in runtime/mpagealloc.go, allocNeedsZero in mheap.go. Go
 * updates the tree at every free; we do it at the next search, because a sweep frees
 * thousands of pages in a row. Module 36, read with exercise 4.
 */
#include "pages.h"

#include "fatal.h"
#include "os.h"

enum {
    FIELD = 21,                 /* bits of a number in a packed summary */
    FIELD_MAX = 1 << FIELD,     /* pages under one summary of the last level */
};

/* All of FIELD_MAX pages are free: the one case whose numbers do not fit. */
#define ALL_FREE (UINT64_C(1) << 63)

struct sum {
    size_t start, max, end;     /* free pages in a row: at the start, anywhere, at the end */
};

static uint64_t pack(struct sum s)
{
    if (s.max == FIELD_MAX)
        return ALL_FREE;
    return (uint64_t)s.start | (uint64_t)s.max << FIELD | (uint64_t)s.end << 2 * FIELD;
}

static struct sum unpack(uint64_t packed)
{
    uint64_t mask = FIELD_MAX - 1;

    if (packed == ALL_FREE)
        return (struct sum){FIELD_MAX, FIELD_MAX, FIELD_MAX};
    return (struct sum){packed & mask, packed >> FIELD & mask, packed >> 2 * FIELD & mask};
}

/* Pages under one summary of this level. */
static size_t span_of(int level)
{
    return (size_t)PAGES_CHUNK << (3 * level);
}

/* The first page at or after i whose bit in w is `want`; PAGES_CHUNK when none is. */
static size_t next_bit(const uint64_t *w, size_t i, bool want)
{
    while (i < PAGES_CHUNK) {
        uint64_t word = (want ? w[i / 64] : ~w[i / 64]) >> (i % 64);

        if (word != 0)
            return i + (size_t)__builtin_ctzll(word);
        i = (i / 64 + 1) * 64;
    }
    return PAGES_CHUNK;
}

static struct sum sum_of_bits(const uint64_t *w)
{
    struct sum s = {0, 0, 0};
    size_t lo = next_bit(w, 0, true);

    while (lo < PAGES_CHUNK) {
        size_t hi = next_bit(w, lo, false);

        if (lo == 0)
            s.start = hi;
        if (hi == PAGES_CHUNK)
            s.end = hi - lo;
        if (hi - lo > s.max)
            s.max = hi - lo;
        lo = next_bit(w, hi, true);
    }
    return s;
}

/* One summary for the n <= PAGES_FAN packed ones at q, which cover `each` pages. Only the
   last one of a level has fewer than PAGES_FAN; nothing comes after it. */
static struct sum sum_of_sums(const uint64_t *q, size_t n, size_t each)
{
    struct sum all = {0, 0, 0};

    for (size_t i = 0; i < n; i++) {
        struct sum s = unpack(q[i]);

        if (all.start == i * each)
            all.start += s.start;
        if (s.max > all.max)
            all.max = s.max;
        if (all.end + s.start > all.max)
            all.max = all.end + s.start;
        all.end = s.end == each ? all.end + each : s.end;
    }
    return all;
}

static struct sum sum_of_children(const struct pages *p, int level, size_t i)
{
    size_t first = i * PAGES_FAN;
    size_t n = p->nsum[level - 1] - first;

    return sum_of_sums(p->sum[level - 1] + first, n < PAGES_FAN ? n : PAGES_FAN,
                       span_of(level - 1));
}

/* Brings the summaries of the dirty chunks, and all above them, up to date. */
static void clean(struct pages *p)
{
    size_t lo = p->dirty_lo, hi = p->dirty_hi;

    if (lo >= hi)
        return;
    for (size_t c = lo; c < hi; c++)
        p->sum[0][c] = pack(sum_of_bits(p->bits + c * PAGES_WORDS));
    for (int level = 1; level < PAGES_LEVELS; level++) {
        lo /= PAGES_FAN;
        hi = (hi + PAGES_FAN - 1) / PAGES_FAN;
        for (size_t i = lo; i < hi; i++)
            p->sum[level][i] = pack(sum_of_children(p, level, i));
    }
    p->dirty_lo = SIZE_MAX;
    p->dirty_hi = 0;
}

/* Makes the n pages from `page` on free or taken, and their chunks dirty. */
static void set_range(struct pages *p, size_t page, size_t n, bool free)
{
    size_t end = page + n;

    if (page / PAGES_CHUNK < p->dirty_lo)
        p->dirty_lo = page / PAGES_CHUNK;
    if ((end + PAGES_CHUNK - 1) / PAGES_CHUNK > p->dirty_hi)
        p->dirty_hi = (end + PAGES_CHUNK - 1) / PAGES_CHUNK;
    p->nfree += free ? n : -n;
    while (page < end) {
        size_t in_word = 64 - page % 64;
        size_t k = end - page < in_word ? end - page : in_word;
        uint64_t mask = (k == 64 ? ~UINT64_C(0) : (UINT64_C(1) << k) - 1) << (page % 64);

        INVARIANT("pages", (p->bits[page / 64] & mask) == (free ? 0 : mask));
        p->bits[page / 64] = free ? p->bits[page / 64] | mask : p->bits[page / 64] & ~mask;
        page += k;
    }
}

bool pages_init(struct pages *p, uintptr_t base, size_t npages)
{
    size_t chunks = npages / PAGES_CHUNK;
    size_t words = chunks * PAGES_WORDS, n = chunks;
    uint64_t *at;

    *p = (struct pages){.base = base, .npages = chunks * PAGES_CHUNK, .dirty_lo = SIZE_MAX};
    for (int level = 0; level < PAGES_LEVELS; level++) {
        p->nsum[level] = n;
        words += n;
        n = (n + PAGES_FAN - 1) / PAGES_FAN;
    }
    p->metadata = (words * sizeof *at + OS_PAGE - 1) & ~(size_t)(OS_PAGE - 1);
    at = os_metadata(p->metadata);
    if (at == NULL)
        return false;
    p->bits = at;
    at += chunks * PAGES_WORDS;
    for (int level = 0; level < PAGES_LEVELS; level++) {
        p->sum[level] = at;
        at += p->nsum[level];
    }
    return true;
}

bool pages_grow(struct pages *p, size_t n)
{
    size_t more;

    if (n == 0 || n > p->npages - p->grown)
        return false;
    more = (n + PAGES_CHUNK - 1) / PAGES_CHUNK * PAGES_CHUNK;
    if (!os_commit((void *)(p->base + p->grown * PAGE_SIZE), more * PAGE_SIZE))
        return false;
    set_range(p, p->grown, more, true);
    p->grown += more;
    return true;
}

/* The lowest run of n free pages inside one chunk, which is known to have one. */
static size_t find_in_chunk(const struct pages *p, size_t chunk, size_t n)
{
    const uint64_t *w = p->bits + chunk * PAGES_WORDS;
    size_t lo = next_bit(w, 0, true);

    while (lo < PAGES_CHUNK) {
        size_t hi = next_bit(w, lo, false);

        if (hi - lo >= n)
            return chunk * PAGES_CHUNK + lo;
        lo = next_bit(w, hi, true);
    }
    rt_throw("pages", "a summary promises a run that the bits do not have (I2)");
}

/* Number of the first page of the lowest run of n; SIZE_MAX when there is none. */
static size_t find(const struct pages *p, size_t n)
{
    int level = PAGES_LEVELS - 1;
    size_t i = 0, last = p->nsum[level];
    size_t run = 0;             /* free pages in a row that end just before summary i */

    while (i < last) {
        struct sum s = unpack(p->sum[level][i]);
        size_t each = span_of(level);

        if (run + s.start >= n)                 /* across the border: lower than inside */
            return i * each - run;
        if (s.max >= n) {
            if (level == 0)
                return find_in_chunk(p, i, n);
            level--;
            i *= PAGES_FAN;
            last = i + PAGES_FAN < p->nsum[level] ? i + PAGES_FAN : p->nsum[level];
            run = 0;                            /* what lies before is too short with s.start */
            continue;
        }
        run = s.end == each ? run + each : s.end;
        i++;
    }
    return SIZE_MAX;
}

uintptr_t pages_alloc(struct pages *p, size_t n, bool *needzero)
{
    size_t page;

    clean(p);
    page = n <= p->nfree ? find(p, n) : SIZE_MAX;
    if (page == SIZE_MAX)
        return 0;
    set_range(p, page, n, false);
    *needzero = page < p->untouched;
    if (page + n > p->untouched)
        p->untouched = page + n;
    return p->base + page * PAGE_SIZE;
}

void pages_free(struct pages *p, uintptr_t addr, size_t n)
{
    size_t page = (addr - p->base) / PAGE_SIZE;

    if (addr < p->base || addr % PAGE_SIZE != 0 || page >= p->grown || n > p->grown - page)
        rt_throw("pages", "pages are freed that the heap never had");
    set_range(p, page, n, true);
}

/* I1 and I4, a word at a time; grown is a multiple of 64. */
static int check_bits(const struct pages *p)
{
    size_t nfree = 0;

    for (size_t i = 0; i < p->npages; i += 64) {
        uint64_t word = p->bits[i / 64];
        uint64_t never = ~UINT64_C(0);          /* the word's pages from untouched on */

        if (i < p->untouched)
            never = p->untouched - i < 64 ? never << (p->untouched - i) : 0;
        if (i >= p->grown && word != 0)
            return 1;
        if (i < p->grown && (~word & never) != 0)
            return 4;
        nfree += (size_t)__builtin_popcountll(word);
    }
    return nfree == p->nfree ? 0 : 1;
}

int pages_check(const struct pages *p)
{
    int broken = check_bits(p);

    if (broken || p->dirty_lo < p->dirty_hi)
        return broken;          /* I2 and I3 speak of clean chunks; the next search cleans */
    for (size_t c = 0; c < p->nsum[0]; c++)
        if (p->sum[0][c] != pack(sum_of_bits(p->bits + c * PAGES_WORDS)))
            return 2;
    for (int level = 1; level < PAGES_LEVELS; level++)
        for (size_t i = 0; i < p->nsum[level]; i++)
            if (p->sum[level][i] != pack(sum_of_children(p, level, i)))
                return 3;
    return 0;
}

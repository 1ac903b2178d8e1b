/*
 * ex4_mspan.c - the hidden tests of mspan: every size class, every edge of a bitmap, a
 * model of plain bools, and the runtime's own heap on the student's spans.
 *
 * The size classes are those of Go 1.19.8: oracles/sizeclass.tsv.
 */
#include "gt.h"

#include "mspan.h"

#include "sizeclass_rows.h"

#include "mheap.h"

#include <gort.h>

/* A span and its bitmaps, which the test frees even when the span has lost them. */
struct bench {
    struct mspan s;
    uint64_t *bits[2];
    uint32_t words;
};

/* A span on pages that do not exist. Its bitmaps hold old bits. */
static void bench_open(struct bench *b, size_t npages, size_t elemsize)
{
    b->words = mspan_words((uint32_t)(npages * PAGE_SIZE / elemsize));
    for (int k = 0; k < 2; k++) {
        b->bits[k] = malloc(b->words * sizeof *b->bits[k]);
        for (uint32_t w = 0; w < b->words; w++)
            b->bits[k][w] = gt_rand() | 1;
    }
    memset(&b->s, 0, sizeof b->s);
    mspan_init(&b->s, ((1 + gt_below(1 << 20)) << 20), npages, elemsize, b->bits[0], b->bits[1]);
}

static void bench_close(struct bench *b)
{
    free(b->bits[0]);
    free(b->bits[1]);
}

static void take_many(struct mspan *s, uint32_t n)
{
    while (n-- > 0)
        mspan_take(s);
}

/* Marks each of the first n slots with a chance of 1 in `one_in`; returns how many. */
static uint32_t mark_some(struct mspan *s, uint32_t n, uint64_t one_in)
{
    uint32_t marked = 0;

    for (uint32_t i = 0; i < n; i++)
        if (gt_below(one_in) == 0)
            marked += mspan_mark(s, i);
    return marked;
}

/* Takes until the span is full; checks that the slots rise, and records each. */
static uint32_t take_all(struct mspan *s)
{
    uint32_t n = 0, slot;

    for (; n <= MSPAN_SLOTS_MAX && (slot = mspan_take(s)) < s->nelems; n++)
        GT_VAL(slot);
    return n;
}

/* A slot size near `size` of which a page holds no multiple of 64. */
static size_t odd_size(size_t size)
{
    return PAGE_SIZE / size % 64 == 0 ? size + 40 : size;
}

GT(ex4, every_class_has_as_many_slots_as_go)
{
    for (int k = 0; k < CLASS_ROWS; k++) {
        struct bench b;

        bench_open(&b, class_row[k].pages, class_row[k].size);
        GT_EQ(b.s.nelems, class_slots[k]);
        GT_EQ(take_all(&b.s), class_slots[k]);
        GT_VAL(b.s.base);
        bench_close(&b);
    }
}

GT(ex4, index_holds_for_every_class)
{
    for (int k = 0; k < CLASS_ROWS; k++) {
        const size_t size = class_row[k].size;
        struct bench b;

        bench_open(&b, class_row[k].pages, size);
        for (uint32_t i = 0; i < b.s.nelems; i++) {
            uintptr_t slot = b.s.base + i * size;

            GT_EQ(mspan_index(&b.s, slot), i);
            GT_EQ(mspan_index(&b.s, slot + gt_below(size)), i);
            GT_EQ(mspan_index(&b.s, slot + size - 1), i);
        }
        GT_VAL(mspan_index(&b.s, b.s.base + gt_below(b.s.nelems * size)));
        bench_close(&b);
    }
}

GT(ex4, index_outside_is_nelems)
{
    for (int k = 0; k < CLASS_ROWS; k++) {
        const size_t bytes = class_row[k].pages * (size_t)PAGE_SIZE;
        struct bench b;
        uintptr_t end;

        bench_open(&b, class_row[k].pages, class_row[k].size);
        end = b.s.base + b.s.nelems * b.s.elemsize;
        GT_EQ(mspan_index(&b.s, b.s.base - 1), b.s.nelems);
        GT_EQ(mspan_index(&b.s, b.s.base - 1 - gt_below(bytes)), b.s.nelems);
        GT_EQ(mspan_index(&b.s, end), b.s.nelems);      /* often in the tail waste */
        GT_EQ(mspan_index(&b.s, b.s.base + bytes - 1),
              end == b.s.base + bytes ? b.s.nelems - 1 : b.s.nelems);
        GT_EQ(mspan_index(&b.s, b.s.base + bytes + gt_below(bytes)), b.s.nelems);
        GT_EQ(mspan_index(&b.s, b.s.base + ((uintptr_t)1 << 32) + gt_below(bytes)), b.s.nelems);
        GT_EQ(mspan_index(&b.s, 0), b.s.nelems);
        GT_EQ(mspan_index(&b.s, UINTPTR_MAX), b.s.nelems);
        GT_VAL(b.s.base);
        bench_close(&b);
    }
}

GT(ex4, index_of_one_large_object)
{
    for (int round = 0; round < 40; round++) {
        size_t npages = 5 + gt_below((uint64_t)1 << (3 + gt_below(18)));
        size_t size = npages * PAGE_SIZE - (round % 2 ? 8 * gt_below(1000) : 0);
        struct bench b;

        bench_open(&b, npages, size);
        GT_EQ(b.s.nelems, 1);
        GT_EQ(mspan_index(&b.s, b.s.base), 0);
        GT_EQ(mspan_index(&b.s, b.s.base + gt_below(size)), 0);
        GT_EQ(mspan_index(&b.s, b.s.base + size - 1), 0);
        GT_EQ(mspan_index(&b.s, b.s.base + size), 1);
        GT_EQ(mspan_take(&b.s), 0);
        GT_EQ(mspan_take(&b.s), 1);
        GT_VAL(size);
        bench_close(&b);
    }
}

GT(ex4, init_clears_and_leaves_the_rest)
{
    struct bench b;
    uint32_t gen = (uint32_t)gt_rand();

    bench_open(&b, 1, 8 * (1 + gt_below(64)));
    take_many(&b.s, 100);
    b.s.sweepgen = gen;
    b.s.next = b.s.prev = &b.s;
    b.s.spanclass = 7;
    b.s.needzero = b.s.noscan = b.s.incache = true;
    memset(b.bits[0], 0xA5, b.words * sizeof *b.bits[0]);
    memset(b.bits[1], 0xA5, b.words * sizeof *b.bits[1]);
    mspan_init(&b.s, b.s.base, 1, b.s.elemsize, b.bits[0], b.bits[1]);
    for (uint32_t w = 0; w < b.words; w++)
        GT_EQ(b.bits[0][w] | b.bits[1][w], 0);
    GT_EQ(b.s.sweepgen, gen);
    GT_OK(b.s.next == &b.s && b.s.prev == &b.s && b.s.spanclass == 7);
    GT_OK(b.s.needzero && b.s.noscan && b.s.incache);
    GT_EQ(b.s.alloccount, 0);
    GT_EQ(mspan_take(&b.s), 0);
    bench_close(&b);
}

GT(ex4, a_last_word_with_few_slots)
{
    for (int round = 0; round < 30; round++) {
        struct bench b;
        uint32_t kept, n;

        bench_open(&b, 1, odd_size(8 * (1 + gt_below(128))));
        n = b.s.nelems;
        GT_EQ(take_all(&b.s), n);
        kept = mark_some(&b.s, n, 3);
        GT_EQ(mspan_sweep(&b.s), n - kept);
        GT_EQ(take_all(&b.s), n - kept);
        GT_EQ(mspan_take(&b.s), n);
        bench_close(&b);
    }
}

GT(ex4, words_full_to_the_last_bit)
{
    static const uint16_t size[] = {8, 16, 32, 64, 128};

    for (int k = 0; k < 5; k++) {
        struct bench b;
        uint32_t n, only;

        bench_open(&b, 1, size[k]);
        n = b.s.nelems;
        GT_EQ(take_all(&b.s), n);
        only = (uint32_t)gt_below(n / 64) * 64 + 63;
        for (uint32_t i = 0; i < n; i++)
            if (i != only)
                mspan_mark(&b.s, i);
        GT_EQ(mspan_sweep(&b.s), 1);
        GT_EQ(mspan_take(&b.s), only);
        GT_EQ(mspan_take(&b.s), n);
        for (uint32_t i = 64; i < n; i++)       /* the first word free, the others full */
            mspan_mark(&b.s, i);
        mspan_sweep(&b.s);
        GT_EQ(take_all(&b.s), 64);
        bench_close(&b);
    }
}

GT(ex4, a_full_span_stays_full)
{
    struct bench b;
    uint32_t n;

    bench_open(&b, 1, 8 * (1 + gt_below(64)));
    n = b.s.nelems;
    take_many(&b.s, n);
    for (int i = 0; i < 70; i++) {
        GT_EQ(mspan_take(&b.s), n);
        GT_EQ(b.s.alloccount, n);
    }
    for (uint32_t i = 0; i < n; i++)
        mspan_mark(&b.s, i);
    GT_EQ(mspan_sweep(&b.s), 0);
    for (int i = 0; i < 70; i++)
        GT_EQ(mspan_take(&b.s), n);
    GT_EQ(b.s.alloccount, n);
    bench_close(&b);
}

GT(ex4, bits_past_the_slots_stay_clean)
{
    for (int round = 0; round < 20; round++) {
        struct bench b;
        uint64_t past;

        bench_open(&b, 1, odd_size(8 * (1 + gt_below(128))));
        past = ~UINT64_C(0) << (b.s.nelems % 64);
        for (int sweeps = 0; sweeps < 3; sweeps++) {
            GT_EQ((b.bits[0][b.words - 1] | b.bits[1][b.words - 1]) & past, 0);
            GT_VAL(take_all(&b.s));
            for (uint32_t i = 0; i < b.s.nelems; i++)
                mspan_mark(&b.s, i);
            GT_EQ((b.bits[0][b.words - 1] | b.bits[1][b.words - 1]) & past, 0);
            mspan_sweep(&b.s);
        }
        bench_close(&b);
    }
}

GT(ex4, marks_wait_for_the_sweep)
{
    struct bench b;
    uint32_t some = 1 + (uint32_t)gt_below(120);

    bench_open(&b, 1, 64);
    take_many(&b.s, some);
    for (uint32_t i = 0; i < some; i += 2)
        GT_OK(mspan_mark(&b.s, i));
    GT_EQ(mspan_take(&b.s), some);
    GT_EQ(b.s.alloccount, some + 1);
    for (uint32_t i = 0; i <= some; i++)
        GT_OK(!mspan_is_free(&b.s, i));
    GT_EQ(mspan_sweep(&b.s), some + 1 - (some + 1) / 2);
    bench_close(&b);
}

GT(ex4, sweep_counts_what_came_free)
{
    struct bench b;
    uint32_t taken = 0;

    bench_open(&b, 1, 8 * (1 + gt_below(16)));
    for (int round = 0; round < 60; round++) {
        uint32_t want = (uint32_t)gt_below(b.s.nelems), kept = 0;

        for (uint32_t i = 0; i < want; i++)
            taken += mspan_take(&b.s) < b.s.nelems;
        GT_EQ(b.s.alloccount, taken);
        for (uint32_t i = 0; i < b.s.nelems; i++)
            if (!mspan_is_free(&b.s, i) && gt_below(3) != 0)
                kept += mspan_mark(&b.s, i);
        GT_EQ(mspan_sweep(&b.s), taken - kept);
        GT_EQ(b.s.alloccount, kept);
        taken = kept;
    }
    bench_close(&b);
}

GT(ex4, a_sweep_without_marks_frees_all)
{
    struct bench b;
    uint32_t n, kept;

    bench_open(&b, 1, 8 * (1 + gt_below(64)));
    n = b.s.nelems;
    take_many(&b.s, n);
    kept = mark_some(&b.s, n, 2);
    GT_EQ(mspan_sweep(&b.s), n - kept);
    GT_EQ(mspan_sweep(&b.s), kept);
    GT_EQ(mspan_sweep(&b.s), 0);
    GT_EQ(b.s.alloccount, 0);
    for (uint32_t i = 0; i < n; i++)
        GT_EQ(mspan_take(&b.s), i);
    bench_close(&b);
}

GT(ex4, is_free_tells_what_take_will_give)
{
    static bool promised[MSPAN_SLOTS_MAX];

    for (int round = 0; round < 20; round++) {
        struct bench b;
        uint32_t slot, n = 0;

        bench_open(&b, 1, 8 * (1 + gt_below(32)));
        take_many(&b.s, (uint32_t)gt_below(b.s.nelems));
        mark_some(&b.s, b.s.alloccount, 2);
        mspan_sweep(&b.s);
        take_many(&b.s, (uint32_t)gt_below(b.s.nelems / 2));
        for (uint32_t i = 0; i < b.s.nelems; i++)
            n += promised[i] = mspan_is_free(&b.s, i);
        GT_OK(!mspan_is_free(&b.s, b.s.nelems) && !mspan_is_free(&b.s, UINT32_MAX));
        while (n > 0 && (slot = mspan_take(&b.s)) < b.s.nelems) {
            GT_OK(promised[slot]);
            GT_OK(!mspan_is_free(&b.s, slot));
            GT_VAL(slot);
            n--;
        }
        GT_EQ(n, 0);
        GT_EQ(mspan_take(&b.s), b.s.nelems);
        bench_close(&b);
    }
}

/* b after a sweep and a few takes: 102 slots, the search in the middle of word 0, slots
   from 64 on free. */
static void bench_in_use(struct bench *b)
{
    bench_open(b, 1, 80);
    take_many(&b->s, 60);
    mark_some(&b->s, 40, 2);
    mspan_sweep(&b->s);
    take_many(&b->s, 1 + (uint32_t)gt_below(10));
}

GT(ex4, check_names_what_is_broken)
{
    struct bench b;
    struct mspan healthy;

    bench_in_use(&b);
    healthy = b.s;
    GT_EQ(mspan_check(&b.s), 0);
    b.s.nelems--;
    GT_EQ(mspan_check(&b.s), 1);
    b.s = healthy;
    b.s.markbits[1] |= UINT64_C(1) << (38 + gt_below(26));
    GT_EQ(mspan_check(&b.s), 2);
    b.s.markbits[1] = 0;
    b.s.allocbits[1] |= UINT64_C(1) << (38 + gt_below(26));
    GT_EQ(mspan_check(&b.s), 2);
    b.s.allocbits[1] = 0;
    b.s.freeindex = b.s.nelems + 1 + (uint32_t)gt_below(20);
    GT_EQ(mspan_check(&b.s), 3);
    b.s = healthy;
    b.s.alloccount += 1 + (uint32_t)gt_below(20);
    GT_EQ(mspan_check(&b.s), 4);
    b.s = healthy;
    b.s.alloccache ^= 1;
    GT_EQ(mspan_check(&b.s), 5);
    b.s = healthy;
    b.s.markbits[1] |= UINT64_C(1) << gt_below(38);
    GT_EQ(mspan_check(&b.s), 6);
    b.s.markbits[1] = 0;
    GT_EQ(mspan_check(&b.s), 0);
    GT_VAL(b.s.alloccount);
    bench_close(&b);
}

/* The same span as plain bools. */
static struct model {
    bool live[MSPAN_SLOTS_MAX];         /* at the last sweep */
    bool reached[MSPAN_SLOTS_MAX];
    uint32_t next, taken;
} model;

static bool model_taken(uint32_t i)
{
    return model.live[i] || i < model.next;
}

static uint32_t model_take(uint32_t slots)
{
    while (model.next < slots && model.live[model.next])
        model.next++;
    if (model.next == slots)
        return slots;
    model.taken++;
    return model.next++;
}

static uint32_t model_sweep(uint32_t slots)
{
    uint32_t before = model.taken;

    model.next = model.taken = 0;
    for (uint32_t i = 0; i < slots; i++) {
        model.live[i] = model.reached[i];
        model.taken += model.live[i];
        model.reached[i] = false;
    }
    return before - model.taken;
}

/* One random step on both. */
static void model_step(struct mspan *s)
{
    uint32_t i = (uint32_t)gt_below(s->nelems), chance = (uint32_t)gt_below(100);
    uint32_t want;

    if (chance < 60) {
        want = model_take(s->nelems);
        GT_EQ(mspan_take(s), want);
    } else if (chance < 97) {
        GT_EQ(mspan_is_free(s, i), !model_taken(i));
        if (model_taken(i)) {
            GT_EQ(mspan_mark(s, i), !model.reached[i]);
            model.reached[i] = true;
        }
    } else {
        want = model_sweep(s->nelems);
        GT_EQ(mspan_sweep(s), want);
    }
    GT_EQ(s->alloccount, model.taken);
}

GT(ex4, random_work_matches_a_model)
{
    for (int round = 0; round < 12; round++) {
        uint32_t k = (uint32_t)gt_below(40);
        struct bench b;

        memset(&model, 0, sizeof model);
        bench_open(&b, class_row[k].pages, class_row[k].size);
        for (int step = 0; step < 600; step++)
            model_step(&b.s);
        GT_EQ(mspan_check(&b.s), 0);
        bench_close(&b);
    }
}

enum { OBJECTS = 3000 };

static struct object {
    unsigned char *at;
    size_t size;
    unsigned char fill;
    bool kept;
} object[2 * OBJECTS];

/* A pointer-free object too large for a block that several share. */
static void object_new(struct object *o)
{
    uint64_t kind = gt_below(16);

    o->size = kind == 0 ? 1024 + gt_below(8000) : 16 + gt_below(kind * 32);
    o->at = gort_alloc(o->size, NULL);
    o->fill = (unsigned char)gt_rand();
    o->kept = gt_below(3) == 0;
}

/* How many of its bytes are not `fill`. */
static size_t damage(const struct object *o, unsigned char fill)
{
    size_t bad = 0;

    for (size_t i = 0; i < o->size; i++)
        bad += o->at[i] != fill;
    return bad;
}

static int by_address(const void *a, const void *b)
{
    const struct object *x = a, *y = b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* How many of n objects begin before the one below them ends. */
static size_t overlaps(struct object *o, size_t n)
{
    size_t bad = 0;

    qsort(o, n, sizeof *o, by_address);
    for (size_t i = 1; i < n; i++)
        bad += o[i - 1].at + o[i - 1].size > o[i].at;
    return bad;
}

/* Makes objects first to last, each zero and then full of its own byte. */
static void objects_make(size_t first, size_t last)
{
    size_t dirty = 0;

    for (size_t i = first; i < last; i++) {
        object_new(&object[i]);
        dirty += damage(&object[i], 0);
        memset(object[i].at, object[i].fill, object[i].size);
    }
    GT_EQ(dirty, 0);
}

/* Moves the kept ones of the first n to the front, marked; returns how many there are.
   The addresses of the others follow. */
static size_t objects_keep(size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        struct object o = object[i];

        if (!o.kept)
            continue;
        GT_OK(mheap_mark(o.at + gt_below(o.size)));
        object[i] = object[kept];
        object[kept++] = o;
    }
    return kept;
}

GT(ex4, the_runtime_allocates_on_these_spans)
{
    static uintptr_t dead[OBJECTS];
    size_t kept, lost = 0, again = 0;

    objects_make(0, OBJECTS);
    GT_EQ(overlaps(object, OBJECTS), 0);
    kept = objects_keep(OBJECTS);
    for (size_t i = kept; i < OBJECTS; i++)
        dead[lost++] = (uintptr_t)object[i].at;
    mheap_sweep();
    objects_make(kept, kept + OBJECTS);
    for (size_t i = 0; i < kept; i++)
        GT_EQ(damage(&object[i], object[i].fill), 0);
    for (size_t i = kept; i < kept + OBJECTS; i++)
        for (size_t k = 0; k < lost; k++)
            again += (uintptr_t)object[i].at == dead[k];
    GT_OK(again > lost / 4);                /* what died is handed out again */
    GT_EQ(overlaps(object, kept + OBJECTS), 0);
    GT_VAL(kept);
}

GT(ex4, take_skips_full_words)
{
    enum { SPANS = 8 };
    static struct bench b[SPANS];
    uint32_t slot, sum = 0, taken = 0;

    for (int k = 0; k < SPANS; k++) {
        bench_open(&b[k], 1, 8);
        take_many(&b[k].s, MSPAN_SLOTS_MAX);
        for (uint32_t i = 0; i < MSPAN_SLOTS_MAX; i++)
            mspan_mark(&b[k].s, i);
        b[k].s.markbits[gt_below(16)] &= ~(UINT64_C(1) << gt_below(64));
        b[k].s.markbits[gt_below(16)] &= ~(UINT64_C(1) << gt_below(64));
        mspan_sweep(&b[k].s);
    }
    gt_start();
    for (int k = 0; k < SPANS; k++) {
        while ((slot = mspan_take(&b[k].s)) < MSPAN_SLOTS_MAX) {
            sum += slot;
            taken++;
        }
    }
    gt_stop();
    GT_VAL(sum);
    GT_VAL(taken);
    for (int k = 0; k < SPANS; k++)
        bench_close(&b[k]);
}

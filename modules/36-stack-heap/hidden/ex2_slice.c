/*
 * ex2_slice.c - the hidden tests of slice: Go's capacities, the aliasing rules, the
 * panics, and what it all may cost.
 *
 * The capacities were recorded from Go 1.19.8: oracles/growslice.tsv. The budgets are
 * those of oracles/allocs.tsv, the rows append-grow-0-100 and append-prealloc-100.
 */
#include "gt.h"

#include "slice.h"

#include "growslice_rows.h"

#include <gort.h>
#include <stdarg.h>
#include <stdio.h>

GORT_NOSCAN(num, int64_t);
GORT_NOSCAN(byte, char);

static const struct rtype nothing = {"struct {}", 0, 0, NULL};
static const struct rtype triple = {"[3]byte", 3, 0, NULL};

static int64_t at(struct slice s, size_t i)
{
    return ((const int64_t *)s.array)[i];
}

static void fill(void *p, size_t n)
{
    unsigned char *byte_at = p;

    for (size_t i = 0; i < n; i++)
        byte_at[i] = (unsigned char)gt_rand();
}

/* An expected text with numbers in it. */
__attribute__((format(printf, 1, 2))) static const char *text(const char *format, ...)
{
    static char buf[120];
    va_list ap;

    va_start(ap, format);
    vsnprintf(buf, sizeof buf, format, ap);
    va_end(ap);
    return buf;
}

/* Calls that must panic take their arguments from here. */
struct call {
    const struct rtype *elem;
    struct slice s;
    size_t a, b, c;
};

static void call_make(void *arg)
{
    const struct call *c = arg;

    slice_make(c->elem, c->a, c->b);
}

static void call_growcap(void *arg)
{
    const struct call *c = arg;

    slice_growcap(c->a, c->b, c->c);
}

static void call_append(void *arg)
{
    const struct call *c = arg;

    slice_append(c->elem, c->s, "", c->a);
}

static void call_cut(void *arg)
{
    const struct call *c = arg;

    slice_cut(c->elem, c->s, c->a, c->b, c->c);
}

static void call_at(void *arg)
{
    const struct call *c = arg;

    slice_at(c->elem, c->s, c->a);
}

GT(ex2, growcap_one_by_one_equals_go)
{
    for (size_t row = 0; row < SEQ_ROWS; row++) {
        size_t cap = 0;

        for (size_t i = 0; i < SEQ_CAPS && cap < 6000; i++) {
            cap = slice_growcap(seq_type[row].size, cap, cap + 1);
            GT_EQ(cap, seq_cap[row][i]);
        }
    }
    for (int i = 0; i < 50; i++)
        GT_VAL(slice_growcap(1 + gt_below(500), 5000, 5001 + gt_below(20000)));
}

GT(ex2, growcap_in_bulk_equals_go)
{
    for (size_t row = 0; row < BULK_ROWS; row++)
        GT_EQ(slice_growcap(bulk[row].size, bulk[row].old, bulk[row].old + bulk[row].add),
              bulk_cap[row]);
    for (int i = 0; i < 100; i++) {
        size_t old = gt_below(4000);

        GT_VAL(slice_growcap(gt_below(100), old, old + 1 + gt_below(4000)));
    }
}

GT(ex2, appends_grow_like_go)
{
    unsigned char one[4096];

    fill(one, sizeof one);
    for (size_t row = 0; row < SEQ_ROWS; row++) {
        const struct rtype *elem = &seq_type[row];
        struct slice s = {NULL, 0, 0};

        /* Values of types with pointers stay zero: the fill bytes are no addresses. */
        if (elem->nptr != 0)
            memset(one, 0, sizeof one);
        for (size_t caps = 0; caps < 12 && s.cap * elem->size < 32768;) {
            size_t old = s.cap;

            s = slice_append(elem, s, one, 1);
            if (s.cap == old)
                continue;
            GT_EQ(s.cap, seq_cap[row][caps]);
            caps++;
        }
        if (elem->nptr == 0)
            GT_VAL(gt_hash(s.array, s.len * elem->size));
    }
}

GT(ex2, append_from_own_array)
{
    for (int round = 0; round < 20; round++) {
        int64_t room[16], before[16];
        size_t len = 1 + gt_below(8), from = gt_below(8), n = 1 + gt_below(8);
        struct slice t;

        if (round == 0) {                   /* surely onto values not yet read */
            len = 4;
            from = 1 + gt_below(3);
            n = 8;
        }
        fill(room, sizeof room);
        memcpy(before, room, sizeof room);
        t = slice_append(&num, (struct slice){room, len, 16}, &room[from], n);
        for (size_t i = 0; i < n; i++)      /* in place, often onto themselves */
            GT_EQ(at(t, len + i), before[from + i]);
        memcpy(room, before, sizeof room);
        t = slice_append(&num, (struct slice){room, len, len}, room, len);
        GT_EQ(t.len, 2 * len);
        for (size_t i = 0; i < 2 * len; i++)
            GT_EQ(at(t, i), before[i % len]);
        t = slice_append(&num, t, t.array, t.len);
        GT_EQ(at(t, 3 * len), before[0]);
    }
}

GT(ex2, old_array_stays_as_it_was)
{
    for (int round = 0; round < 20; round++) {
        size_t len = 1 + gt_below(8), beyond = gt_below(4);
        int64_t room[16], before[16], more[8];
        struct slice s = {room, len, len + beyond}, t;

        fill(room, sizeof room);
        fill(more, sizeof more);
        memcpy(before, room, sizeof room);
        t = slice_append(&num, s, more, beyond + 1);
        memset(t.array, 0, (len + beyond + 1) * sizeof room[0]);
        GT_OK(memcmp(room, before, sizeof room) == 0);
        GT_VAL(at(s, len - 1));
    }
}

GT(ex2, empty_append_changes_nothing)
{
    int64_t room[8];
    size_t len = gt_below(9);
    struct slice s = {room, len, 8}, t;

    fill(room, sizeof room);
    t = slice_append(&num, s, NULL, 0);
    GT_OK(t.array == room);
    GT_EQ(t.len, len);
    GT_EQ(t.cap, 8);
    t = slice_append(&num, (struct slice){room, 8, 8}, room, 0);
    GT_OK(t.array == room);
    GT_EQ(t.len + t.cap, 16);
    t = slice_append(&num, (struct slice){NULL, 0, 0}, NULL, 0);
    GT_EQ(t.len + t.cap, 0);
    GT_EQ(slice_copy(&num, t, s), 0);
    GT_VAL(gt_hash(room, sizeof room));
}

GT(ex2, make_panics_like_go)
{
    static const char len_text[] = "makeslice: len out of range";
    static const char cap_text[] = "makeslice: cap out of range";
    const size_t most = (size_t)1 << 47, some = 1 + gt_below(100);
    struct call c = {.elem = &num, .a = some, .b = some - 1};

    GT_PANICS(call_make, &c, cap_text);
    c = (struct call){.elem = &num, .a = some, .b = most / 8 + some};
    GT_PANICS(call_make, &c, cap_text);
    c.b = ((size_t)1 << 61) + some;         /* times 8 it wraps round to a small number */
    GT_PANICS(call_make, &c, cap_text);
    c = (struct call){.elem = &num, .a = most / 8 + some, .b = most / 8 + some};
    GT_PANICS(call_make, &c, len_text);
    c.b = 0;                                /* both are wrong: the length is named */
    GT_PANICS(call_make, &c, len_text);
    c.a = c.b = ((size_t)1 << 61) + some;
    GT_PANICS(call_make, &c, len_text);
    c = (struct call){.elem = &byte, .a = SIZE_MAX, .b = SIZE_MAX};
    GT_PANICS(call_make, &c, len_text);
    GT_EQ(slice_make(&num, 0, some).cap, some);
}

GT(ex2, growth_without_end_panics)
{
    static const char why[] = "growslice: cap out of range";
    const size_t most = (size_t)1 << 47, some = 1 + gt_below(100);
    char room[4] = {0};
    struct call c = {.a = 1, .b = most, .c = most + some};

    GT_PANICS(call_growcap, &c, why);
    c = (struct call){.a = 8, .b = 0, .c = most / 8 + some};
    GT_PANICS(call_growcap, &c, why);
    c = (struct call){.a = 8, .b = 0, .c = ((size_t)1 << 61) + some};
    GT_PANICS(call_growcap, &c, why);       /* wraps round to a small number */
    c = (struct call){.a = SIZE_MAX - some, .b = 1, .c = 3};
    GT_PANICS(call_growcap, &c, why);
    c = (struct call){.a = 1, .b = SIZE_MAX - some, .c = SIZE_MAX};
    GT_PANICS(call_growcap, &c, why);
    c = (struct call){.elem = &byte, .s = {room, 3, 4}, .a = SIZE_MAX - 1};
    GT_PANICS(call_append, &c, why);        /* len + n wraps round */
    c.a = most;
    GT_PANICS(call_append, &c, why);
    GT_VAL(slice_growcap(1, 0, most - (some << 20)));
}

GT(ex2, copy_overlaps_both_ways)
{
    for (int round = 0; round < 40; round++) {
        int64_t room[16], before[16];
        size_t to = gt_below(8), from = gt_below(8), n = 1 + gt_below(8);
        struct slice dst = {room + to, n, 16 - to}, src = {room + from, n, 16 - from};

        fill(room, sizeof room);
        memcpy(before, room, sizeof room);
        GT_EQ(slice_copy(&num, dst, src), n);
        for (size_t i = 0; i < 16; i++)
            GT_EQ(room[i], i >= to && i < to + n ? before[i - to + from] : before[i]);
    }
}

GT(ex2, cut_panics_like_go)
{
    int64_t room[8];
    size_t cap = 4 + gt_below(5), over = cap + 1 + gt_below(9);
    struct call c = {.elem = &num, .s = {room, 2, cap}, .a = 0, .b = 1, .c = over};

    fill(room, sizeof room);
    GT_PANICS(call_cut, &c,
              text("slice bounds out of range [::%zu] with capacity %zu", over, cap));
    c.a = over + 2;                         /* everything is wrong: the outermost is named */
    c.b = over + 1;
    GT_PANICS(call_cut, &c,
              text("slice bounds out of range [::%zu] with capacity %zu", over, cap));
    c.c = cap;
    GT_PANICS(call_cut, &c, text("slice bounds out of range [:%zu:%zu]", over + 1, cap));
    c.b = cap - 1;
    GT_PANICS(call_cut, &c, text("slice bounds out of range [%zu:%zu:]", over + 2, cap - 1));
    GT_EQ(slice_cut(&num, c.s, cap, cap, cap).len, 0);
    GT_EQ(slice_cut(&num, c.s, 0, cap, cap).len, cap);
    GT_EQ(slice_cut(&num, (struct slice){NULL, 0, 0}, 0, 0, 0).cap, 0);
}

GT(ex2, capped_cut_protects_the_rest)
{
    int64_t room[8], before[8], more;
    size_t end = 1 + gt_below(7);
    struct slice c, t;

    fill(room, sizeof room);
    fill(&more, sizeof more);
    memcpy(before, room, sizeof room);
    c = slice_cut(&num, (struct slice){room, 8, 8}, end - 1, end, end);
    t = slice_append(&num, c, &more, 1);
    GT_EQ(room[end], before[end]);
    GT_EQ(at(t, 0), before[end - 1]);
    GT_EQ(at(t, 1), more);
    c = slice_cut(&num, (struct slice){room, 8, 8}, end - 1, end, end + 1);
    slice_append(&num, c, &more, 1);
    GT_EQ(room[end], more);
}

GT(ex2, elements_of_no_bytes)
{
    size_t len = 1 + gt_below(1000);
    struct slice s = slice_make(&nothing, len, 2 * len), t;
    struct call c = {.elem = &nothing, .s = s, .a = len};

    GT_EQ(s.len, len);
    GT_EQ(s.cap, 2 * len);
    GT_EQ(slice_growcap(0, len, len + 7), len + 7);
    t = slice_append(&nothing, s, "", 3 * len);
    GT_EQ(t.len, 4 * len);
    GT_EQ(slice_copy(&nothing, s, t), len);
    GT_PANICS(call_at, &c, text("index out of range [%zu] with length %zu", len, len));
    slice_at(&nothing, s, len - 1);
    s = slice_make(&nothing, SIZE_MAX, SIZE_MAX);
    GT_EQ(slice_cut(&nothing, s, len, SIZE_MAX, SIZE_MAX).len, SIZE_MAX - len);
}

enum { KEPT = 4, ROOM = 2048 };

/* What each slice must hold, in bytes of the test's own. */
static unsigned char model[KEPT][ROOM];
static struct slice kept[KEPT];

/* Appends n random elements to slice k, and to its model. */
static void append_both(size_t k, size_t n)
{
    const size_t bytes = n * triple.size;
    unsigned char *vals = malloc(bytes + 1);    /* one more: malloc(0) may be NULL */
    unsigned char *exact = bytes == 0 ? vals : vals + 1;

    fill(exact, bytes);
    memcpy(&model[k][kept[k].len * triple.size], exact, bytes);
    kept[k] = slice_append(&triple, kept[k], exact, n);
    free(vals);
}

GT(ex2, random_work_matches_a_model)
{
    memset(model, 0, sizeof model);
    for (size_t k = 0; k < KEPT; k++)
        kept[k] = slice_make(&triple, 0, gt_below(4));
    for (int step = 0; step < 300; step++) {
        size_t k = gt_below(KEPT), other = gt_below(KEPT), n;

        if (kept[k].len > 500) {
            n = gt_below(100);
            memmove(model[k], &model[k][n * 3], (kept[k].len - n) * 3);
            kept[k] = slice_cut(&triple, kept[k], n, kept[k].len, kept[k].cap);
        } else if (gt_below(3) != 0) {
            append_both(k, gt_below(20));
        } else if (k != other) {
            n = slice_copy(&triple, kept[k], kept[other]);
            memcpy(model[k], model[other], n * 3);
            GT_EQ(n, kept[k].len < kept[other].len ? kept[k].len : kept[other].len);
        }
        GT_OK(kept[k].len <= kept[k].cap);
        GT_EQ(gt_hash(kept[k].array, kept[k].len * 3), gt_hash(model[k], kept[k].len * 3));
    }
}

GT(ex2, hundred_appends_cost_eight)
{
    struct slice s = {NULL, 0, 0};
    int64_t v;

    fill(&v, sizeof v);
    gt_start();
    for (size_t i = 0; i < 100; i++) {
        v++;
        s = slice_append(&num, s, &v, 1);
    }
    gt_stop();
    GT_EQ(s.len, 100);
    GT_EQ(at(s, 99), v);
}

GT(ex2, room_made_first_costs_one)
{
    struct slice s;
    int64_t v;

    fill(&v, sizeof v);
    gt_start();
    s = slice_make(&num, 0, 100);
    for (size_t i = 0; i < 100; i++) {
        v++;
        s = slice_append(&num, s, &v, 1);
    }
    gt_stop();
    GT_EQ(s.len, 100);
    GT_EQ(at(s, 99), v);
}

GT(ex2, views_cost_nothing)
{
    int64_t room[64];
    struct slice s = {room, 64, 64}, half, t;

    fill(room, sizeof room);
    gt_start();
    for (size_t i = 0; i < 30; i++) {
        half = slice_cut(&num, s, i, 32, 64);
        slice_copy(&num, s, half);
        t = slice_append(&num, half, slice_at(&num, s, 63 - i), 1);
        slice_growcap(8, i, i + 1);
    }
    t = slice_make(&num, 0, 0);
    gt_stop();
    GT_EQ(t.len, 0);
    GT_VAL(gt_hash(room, sizeof room));
}

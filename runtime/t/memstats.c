/*
 * memstats.c - unit tests of heap/memstats.c.
 *
 * data/memstats.tsv is what Go 1.19.8 does: `inv` rows are identities, which memstats_check
 * looks at; `delta` rows say what one action changes.
 */
#include "memstats.h"

#include "help.h"
#include "unit.h"
#include "malloc.h"
#include "mheap.h"

#include <inttypes.h>
#include <string.h>

static const uint32_t first_word[] = {0};
static const struct rtype pointer = {"int *", 8, 1, first_word};

/* The actions of the table that a C program can do, by the names they have there. */
static const struct action {
    const char *name;
    int times;
    size_t size;
    const struct rtype *type;
} action[] = {
    {"nothing", 0, 1, NULL},
    {"new([16]byte) x1", 1, 16, NULL},
    {"new([17]byte) x1 (class 24)", 1, 17, NULL},
    {"new([100]byte) x10 (class 112)", 10, 100, NULL},
    {"new([1025]byte) x1 (class 1152)", 1, 1025, NULL},
    {"new([32769]byte) x1 (large: 5 pages)", 1, 32769, NULL},
    {"new(byte) x32 (tiny: 2 blocks of 16)", 32, 1, NULL},
    {"new(*int) x3 (scan class 8: not tiny)", 3, 8, &pointer},
    {"new(struct{}) x5 (zerobase: no allocation)", 5, 0, NULL},
};
enum { ACTIONS = sizeof action / sizeof action[0] };

static void add(char *text, const char *name, uint64_t before, uint64_t after)
{
    size_t len = strlen(text);

    if (before != after)
        snprintf(text + len, T_ERR - len, "%s%s=%+" PRId64, len ? " " : "", name,
                 (int64_t)(after - before));
}

/* What changed, in the words of the table. */
static void delta(char *text, const struct gort_memstats *a, const struct gort_memstats *b)
{
    char name[64];

    text[0] = '\0';
    add(text, "Mallocs", a->mallocs, b->mallocs);
    add(text, "Frees", a->frees, b->frees);
    add(text, "TotalAlloc", a->total_alloc, b->total_alloc);
    add(text, "HeapAlloc", a->heap_alloc, b->heap_alloc);
    add(text, "HeapObjects", a->heap_objects, b->heap_objects);
    for (int i = 0; i < GORT_BY_SIZE; i++) {
        snprintf(name, sizeof name, "BySize[%" PRIu64 "].Mallocs", b->by_size[i].size);
        add(text, name, a->by_size[i].mallocs, b->by_size[i].mallocs);
    }
}

static const struct action *find(const char *name)
{
    for (int i = 0; i < ACTIONS; i++)
        if (strcmp(action[i].name, name) == 0)
            return &action[i];
    return NULL;
}

static void act(const struct action *a)
{
    for (int i = 0; i < a->times; i++)
        gort_alloc(a->size, a->type);
}

Test(memstats, each_action_changes_what_it_changes_in_go)
{
    FILE *f = t_data("memstats.tsv");
    char line[256], text[T_ERR];
    int rows = 0;

    while (fgets(line, sizeof line, f)) {
        char *name = line + strlen("delta\t"), *expected;
        struct gort_memstats a, b;
        const struct action *todo;

        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "delta\t", 6) != 0)
            continue;
        expected = strchr(name, '\t');
        *expected++ = '\0';
        todo = find(name);
        if (todo == NULL)
            continue;
        act(todo);
        mheap_sweep();
        gort_read_memstats(&a);
        act(todo);
        gort_read_memstats(&b);
        delta(text, &a, &b);
        cr_expect_str_eq(text, expected, "%s: %s", name, text);
        rows++;
    }
    fclose(f);
    cr_expect(rows == ACTIONS);
}

Test(memstats, its_identities_hold_at_every_moment)
{
    struct gort_memstats m;
    uint64_t seed = 3;

    gort_read_memstats(&m);
    cr_expect(memstats_check(&m) == 0);
    for (int i = 0; i < 500; i++) {
        char *p = gort_alloc(t_rand(&seed) % 50000, NULL);

        if (i % 5 == 0)
            mheap_mark(p);
        if (i % 100 == 99)
            mheap_sweep();
        gort_read_memstats(&m);
        cr_assert(memstats_check(&m) == 0, "I%d at step %d", memstats_check(&m), i);
    }
}

Test(memstats, an_empty_heap_has_allocated_nothing)
{
    struct gort_memstats m;

    gort_read_memstats(&m);
    cr_expect(m.mallocs == 0 && m.heap_sys == 0 && m.total_alloc == 0);
}

Test(memstats, a_sweep_counts_frees_and_lowers_heap_alloc)
{
    struct gort_memstats a, b;
    char *keep = gort_alloc(100, NULL);

    for (int i = 0; i < 9; i++)
        gort_alloc(100, NULL);
    gort_read_memstats(&a);
    mheap_mark(keep);
    mheap_sweep();
    gort_read_memstats(&b);
    cr_expect(a.heap_alloc == 1120 && b.heap_alloc == 112);
    cr_expect(b.frees - a.frees == 9 && b.by_size[9].frees == 9);
    cr_expect(b.total_alloc == a.total_alloc && b.mallocs == a.mallocs);
}

Test(memstats, a_large_object_counts_in_whole_pages_until_it_is_swept)
{
    struct gort_memstats m;

    gort_alloc(100000, NULL);
    gort_read_memstats(&m);
    cr_expect(m.heap_alloc == 106496 && m.heap_inuse == 106496 && m.heap_objects == 1);
    mheap_sweep();
    gort_read_memstats(&m);
    cr_expect(m.heap_alloc == 0 && m.heap_inuse == 0 && m.heap_objects == 0);
}

Test(memstats, pages_that_were_never_touched_count_as_released)
{
    struct gort_memstats m;

    gort_alloc(8192 * 4 + 1, NULL);
    gort_read_memstats(&m);
    cr_expect(m.heap_sys == 4 << 20);
    cr_expect(m.heap_released == (4 << 20) - 5 * 8192);
    mheap_sweep();
    gort_read_memstats(&m);
    cr_expect(m.heap_idle == 4 << 20 && m.heap_released == (4 << 20) - 5 * 8192);
}

/*
 * sizeclass.c - unit tests of shapes/sizeclass.c, classrule.c and layout.c.
 *
 * data/sizeclass.tsv is what Go 1.19.8 does: `class id size pages objects ...`,
 * `bysize id size`, `probe lo hi size`, `large size rounded pages`.
 */
#include "sizeclass.h"

#include "help.h"
#include "unit.h"
#include "layout.h"
#include "classrule.h"

#include <string.h>

/* Calls fn with up to four numbers of each row of this kind, and returns how many there are. */
static int rows(const char *kind, void (*fn)(const size_t n[4]))
{
    FILE *f = t_data("sizeclass.tsv");
    char line[128], word[16];
    int count = 0;

    while (fgets(line, sizeof line, f)) {
        size_t n[4] = {0};

        if (sscanf(line, "%15s %zu %zu %zu %zu", word, &n[0], &n[1], &n[2], &n[3]) < 3
            || strcmp(word, kind) != 0)
            continue;
        fn(n);
        count++;
    }
    fclose(f);
    return count;
}

static void class_row(const size_t n[4])
{
    cr_expect(sizeclass_size((uint32_t)n[0]) == n[1], "class %zu", n[0]);
    cr_expect(sizeclass_pages((uint32_t)n[0]) == n[2], "class %zu", n[0]);
    cr_expect(n[2] * SIZECLASS_PAGE / n[1] == n[3], "class %zu", n[0]);
}

static void probe_row(const size_t n[4])
{
    for (size_t size = n[0]; size <= n[1]; size++)
        cr_assert(sizeclass_round(size) == n[2], "size %zu", size);
}

static void large_row(const size_t n[4])
{
    cr_expect(sizeclass_round(n[0]) == n[1], "size %zu", n[0]);
}

Test(sizeclass, every_class_is_as_in_go)
{
    cr_expect(rows("class", class_row) == SIZECLASS_COUNT - 1);
}

Test(sizeclass, every_small_size_gets_the_slot_that_go_gives_it)
{
    cr_expect(rows("probe", probe_row) == SIZECLASS_COUNT - 1);
}

Test(sizeclass, large_sizes_round_up_to_pages_as_in_go)
{
    cr_expect(rows("large", large_row) == 9);
}

Test(sizeclass, its_invariants_hold)
{
    cr_expect(sizeclass_check() == 0);
}

Test(sizeclass, nothing_rounds_to_nothing)
{
    cr_expect(sizeclass_round(0) == 0);
}

Test(sizeclass, a_size_whose_pages_overflow_rounds_to_nothing)
{
    cr_expect(sizeclass_round(SIZE_MAX) == 0);
    cr_expect(sizeclass_round(SIZE_MAX - SIZECLASS_PAGE + 2) == 0);
    cr_expect(sizeclass_round(SIZE_MAX - SIZECLASS_PAGE + 1) == SIZE_MAX - SIZECLASS_PAGE + 1);
}

Test(sizeclass, the_generator_writes_the_table_that_is_checked_in)
{
    FILE *old = t_data("../../shapes/sizeclass_table.h"), *new = tmpfile();
    int a, b;

    cr_assert(new != NULL);
    cr_assert(classrule_write(new) == 0);
    rewind(new);
    do {
        a = getc(old);
        b = getc(new);
    } while (a == b && a != EOF);
    cr_expect(a == b, "sizeclass_table.h is not what mksizeclass writes now");
    fclose(old);
    fclose(new);
}

Test(sizeclass, the_derivation_finds_exactly_68_classes)
{
    struct classrule c[SIZECLASS_COUNT + 1];

    cr_expect(classrule_derive(c, SIZECLASS_COUNT + 1) == SIZECLASS_COUNT);
}

Test(layout, a_product_that_fits_is_the_product)
{
    size_t out = 0;

    cr_expect(layout_mul(SIZE_MAX / 3, 3, &out));
    cr_expect(out == SIZE_MAX / 3 * 3);
    cr_expect(layout_mul(SIZE_MAX, 0, &out));
    cr_expect(out == 0);
}

Test(layout, a_product_that_does_not_fit_changes_nothing)
{
    size_t out = 7;

    cr_expect(!layout_mul(SIZE_MAX / 2 + 1, 2, &out));
    cr_expect(out == 7);
}

Test(layout, a_sum_that_does_not_fit_changes_nothing)
{
    size_t out = 7;

    cr_expect(!layout_add(SIZE_MAX, 1, &out));
    cr_expect(out == 7);
    cr_expect(layout_add(SIZE_MAX - 1, 1, &out));
    cr_expect(out == SIZE_MAX);
}

Test(layout, rounding_up_keeps_multiples_and_refuses_to_wrap)
{
    size_t out = 7;

    cr_expect(layout_up(64, 16, &out) && out == 64);
    cr_expect(layout_up(65, 16, &out) && out == 80);
    cr_expect(layout_up(0, 16, &out) && out == 0);
    cr_expect(!layout_up(SIZE_MAX - 14, 16, &out) && out == 0);
}

/*
 * classrule.c - derives the size classes, and writes them down as sizeclass_table.h.
 *
 * Three rules make the table. Candidates grow in steps that are about an eighth of
 * themselves, so that rounding up wastes little. A class takes as many pages as it
 * needs for the rest behind its last slot to be at most an eighth of them. Two
 * candidates that fit equally often into equally many pages are one class, the larger
 * one; and a class that could be larger without fitting less often is made so.
 *
 * Invariants: sizeclass.c checks them in what comes out.
 *
 * Refused: typing the table in. A table that is derived can be argued with: change a
 * rule, write it again (mksizeclass.c says how), and see what the waste becomes.
 *
 * Go: makeClasses in runtime/mksizeclasses.go. Module 36, read with exercise 4.
 */
#include "classrule.h"

#include "sizeclass.h"

enum {
    STEP_LARGE = 256,           /* bytes: candidates from 2048 on lie this far apart */
    GRAIN_LARGE = 128,          /* bytes: what sizeclass_by128 can tell apart */
    WASTE = 8,                  /* at most one eighth of a span is left over */
    PER_LINE = 12,              /* numbers on a line of the table */
};

/* The distance from the candidate `size` to the next one; it changes only when size is
   a power of two, `step` is the distance so far. From 32 on slots keep to 16 bytes. */
static size_t step_after(size_t size, size_t step)
{
    if ((size & (size - 1)) != 0)
        return step;
    if (size >= 2048)
        return STEP_LARGE;
    if (size >= 128)
        return size / 8;
    if (size >= 32)
        return 16;
    return step;
}

/* The fewest pages in which slots of `size` leave at most an eighth unused. */
static size_t pages_for(size_t size)
{
    size_t bytes = SIZECLASS_PAGE;

    while (bytes % size > bytes / WASTE)
        bytes += SIZECLASS_PAGE;
    return bytes / SIZECLASS_PAGE;
}

static size_t slots_in(size_t pages, size_t size)
{
    return pages * SIZECLASS_PAGE / size;
}

/* Makes a slot as large as it can be while as many fit. Sizes keep to GRAIN_LARGE, so
   small classes, whose slots are dense already, come out as they went in. */
static void widen(struct classrule *c)
{
    size_t bytes = c->pages * SIZECLASS_PAGE;
    size_t wide = bytes / (bytes / c->size) / GRAIN_LARGE * GRAIN_LARGE;

    if (wide > c->size)
        c->size = wide;
}

uint32_t classrule_derive(struct classrule *c, uint32_t max)
{
    uint32_t n = 0;
    size_t step = 8;

    c[n++] = (struct classrule){0, 0};
    for (size_t size = 8; size <= SIZECLASS_MAX; size += step) {
        size_t pages = pages_for(size);
        struct classrule *last = &c[n - 1];

        step = step_after(size, step);
        if (n > 1 && pages == last->pages
            && slots_in(pages, size) == slots_in(pages, last->size)) {
            last->size = size;
            continue;
        }
        if (n == max)
            return n;
        c[n++] = (struct classrule){size, pages};
    }
    for (uint32_t i = 1; i < n; i++)
        widen(&c[i]);
    return n;
}

static uint32_t class_for(const struct classrule *c, size_t size)
{
    uint32_t i = 0;

    while (c[i].size < size)
        i++;
    return i;
}

static void put(FILE *out, size_t i, size_t value)
{
    fprintf(out, "%s%zu,", i % PER_LINE == 0 ? "\n    " : " ", value);
}

int classrule_write(FILE *out)
{
    struct classrule c[SIZECLASS_COUNT + 1];
    uint32_t n = classrule_derive(c, SIZECLASS_COUNT + 1);
    size_t n8 = SIZECLASS_SMALL / 8 + 1;
    size_t n128 = (SIZECLASS_MAX - SIZECLASS_SMALL) / GRAIN_LARGE + 1;

    fprintf(out, "/* sizeclass_table.h - written by mksizeclass.c: change that, not this. */\n"
                 "#ifndef GORT_SIZECLASS_TABLE_H\n#define GORT_SIZECLASS_TABLE_H\n\n"
                 "#include <stdint.h>\n\n");
    fprintf(out, "/* Bytes of one slot. */\nstatic const uint16_t table_size[%u] = {", n);
    for (uint32_t i = 0; i < n; i++)
        put(out, i, c[i].size);
    fprintf(out, "\n};\n\n/* Pages of one span. */\nstatic const uint8_t table_pages[%u] = {", n);
    for (uint32_t i = 0; i < n; i++)
        put(out, i, c[i].pages);
    fprintf(out, "\n};\n\n/* The class of 8 * i bytes. */\n"
                 "const uint8_t sizeclass_by8[%zu] = {", n8);
    for (size_t i = 0; i < n8; i++)
        put(out, i, class_for(c, 8 * i));
    fprintf(out, "\n};\n\n/* The class of %d + 128 * i bytes. */\n"
                 "const uint8_t sizeclass_by128[%zu] = {", SIZECLASS_SMALL, n128);
    for (size_t i = 0; i < n128; i++)
        put(out, i, class_for(c, SIZECLASS_SMALL + GRAIN_LARGE * i));
    fprintf(out, "\n};\n\n#endif\n");
    return ferror(out) ? -1 : 0;
}

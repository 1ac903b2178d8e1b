/*
 * sizeclass.c - the 68 sizes that small objects come in.
 *
 * The numbers are in sizeclass_table.h, which mksizeclass.c writes by the
 * rules of classrule.c.
 *
 * Invariants, checked by sizeclass_check:
 *   I1  sizes rise, are multiples of 8, and the last one is SIZECLASS_MAX
 *   I2  what is left behind the last slot of a span is at most an eighth of it
 *   I3  sizeclass_of gives the smallest class that holds the request, for every request
 *
 * Refused: one table with a byte for every 8 bytes up to SIZECLASS_MAX. It is 4 KiB;
 * these two are 378 bytes, six cache lines, of which small requests touch two or so.
 *
 * Go: runtime/sizeclasses.go; roundupsize in msize.go. Module 36, read with exercise 4.
 */
#include "sizeclass.h"

#include "layout.h"
#include "sizeclass_table.h"

/* doc:lookup */
uint32_t sizeclass_of(size_t size)
{
    if (size <= SIZECLASS_SMALL)
        return sizeclass_by8[(size + 7) / 8];
    return sizeclass_by128[(size - SIZECLASS_SMALL + 127) / 128];
}
/* doc:end */

size_t sizeclass_size(uint32_t sizeclass)
{
    return table_size[sizeclass];
}

size_t sizeclass_pages(uint32_t sizeclass)
{
    return table_pages[sizeclass];
}

size_t sizeclass_round(size_t size)
{
    size_t pages = 0;

    if (size == 0)
        return 0;
    if (size <= SIZECLASS_MAX)
        return table_size[sizeclass_of(size)];
    if (!layout_up(size, SIZECLASS_PAGE, &pages))
        return 0;
    return pages;
}

int sizeclass_check(void)
{
    for (uint32_t i = 1; i < SIZECLASS_COUNT; i++) {
        size_t bytes = (size_t)table_pages[i] * SIZECLASS_PAGE;

        if (table_size[i] <= table_size[i - 1] || table_size[i] % 8 != 0)
            return 1;
        if (bytes % table_size[i] > bytes / 8)
            return 2;
    }
    if (table_size[SIZECLASS_COUNT - 1] != SIZECLASS_MAX)
        return 1;
    for (size_t size = 1; size <= SIZECLASS_MAX; size++) {
        uint32_t c = sizeclass_of(size);

        if (c == 0 || table_size[c] < size || table_size[c - 1] >= size)
            return 3;
    }
    return 0;
}

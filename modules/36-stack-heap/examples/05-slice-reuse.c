/*
 * 05-slice-reuse.c - s[:0] keeps the array, and everybody who still looks at it.
 *
 * Cutting a slice to length 0 forgets the elements and keeps the room, so a loop can
 * use one array for all its rounds. The price: a slice that was kept from an earlier
 * round shows the numbers of the later one.
 *
 * Predict before you run:
 *   1. 1,000 rounds of 100 numbers: how many arrays with a new slice in each round, and
 *      how many with one slice that is cut to 0?
 *   2. kept = s[0:3] holds 0 1 2. After the next round, what does it hold?
 *   3. tail = s[0:3:3] gets a 99 appended. Does s[3] change?
 *
 * In Go:
 *     s = s[:0]                             // length 0, the array stays
 *     for i := 0; i < 100; i++ {
 *         s = append(s, base+i)
 *     }
 *     kept := s[0:3]                        // shares the array
 *     safe := append([]int(nil), s[0:3]...) // has its own
 *     tail := append(s[0:3:3], 99)          // capacity 3 is full, so it moves
 */
#include <gort.h>

#include <inttypes.h>
#include <stdio.h>

enum { ROUNDS = 1000, EACH = 100 };

GORT_NOSCAN(int64_elem, int64_t);

/* Appends base, base + 1, ... to s and adds the moves of its array to *arrays. */
static struct slice fill(struct slice s, int64_t base, size_t *arrays)
{
    for (int64_t i = 0; i < EACH; i++) {
        void *before = s.array;
        int64_t v = base + i;

        s = slice_append(&int64_elem, s, &v, 1);
        if (s.array != before)
            ++*arrays;
    }
    return s;
}

static void show(const char *name, struct slice s)
{
    printf("%-44s", name);
    for (size_t i = 0; i < s.len; i++)
        printf(" %" PRId64, *(int64_t *)slice_at(&int64_elem, s, i));
    printf("\n");
}

static void count_arrays(void)
{
    size_t fresh = 0, reused = 0;
    struct slice s = {0};

    for (int r = 0; r < ROUNDS; r++) {
        fill((struct slice){0}, r, &fresh);
        s = fill(slice_cut(&int64_elem, s, 0, 0, s.cap), r, &reused);
    }
    printf("%d rounds of %d numbers took\n", ROUNDS, EACH);
    printf("  %5zu arrays with a new slice in each round,\n", fresh);
    printf("  %5zu arrays with one slice that is cut to length 0.\n", reused);
}

int main(void)
{
    const int64_t end = 99;
    size_t arrays = 0;
    struct slice s = fill((struct slice){0}, 0, &arrays);
    struct slice kept = slice_cut(&int64_elem, s, 0, 3, s.cap), safe, tail;

    count_arrays();
    safe = slice_append(&int64_elem, (struct slice){0}, kept.array, kept.len);
    show("kept = s[0:3]:", kept);
    s = fill(slice_cut(&int64_elem, s, 0, 0, s.cap), 500, &arrays);
    show("kept, after s was used again from 500 on:", kept);
    show("a copy that was taken before:", safe);

    tail = slice_append(&int64_elem, slice_cut(&int64_elem, s, 0, 3, 3), &end, 1);
    show("append(s[0:3:3], 99):", tail);
    show("s[0:4] afterwards:", slice_cut(&int64_elem, s, 0, 4, s.cap));
    tail = slice_append(&int64_elem, slice_cut(&int64_elem, s, 0, 3, s.cap), &end, 1);
    show("append(s[0:3], 99):", tail);
    show("s[0:4] afterwards:", slice_cut(&int64_elem, s, 0, 4, s.cap));
    return 0;
}

/*
 * 03-preallocation.c - append with and without knowing the size beforehand.
 *
 * An append that finds no room gets a new array, copies the old one into it and leaves
 * the old one as garbage. Who knows the length says it once: make([]T, 0, n).
 *
 * Predict before you run:
 *   1. How often does the array move while 1,000,000 numbers are appended one by one?
 *   2. How many bytes are copied because of that, beside the 8,000,000 that are wanted?
 *   3. What does a slice hold that was made with length 3, then got 1, 2, 3 appended?
 *
 * In Go:
 *     var grown []int64                     // grows as it must
 *     ready := make([]int64, 0, n)          // grows never
 *     for i := int64(0); i < n; i++ {
 *         grown = append(grown, i)
 *         ready = append(ready, i)
 *     }
 *     wrong := make([]int64, 3)             // length 3, not capacity 3:
 *     wrong = append(wrong, 1, 2, 3)        // [0 0 0 1 2 3]
 */
#include <gort.h>

#include <inttypes.h>
#include <stdio.h>

enum { COUNT = 1000000, SHOWN = 10 };

GORT_NOSCAN(int64_elem, int64_t);

struct story {
    size_t arrays;              /* arrays that append asked for */
    size_t array_bytes;         /* bytes of all of them */
    size_t copied;              /* bytes copied from an old array to a new one */
    size_t shown, caps[SHOWN];  /* the first capacities */
};

static void note_move(struct story *st, struct slice before, struct slice after)
{
    st->arrays++;
    st->array_bytes += after.cap * sizeof(int64_t);
    st->copied += before.len * sizeof(int64_t);
    if (st->shown < SHOWN)
        st->caps[st->shown++] = after.cap;
}

static struct story append_all(struct slice s)
{
    struct story st = {0};

    for (int64_t i = 0; i < COUNT; i++) {
        struct slice before = s;

        s = slice_append(&int64_elem, s, &i, 1);
        if (s.array != before.array)
            note_move(&st, before, s);
    }
    return st;
}

static void tell(const char *how, struct story st)
{
    printf("%-26s %6zu %12zu %12zu\n", how, st.arrays, st.array_bytes / 1024,
           st.copied / 1024);
}

/* The mixture that keeps n zeros in front. */
static void show_wrong_make(void)
{
    const int64_t vals[] = {1, 2, 3};
    struct slice s = slice_make(&int64_elem, 3, 3);

    s = slice_append(&int64_elem, s, vals, 3);
    printf("make with length 3, then append 1, 2, 3:");
    for (size_t i = 0; i < s.len; i++)
        printf(" %" PRId64, *(int64_t *)slice_at(&int64_elem, s, i));
    printf("\n");
}

int main(void)
{
    struct story grown = append_all((struct slice){0});
    struct story ready = append_all(slice_make(&int64_elem, 0, COUNT));

    printf("%d numbers, %zu KiB, appended one by one\n", COUNT,
           COUNT * sizeof(int64_t) / 1024);
    printf("%-26s %6s %12s %12s\n", "", "arrays", "KiB of them", "KiB copied");
    tell("from an empty slice", grown);
    tell("from make with capacity", ready);
    printf("The first capacities of the growing one:");
    for (size_t i = 0; i < grown.shown; i++)
        printf(" %zu", grown.caps[i]);
    printf("\nOne by one costs %.1f times the bytes of the finished array.\n",
           (double)grown.array_bytes / (double)(COUNT * sizeof(int64_t)));
    show_wrong_make();
    return 0;
}

/*
 * 07-performance-comparison.c - the same sum, with five places for the numbers.
 *
 * Every way makes the same points and adds them up. What differs is where a point lies:
 * in the frame, in an object of its own, or in a slice that grows or that was made with
 * room for all. Between two runs the heap is swept, so that its memory is used again;
 * what a sweep costs is not in the figures.
 *
 * Predict before you run:
 *   1. Put the five ways in order, quickest first.
 *   2. How many times the frame's time does one heap object per point take?
 *   3. Which way asks for most bytes, and is it the slowest?
 *
 * In Go, `go test -bench . -benchmem` prints time, bytes and allocations per operation:
 *     var sink *point                       // a global outlives every frame
 *
 *     func BenchmarkHeap(b *testing.B) {
 *         for i := 0; i < b.N; i++ {
 *             sink = &point{1, 2}           // escapes to heap
 *         }
 *     }
 * There append is inlined, here it is a call: compare the last two rows with each other.
 * The times are those of one machine at one moment. Run it again before you believe it.
 */
#include <gort.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mheap.h"

enum { COUNT = 200000, REPEATS = 7 };

struct point {
    int64_t x, y;
};

GORT_NOSCAN(point_type, struct point);

static uint64_t blocks;         /* malloc does not count: we do */

static int64_t set_and_add(struct point *p, int64_t i)
{
    p->x = i;
    p->y = -i / 2;
    /* Somebody looks at *p, says this line, or the compiler would remove the point. */
    __asm__ volatile("" : : "r"(p) : "memory");
    return p->x + p->y;
}

static int64_t in_the_frame(int64_t i)
{
    struct point p;

    return set_and_add(&p, i);
}

static int64_t from_the_heap(int64_t i)
{
    return set_and_add(gort_new(&point_type), i);
}

static int64_t from_malloc(int64_t i)
{
    struct point *p = malloc(sizeof *p);
    int64_t sum;

    if (p == NULL)
        abort();
    blocks++;
    sum = set_and_add(p, i);
    free(p);
    return sum;
}

static struct slice points;     /* empty at the start of each run, or made with room */

static int64_t appended(int64_t i)
{
    points = slice_append(&point_type, points, &(struct point){0}, 1);
    return set_and_add(slice_at(&point_type, points, (size_t)i), i);
}

struct way {
    const char *name;
    int64_t (*one)(int64_t i);
    size_t room;                /* for how many points the slice is made */
};

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double run(const struct way *w, int64_t *sum)
{
    double start = seconds();

    points = w->room > 0 ? slice_make(&point_type, 0, w->room) : (struct slice){0};
    *sum = 0;
    for (int64_t i = 0; i < COUNT; i++)
        *sum += w->one(i);
    return seconds() - start;
}

/* The best of some runs, because the others were disturbed; *frame is the first way's. */
static void measure(const struct way *w, double *frame)
{
    struct gort_memstats before, after;
    uint64_t mallocs, bytes;
    double best = 0;
    int64_t sum = 0;

    blocks = 0;
    gort_read_memstats(&before);
    for (int r = 0; r < REPEATS; r++) {
        double took = run(w, &sum);

        best = r == 0 || took < best ? took : best;
        mheap_sweep();          /* nothing is marked: all of it is free again */
    }
    gort_read_memstats(&after);
    if (*frame == 0)
        *frame = best;
    mallocs = after.mallocs - before.mallocs + blocks;
    bytes = after.total_alloc - before.total_alloc + blocks * sizeof(struct point);
    printf("%-26s %8.2f %7.1f %9llu %9llu  %lld\n", w->name, best * 1e9 / COUNT,
           best / *frame, (unsigned long long)mallocs / REPEATS,
           (unsigned long long)bytes / REPEATS / 1024, (long long)sum);
}

int main(void)
{
    static const struct way way[] = {{"a local in the frame", in_the_frame, 0},
                                     {"gort_new for each point", from_the_heap, 0},
                                     {"malloc and free for each", from_malloc, 0},
                                     {"append to an empty slice", appended, 0},
                                     {"append, room made before", appended, COUNT}};
    double frame = 0;

    printf("%d points, best of %d runs; allocations and KiB are one run's\n", COUNT,
           REPEATS);
    printf("%-26s %8s %7s %9s %9s  %s\n", "where a point lies", "ns each", "ratio",
           "allocs", "KiB", "sum");
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++)
        measure(&way[i], &frame);
    return 0;
}

/*
 * gort.c - the benchmark's rows on this runtime.
 *
 * The runtime has no collector yet, and its objects cannot be freed one by one. So the
 * program releases: every 4 MiB it calls mheap_sweep, which frees what is not marked. 4 MiB
 * is the smallest heap that Go 1.19 aims at. What a release costs is part of the time; what
 * finding out that nothing is reachable would cost is not, save in allocb64, which marks its
 * window as a collector would.
 */
#include <gort.h>

#include "mheap.h"
#include "row.h"

enum { RELEASE = 4 << 20 };     /* bytes allocated between two releases */

struct bytes16 {
    uint64_t w[2];
};
struct bytes64 {
    uint64_t w[8];
};
struct bytes512 {
    uint64_t w[64];
};
struct bytes32k {
    uint64_t w[4096];
};
struct node {
    struct node *next;
    uint64_t w[7];
};

GORT_NOSCAN(type16, struct bytes16);
GORT_NOSCAN(type64, struct bytes64);
GORT_NOSCAN(type512, struct bytes512);
GORT_NOSCAN(type32k, struct bytes32k);
GORT_TYPE(type64p, struct node, next);

static struct row_cell cells[2];
static uint64_t *window[ROW_WINDOW];

static inline __attribute__((always_inline)) uint64_t churn(uint64_t n, const struct rtype *type)
{
    uint64_t seen = 0;

    while (n > 0) {
        uint64_t batch = RELEASE / type->size;

        if (batch > n)
            batch = n;
        for (uint64_t i = 0; i < batch; i++)
            seen += row_use(&cells[0], gort_new(type));
        mheap_sweep();
        n -= batch;
    }
    return seen;
}

static uint64_t alloc16(uint64_t n)
{
    return churn(n, &type16);
}

static uint64_t alloc64(uint64_t n)
{
    return churn(n, &type64);
}

static uint64_t alloc64p(uint64_t n)
{
    return churn(n, &type64p);
}

static uint64_t alloc512(uint64_t n)
{
    return churn(n, &type512);
}

static uint64_t alloc32k(uint64_t n)
{
    return churn(n, &type32k);
}

/* The first round through the window finds no old object, and counts 1 for it. */
static uint64_t allocb64(uint64_t n)
{
    uint64_t seen = 0, due = RELEASE / sizeof(struct bytes64);
    uint32_t k = 0;

    for (uint32_t i = 0; i < ROW_WINDOW; i++)
        window[i] = NULL;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t *p = gort_new(&type64);

        *p = 1;
        seen += window[k] ? *window[k] : 1;
        window[k] = p;
        k = k + 1 < ROW_WINDOW ? k + 1 : 0;
        if (--due == 0) {
            for (uint32_t j = 0; j < ROW_WINDOW; j++)
                mheap_mark(window[j]);
            mheap_sweep();
            due = RELEASE / sizeof(struct bytes64);
        }
    }
    return seen;
}

/* Both threads stand still while one of them releases what both have allocated. */
static uint64_t half(uint64_t n, uint32_t id)
{
    uint64_t seen = 0;

    while (n > 0) {
        uint64_t batch = RELEASE / 2 / type64.size;

        if (batch > n)
            batch = n;
        for (uint64_t i = 0; i < batch; i++)
            seen += row_use(&cells[id], gort_new(&type64));
        if (row_meet())
            mheap_sweep();
        row_meet();
        n -= batch;
    }
    return seen;
}

static uint64_t alloc64x2(uint64_t n)
{
    return row_on_two(half, n);
}

int main(int argc, char **argv)
{
    static const struct row table[] = {
        {"alloc16", ROW_CPU, alloc16},     {"alloc64", ROW_CPU, alloc64},
        {"alloc64p", ROW_CPU, alloc64p},   {"alloc512", ROW_CPU, alloc512},
        {"alloc32k", ROW_CPU, alloc32k},   {"allocb64", ROW_CPU, allocb64},
        {"alloc64x2", ROW_WALL, alloc64x2}, {NULL, ROW_CPU, NULL},
    };

    return row_main(table, argc, argv);
}

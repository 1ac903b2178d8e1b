/*
 * pairs.c - the benchmark's rows on malloc and free; the linker decides whose.
 *
 * Each object is freed at once, so that the next one gets the same memory, still in the
 * processor's nearest cache: the best case of an allocator that is told what is dead. Only
 * alloc32k asks for zeroed memory. Built with ROW_GC it runs on libgc instead, which like
 * Go and gort zeroes each object and is told nothing.
 */
#include "row.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef ROW_GC
#define GC_THREADS
#include <gc.h>

/* libgc zeroes only what may hold pointers. */
static inline void *get(size_t size, bool pointers)
{
    return pointers ? GC_MALLOC(size) : memset(GC_MALLOC_ATOMIC(size), 0, size);
}

static inline void drop(void *p)
{
    (void)p;
}

static void start(void)
{
    GC_INIT();
    GC_allow_register_threads();
}
#else
static inline void *get(size_t size, bool pointers)
{
    (void)pointers;
    return size >= 32768 ? calloc(1, size) : malloc(size);
}

static inline void drop(void *p)
{
    free(p);
}

static void start(void)
{
}
#endif

static struct row_cell cells[2];
static uint64_t *window[ROW_WINDOW];

static inline __attribute__((always_inline)) uint64_t churn(uint64_t n, size_t size, bool pointers,
                                                            struct row_cell *cell)
{
    uint64_t seen = 0;

    for (uint64_t i = 0; i < n; i++) {
        seen += row_use(cell, get(size, pointers));
        drop(cell->p);
    }
    return seen;
}

static uint64_t alloc16(uint64_t n)
{
    return churn(n, 16, false, &cells[0]);
}

static uint64_t alloc64(uint64_t n)
{
    return churn(n, 64, false, &cells[0]);
}

static uint64_t alloc64p(uint64_t n)
{
    return churn(n, 64, true, &cells[0]);
}

static uint64_t alloc512(uint64_t n)
{
    return churn(n, 512, false, &cells[0]);
}

static uint64_t alloc32k(uint64_t n)
{
    return churn(n, 32768, false, &cells[0]);
}

/* The first round through the window finds no old object, and counts 1 for it. */
static uint64_t allocb64(uint64_t n)
{
    uint64_t seen = 0;
    uint32_t k = 0;

    for (uint32_t i = 0; i < ROW_WINDOW; i++) {
        drop(window[i]);
        window[i] = NULL;
    }
    for (uint64_t i = 0; i < n; i++) {
        uint64_t *p = get(64, false);

        *p = 1;
        seen += window[k] ? *window[k] : 1;
        drop(window[k]);
        window[k] = p;
        k = k + 1 < ROW_WINDOW ? k + 1 : 0;
    }
    return seen;
}

static uint64_t half(uint64_t n, uint32_t id)
{
    return churn(n, 64, false, &cells[id]);
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

    start();
    return row_main(table, argc, argv);
}

/*
 * row.c - the clock, the two threads and the one line of output of a benchmark program.
 */
#include "row.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef ROW_GC                   /* libgc must know of each thread that allocates */
#define GC_THREADS
#include <gc.h>
#endif

enum { SPINS = 2000 };          /* looks before the processor is offered to somebody else */

struct half {
    uint64_t (*run)(uint64_t n, uint32_t i);
    uint64_t n, result;
    uint32_t i;
};

static void *run_half(void *arg)
{
    struct half *h = arg;

    h->result = h->run(h->n, h->i);
    return NULL;
}

uint64_t row_on_two(uint64_t (*half)(uint64_t n, uint32_t i), uint64_t n)
{
    struct half h[2] = {{half, n / 2, 0, 0}, {half, n / 2, 0, 1}};
    pthread_t thread[2];

    for (int i = 0; i < 2; i++) {
        if (pthread_create(&thread[i], NULL, run_half, &h[i]) != 0) {
            fprintf(stderr, "no second thread\n");
            exit(2);
        }
    }
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return h[0].result + h[1].result + n % 2;
}

int row_meet(void)
{
    static _Atomic uint32_t arrived;
    uint32_t mine = atomic_fetch_add_explicit(&arrived, 1, memory_order_acq_rel);
    int spins = 0;

    while (atomic_load_explicit(&arrived, memory_order_acquire) / 2 == mine / 2)
        if (++spins % SPINS == 0)
            sched_yield();
    return mine % 2 == 0;
}

static double now(enum row_clock clock)
{
    struct timespec t;

    clock_gettime(clock == ROW_CPU ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int measure(const struct row *row, uint64_t n)
{
    double start, end;
    uint64_t seen;

    row->run(n / 10 + 2);
    start = now(row->clock);
    seen = row->run(n);
    end = now(row->clock);
    if (seen != n) {
        fprintf(stderr, "%s: %llu operations, %llu values\n", row->name, (unsigned long long)n,
                (unsigned long long)seen);
        return 1;
    }
    printf("%s\t%.3f\n", row->name, (end - start) / (double)n);
    return 0;
}

int row_main(const struct row *table, int argc, char **argv)
{
    uint64_t n = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;

    for (; n > 0 && table->name; table++)
        if (strcmp(table->name, argv[1]) == 0)
            return measure(table, n);
    fprintf(stderr, "usage: PROGRAM ROW N\n");
    return 2;
}

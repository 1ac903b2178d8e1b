/*
 * calibrate.c - how slow this machine is, as one number.
 *
 *     calibrate        prints the factor, with two decimals
 *
 * A fixed piece of work, half arithmetic and half memory in an order that no cache likes,
 * is timed in processor time, five times; the fastest counts, because everything that
 * disturbs makes it slower. Divided by the time that the work took where the limits of the
 * modules were chosen, that is the factor. It is never below 1: a fast machine gives nobody
 * less time than a manifest says.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    ROUNDS = 5,
    MIXES = 8000000,
    CELLS = 1 << 20,            /* of 4 bytes: more than most second-level caches */
    STEPS = 1500000,
    REFERENCE_US = 30000,       /* on the machine where the limits were chosen */
};

static uint32_t cell[CELLS];

/* One cycle through all cells, in an order without pattern (Sattolo 1986). */
static void shuffle(void)
{
    uint64_t state = 1;
    uint32_t i;

    for (i = 0; i < CELLS; i++)
        cell[i] = i;
    for (i = CELLS - 1; i > 0; i--) {
        uint32_t other, kept = cell[i];
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        other = (uint32_t)((state >> 32) * i >> 32);
        cell[i] = cell[other];
        cell[other] = kept;
    }
}

static uint64_t work(void)
{
    uint64_t z = 1;
    uint32_t i, at = 0;

    for (i = 0; i < MIXES; i++)
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull + i;
    for (i = 0; i < STEPS; i++)
        at = cell[at];
    return z + at;
}

static uint64_t cpu_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

int main(void)
{
    uint64_t sum = 0;
    uint64_t best = UINT64_MAX;
    double factor;
    int i;

    shuffle();
    for (i = 0; i < ROUNDS; i++) {
        uint64_t start = cpu_us(), took;
        sum += work();
        took = cpu_us() - start;
        best = took < best ? took : best;
    }
    if (sum == 0)                   /* never; but the work must not be optimised away */
        return EXIT_FAILURE;
    factor = (double)best / REFERENCE_US;
    printf("%.2f\t%llu\n", factor < 1 ? 1 : factor, (unsigned long long)best);
    return EXIT_SUCCESS;
}

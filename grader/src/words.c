/*
 * words.c - what a test calls that needs neither Criterion nor a ledger: random numbers,
 * hashes, and catching a panic.
 */
#include "words.h"

#include <string.h>

#include "fatal.h"
#include "gt.h"

static uint64_t state;

void words_seed(uint64_t seed)
{
    state = seed;
}

/* SplitMix64 (Steele, Lea and Flood 2014): one addition and a mix for each number. */
uint64_t gt_rand(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

uint64_t gt_hash(const void *p, size_t n)
{
    const unsigned char *byte = p;
    uint64_t hash = 0xcbf29ce484222325ull;
    size_t i;

    for (i = 0; i < n; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3ull;
    return hash;
}

bool gt_panicked(void (*fn)(void *), void *arg, const char *text)
{
    char got[FATAL_TEXT];

    return !fatal_try(fn, arg, got) && strcmp(got, text) == 0;
}

uint64_t gt_panic_hash(void (*fn)(void *), void *arg)
{
    char got[FATAL_TEXT];

    return fatal_try(fn, arg, got) ? 0 : gt_hash(got, strlen(got));
}

uint64_t words_test_seed(uint64_t seed, const char *test)
{
    return seed ^ gt_hash(test, strlen(test));
}

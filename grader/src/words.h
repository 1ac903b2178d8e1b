/*
 * words.h - starting the random numbers of a test.
 */
#ifndef GRADER_WORDS_H
#define GRADER_WORDS_H

#include <stdint.h>

/* The seed of all numbers that follow. Before any test body runs. */
void words_seed(uint64_t seed);

/* The seed of one test: the run's seed and the test's name, mixed. */
uint64_t words_test_seed(uint64_t seed, const char *test);

#endif

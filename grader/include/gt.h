/*
 * gt.h - the words that a test is written in.
 *
 * A test file is written once and built three times:
 *
 *   GT_PUBLIC   with Criterion and the student's object, in one process: the best messages
 *   GT_SUBJECT  with the student's object and without Criterion; what the test observes
 *               goes into a ledger, and the expected values are not even compiled in
 *   GT_JUDGE    with Criterion and without the student's object; each test runs the
 *               reference's subject and the student's on one seed and compares ledgers
 *
 * A test records at least one value that depends on gt_rand(), or a ledger full of
 * right answers could be written by somebody who never did the work.
 *
 * What a test gets from the student and must free, it frees with free(): in every build
 * that has a student's object, this header makes it the counting one.
 */
#ifndef GT_H
#define GT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The next number of this run's seed; the same for reference and student. */
uint64_t gt_rand(void);

/* A number below n, which is not 0. */
static inline uint64_t gt_below(uint64_t n)
{
    return gt_rand() % n;
}

/* What the student's object, and nothing else in the process, has allocated and freed
   since gt_start: malloc and its family, and the runtime's gort_alloc. */
struct gt_counts {
    uint64_t allocs;            /* blocks of malloc and its family, and of gort_alloc */
    uint64_t bytes;             /* bytes asked for */
    uint64_t frees;             /* blocks given back */
    uint64_t live;              /* blocks of the malloc family not yet freed */
    uint64_t live_bytes;
};
struct gt_counts gt_counts(void);

/* Begins and ends the part of a test whose allocations its budget covers. Without them it
   is the whole test. */
void gt_start(void);
void gt_stop(void);

/* The k-th allocation of the malloc family from now on, counted from 1, returns NULL, and
   so does every later one; 0 switches that off. */
void gt_fail_at(unsigned k);

/* FNV-1a of n bytes: how text and memory enter the ledger. */
uint64_t gt_hash(const void *p, size_t n);

/* A test as the subject finds it, and how its body adds to the ledger: the line in the
   test's source, and what was seen there. */
struct gt_case {
    const char *name;           /* "suite/name" */
    void (*fn)(void);
};
void gt_record(uint32_t line, uint64_t value);

/* The counting free. In a test, `free` is this. */
void gt_free(void *p);

/* Runs fn(arg) and says whether it panicked with exactly this text. */
bool gt_panicked(void (*fn)(void *), void *arg, const char *text);

/* The same, for the ledger: the hash of the text it panicked with, 0 when it came back. */
uint64_t gt_panic_hash(void (*fn)(void *), void *arg);

#if defined GT_PUBLIC

#include <criterion/criterion.h>
#define GT(suite, name) Test(suite, name, .timeout = 10)
#define GT_EQ(actual, expected)                                                         \
    do {                                                                                \
        long long gt_a = (long long)(actual), gt_e = (long long)(expected);             \
        cr_assert(gt_a == gt_e, "%s: expected %lld, got %lld", #actual, gt_e, gt_a);    \
    } while (0)
#define GT_OK(cond) cr_assert((cond), "this does not hold: %s", #cond)
#define GT_VAL(actual) ((void)(actual))
#define GT_STR(actual, expected)                                                        \
    do {                                                                                \
        const char *gt_a = (actual), *gt_e = (expected);                                \
        cr_assert(gt_a != NULL && strcmp(gt_a, gt_e) == 0,                              \
                  "%s: expected \"%s\", got \"%s\"", #actual, gt_e, gt_a ? gt_a : "(null)"); \
    } while (0)
#define GT_MEM(actual, expected, n)                                                     \
    cr_assert(memcmp((actual), (expected), (n)) == 0, "%s: the bytes differ", #actual)
#define GT_PANICS(fn, arg, text)                                                        \
    cr_assert(gt_panicked((fn), (arg), (text)), "%s must panic: %s", #fn, (text))

#elif defined GT_SUBJECT

#define GT(suite, name)                                                                 \
    static void gt_##suite##_##name(void);                                              \
    __attribute__((used, section("gt_cases"))) static const struct gt_case              \
        gt_case_##suite##_##name = {#suite "/" #name, gt_##suite##_##name};             \
    static void gt_##suite##_##name(void)
#define GT_EQ(actual, expected) gt_record(__LINE__, (uint64_t)(actual))
#define GT_OK(cond) gt_record(__LINE__, (cond) ? 1 : 0)
#define GT_VAL(actual) gt_record(__LINE__, (uint64_t)(actual))
#define GT_STR(actual, expected)                                                        \
    do {                                                                                \
        const char *gt_a = (actual);                                                    \
        gt_record(__LINE__, gt_a ? gt_hash(gt_a, strlen(gt_a)) : 0);                    \
    } while (0)
#define GT_MEM(actual, expected, n) gt_record(__LINE__, gt_hash((actual), (n)))
#define GT_PANICS(fn, arg, text) gt_record(__LINE__, gt_panic_hash((fn), (arg)))

#elif defined GT_JUDGE

#include <criterion/criterion.h>
void gt_judge(const char *test);
#define GT(suite, name)                                                                 \
    __attribute__((unused)) static void gt_##suite##_##name(void);                      \
    Test(suite, name) { gt_judge(#suite "/" #name); }                                   \
    static void gt_##suite##_##name(void)
#define GT_EQ(actual, expected) ((void)sizeof((actual) == (expected)))
#define GT_OK(cond) ((void)sizeof(cond))
#define GT_VAL(actual) ((void)sizeof(actual))
#define GT_STR(actual, expected) ((void)sizeof(actual), (void)sizeof(expected))
#define GT_MEM(actual, expected, n) ((void)sizeof(actual), (void)sizeof(expected))
#define GT_PANICS(fn, arg, text) ((void)sizeof(fn), (void)sizeof(arg), (void)sizeof(text))

#elif !defined GT_KIT              /* the grader's own objects only need the declarations */
#error "gt.h: define GT_PUBLIC, GT_SUBJECT or GT_JUDGE"
#endif

#if defined GT_PUBLIC || defined GT_SUBJECT
#define free(p) gt_free(p)
#endif

#endif

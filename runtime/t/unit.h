/*
 * unit.h - the words of the runtime's unit tests.
 *
 * They are Criterion's. Criterion 2.4.1 itself does not run under ThreadSanitizer: it stops
 * with `Could not initialize inheritable arena` or crashes. That flavour gets the few words
 * that are used here from unit.c: one forked child a test, and the same last line.
 * -DUNIT_FORK chooses them too. Memcheck is much faster so: Criterion executes the program
 * again for every test, and Valgrind then starts again for every test.
 */
#ifndef GORT_T_UNIT_H
#define GORT_T_UNIT_H

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined UNIT_FORK || defined __SANITIZE_THREAD__ || __has_feature(thread_sanitizer)

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define UNIT_OWN 1

struct unit_test {
    const char *suite, *name;
    void (*fn)(void);
    struct unit_test *next;
};

/* Adds a test to the program; called before main. */
void unit_add(struct unit_test *test);

/* Says that an assertion failed. When it is fatal, the test ends here. */
void unit_fail(bool fatal, const char *file, int line, const char *what, const char *why, ...);

/* Ends the test: it cannot be run here. */
_Noreturn void unit_skip(const char *why);

#define Test(suite_, name_, ...)                                                        \
    static void suite_##_##name_(void);                                                 \
    __attribute__((constructor)) static void suite_##_##name_##_add(void)               \
    {                                                                                   \
        static struct unit_test test = {#suite_, #name_, suite_##_##name_, NULL};       \
        unit_add(&test);                                                                \
    }                                                                                   \
    static void suite_##_##name_(void)
#define UNIT_CHECK(fatal, cond, ...)                                                    \
    do {                                                                                \
        if (!(cond))                                                                    \
            unit_fail(fatal, __FILE__, __LINE__, #cond, "" __VA_ARGS__);                \
    } while (0)
#define cr_assert(cond, ...) UNIT_CHECK(true, cond, __VA_ARGS__)
#define cr_expect(cond, ...) UNIT_CHECK(false, cond, __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) UNIT_CHECK(true, strcmp((a), (b)) == 0, __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) UNIT_CHECK(false, strcmp((a), (b)) == 0, __VA_ARGS__)
#define cr_skip_test(why) unit_skip(why)

#else

#define UNIT_OWN 0
#include <criterion/criterion.h>

#endif

#endif

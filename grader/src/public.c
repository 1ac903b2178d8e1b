/*
 * public.c - the public tests, in one process with the student's object.
 *
 * Here Criterion sees the values, so it gives the best messages; and here nothing is
 * graded. The hooks run in Criterion's own process and append to the file that
 * GT_REPORT names, one line a test, tab-separated:
 *
 *     public  SUITE/NAME  WORD  FILE  LINE  MESSAGE
 *
 * WORD is pass, fail, crash, timeout, early-exit or not-started. A test that made no
 * assertion and did not say why was left before its end.
 */
#define GT_PUBLIC
#include <criterion/hooks.h>
#include <criterion/stats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fatal.h"
#include "gt.h"
#include "words.h"

static const char todo[] = "not started: ";

/* One line, without the characters that separate fields. */
static void put_clean(FILE *f, const char *text)
{
    for (; *text != '\0'; text++)
        fputc((unsigned char)*text < ' ' ? ' ' : *text, f);
}

static void put_report(const struct criterion_test_stats *t, const char *word,
                       const char *file, unsigned line, const char *message)
{
    const char *name = getenv("GT_REPORT");
    FILE *f = name != NULL ? fopen(name, "a") : NULL;

    if (f == NULL)
        return;
    fprintf(f, "public\t%s/%s\t%s\t%s\t%u\t", t->test->category, t->test->name, word, file, line);
    put_clean(f, message);
    fputc('\n', f);
    fclose(f);
}

/* The first assertion that failed, NULL when none did. */
static const struct criterion_assert_stats *failure(const struct criterion_test_stats *t)
{
    const struct criterion_assert_stats *a;

    for (a = t->asserts; a != NULL; a = a->next)
        if (!a->passed)
            return a;
    return NULL;
}

ReportHook(POST_TEST)(struct criterion_test_stats *t)
{
    const struct criterion_assert_stats *a = failure(t);

    if (a != NULL && strncmp(a->message, todo, strlen(todo)) == 0)
        put_report(t, "not-started", "", 0, a->message);
    else if (a != NULL)
        put_report(t, "fail", a->file, a->line, a->message);
    else if (t->timed_out)
        put_report(t, "timeout", "", 0, "");
    else if (t->crashed || t->signal != 0)
        put_report(t, "crash", "", 0, "");
    else if (t->passed_asserts == 0)
        put_report(t, "early-exit", "", 0, "");
    else
        put_report(t, "pass", "", 0, "");
}

ReportHook(TEST_CRASH)(struct criterion_test_stats *t)
{
    put_report(t, "crash", "", 0, strsignal(t->signal));
}

/* The runtime came to its end inside a test: that fails the test, with its words. */
static void stopped(enum fatal_kind kind, const char *room, const char *why)
{
    if (kind == FATAL_TODO)
        cr_assert_fail("%s%s", todo, why);
    if (kind == FATAL_PANIC)
        cr_assert_fail("it panics: %s", why);
    cr_assert_fail("the runtime stopped in %s: %s", room, why);
    abort();
}


/* Before main, in Criterion's process and so in every test's. */
__attribute__((constructor)) static void begin(void)
{
    const char *seed = getenv("GT_SEED");

    fatal_set_handler(stopped);
    words_seed(seed != NULL ? strtoull(seed, NULL, 10) : 1);
}

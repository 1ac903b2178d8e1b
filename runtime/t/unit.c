/*
 * unit.c - runs the unit tests where Criterion cannot: see unit.h.
 *
 * Each test runs in a child of its own. A test fails when an assertion failed, when it was
 * ended by a signal, and when ThreadSanitizer ended it. No test at all is a failure too.
 * Arguments are names of suites; without any, all of them run.
 */
#include "unit.h"

#if UNIT_OWN

#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, SKIPPED = 77, SECONDS = 60 };

static struct unit_test *first;
static bool failed;             /* in the child */

int main(int argc, char **argv);

void unit_add(struct unit_test *test)
{
    test->next = first;
    first = test;
}

void unit_fail(bool fatal, const char *file, int line, const char *what, const char *why, ...)
{
    va_list args;

    va_start(args, why);
    fprintf(stderr, "%s:%d: this does not hold: %s ", file, line, what);
    vfprintf(stderr, why, args);
    fprintf(stderr, "\n");
    va_end(args);
    failed = true;
    if (fatal)
        exit(FAILED);
}

_Noreturn void unit_skip(const char *why)
{
    fprintf(stderr, "skipped: %s\n", why);
    exit(SKIPPED);
}

/* Runs one test in a child, and returns its exit status, 128 and more for a signal. */
static int run(const struct unit_test *test)
{
    int status = 0;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        alarm(SECONDS);
        test->fn();
        exit(failed ? FAILED : 0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* True when no suite is named, or the test's is. */
static bool is_wanted(const struct unit_test *test, char **suites)
{
    for (char **suite = suites; *suite; suite++) {
        if (strcmp(*suite, test->suite) == 0)
            return true;
    }
    return *suites == NULL;
}

int main(int argc, char **argv)
{
    int tested = 0, passing = 0;

    for (const struct unit_test *test = first; test; test = test->next) {
        int status = is_wanted(test, argv + (argc > 0)) ? run(test) : SKIPPED;

        if (status == SKIPPED)
            continue;
        tested++;
        passing += status == 0;
        if (status != 0)
            printf("[FAIL] %s::%s: status %d\n", test->suite, test->name, status);
    }
    printf("[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: 0\n", tested,
           passing, tested - passing);
    return tested > 0 && tested == passing ? 0 : 1;
}

#endif

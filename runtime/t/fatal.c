/*
 * fatal.c - unit tests of base/fatal.c.
 */
#include "fatal.h"

#include "help.h"
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void throws(void *unused)
{
    (void)unused;
    unsetenv("GOTRACEBACK");
    rt_throw("mspan", "the unit test wants it");
}

static void panics(void *unused)
{
    (void)unused;
    unsetenv("GOTRACEBACK");
    rt_panic("index out of range [%d] with length %d", 5, 3);
}

static void crashes(void *unused)
{
    struct rlimit none = {0, 0};

    (void)unused;
    setrlimit(RLIMIT_CORE, &none);
    setenv("GOTRACEBACK", "crash", 1);
    rt_throw("mspan", "the unit test wants it");
}

static void is_todo(void *unused)
{
    (void)unused;
    rt_todo("ex4", "mspan_take");
}

static _Noreturn void handler(enum fatal_kind kind, const char *room, const char *why)
{
    fprintf(stderr, "%d/%s/%s", (int)kind, room, why);
    _exit(9);
}

static void throws_with_a_handler(void *unused)
{
    fatal_set_handler(handler);
    throws(unused);
}

static void todo_with_a_handler(void *unused)
{
    fatal_set_handler(handler);
    is_todo(unused);
}

static void comes_back(void *arg)
{
    ++*(int *)arg;
}

static void throws_inside_a_try(void *unused)
{
    char text[FATAL_TEXT];

    fatal_try(throws, unused, text);
}

Test(fatal, a_throw_ends_with_status_2_and_names_its_room)
{
    struct t_end end = t_child(throws, NULL);

    cr_expect(end.status == 2);
    cr_expect_str_eq(end.err, "fatal error: the unit test wants it\n"
                              "in room mspan: see runtime/*/mspan.c\n");
}

Test(fatal, a_panic_ends_with_status_2_and_its_text)
{
    struct t_end end = t_child(panics, NULL);

    cr_expect(end.status == 2);
    cr_expect_str_eq(end.err, "panic: index out of range [5] with length 3\n");
}

Test(fatal, gotraceback_crash_ends_with_abort)
{
    cr_expect(t_child(crashes, NULL).status == 128 + SIGABRT);
}

Test(fatal, a_hole_says_where_to_write)
{
    struct t_end end = t_child(is_todo, NULL);

    cr_expect(end.status == 2);
    cr_expect_str_eq(end.err, "not started: mspan_take (look for TODO(ex4) in your exercises)\n");
}

Test(fatal, a_handler_is_told_and_nothing_is_printed)
{
    struct t_end end = t_child(throws_with_a_handler, NULL);

    cr_expect(end.status == 9);
    cr_expect_str_eq(end.err, "0/mspan/the unit test wants it");
}

Test(fatal, a_handler_can_tell_a_hole_from_a_throw)
{
    cr_expect_str_eq(t_child(todo_with_a_handler, NULL).err, "2/ex4/mspan_take");
}

Test(fatal, a_try_catches_a_panic_and_its_text)
{
    char text[FATAL_TEXT] = "";

    cr_expect(!fatal_try(panics, NULL, text));
    cr_expect_str_eq(text, "index out of range [5] with length 3");
}

Test(fatal, a_try_without_a_panic_is_true)
{
    char text[FATAL_TEXT];
    int calls = 0;

    cr_expect(fatal_try(comes_back, &calls, text));
    cr_expect(calls == 1);
}

Test(fatal, a_try_does_not_catch_a_throw)
{
    cr_expect(t_child(throws_inside_a_try, NULL).status == 2);
}

struct depth {
    int left;
    int caught;
};

/* Tries itself, one level deeper, and panics when the inner one has panicked. */
static void nests(void *arg)
{
    struct depth *d = arg;
    char text[FATAL_TEXT], expected[FATAL_TEXT];
    int level = d->left--;

    if (level > 0) {
        cr_assert(!fatal_try(nests, d, text));
        snprintf(expected, sizeof expected, "level %d", level - 1);
        cr_assert_str_eq(text, expected);
        d->caught++;
    }
    rt_panic("level %d", level);
}

Test(fatal, tries_nest_and_each_panic_goes_to_the_innermost)
{
    struct depth d = {.left = 3};
    char text[FATAL_TEXT];

    cr_expect(!fatal_try(nests, &d, text));
    cr_expect_str_eq(text, "level 3");
    cr_expect(d.caught == 3);
}

static void panics_after_tries(void *unused)
{
    char text[FATAL_TEXT];
    int calls = 0;

    (void)unused;
    unsetenv("GOTRACEBACK");
    fatal_try(panics, NULL, text);
    fatal_try(comes_back, &calls, text);
    rt_panic("nobody catches this");
}

Test(fatal, after_a_try_a_panic_ends_the_process_again)
{
    struct t_end end = t_child(panics_after_tries, NULL);

    cr_expect(end.status == 2);
    cr_expect_str_eq(end.err, "panic: nobody catches this\n");
}

static void panics_at_length(void *unused)
{
    char text[2 * FATAL_TEXT];

    (void)unused;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    rt_panic("%s", text);
}

Test(fatal, a_long_text_is_cut)
{
    char text[FATAL_TEXT];

    cr_expect(!fatal_try(panics_at_length, NULL, text));
    cr_expect(strlen(text) == FATAL_TEXT - 1);
}

#ifdef GORT_CHECK
static void breaks_an_invariant(void *arg)
{
    INVARIANT("fatal", *(int *)arg == 1);
}

Test(fatal, a_broken_invariant_throws_its_own_words)
{
    int zero = 0;
    struct t_end end = t_child(breaks_an_invariant, &zero);

    cr_expect(end.status == 2);
    cr_expect(strncmp(end.err, "fatal error: *(int *)arg == 1\n", 30) == 0, "%s", end.err);
}
#endif

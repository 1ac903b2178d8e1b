/*
 * gstack.c - unit tests of sched/gstack.c and ctx.c: stacks and switches without goroutines.
 */
#include "gstack.h"

#include "help.h"
#include "os.h"
#include "san.h"
#include "thread.h"
#include "unit.h"

#include <fenv.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct ctx mine;
static struct gstack *s;
static int steps;

/* Comes back to the test after each step. */
static void steps_along(void)
{
    ctx_begun();
    for (;;) {
        steps++;
        ctx_switch(&s->ctx, &mine);
    }
}

static void begin(void)
{
    gstack_init(steps_along);
    ctx_adopt(&mine);
    s = gstack_get();
}

Test(gstack, a_switch_goes_there_and_back)
{
    begin();
    for (int i = 1; i <= 3; i++) {
        ctx_switch(&mine, &s->ctx);
        cr_assert(steps == i);
    }
}

static double kept;

static void changes_the_registers(void)
{
    ctx_begun();
    fesetround(FE_UPWARD);
    for (;;) {
        kept = 1;
        ctx_switch(&s->ctx, &mine);
        kept = fegetround() == FE_UPWARD;
        ctx_switch(&s->ctx, &mine);
    }
}

Test(gstack, the_rounding_mode_belongs_to_the_stack)
{
    gstack_init(changes_the_registers);
    ctx_adopt(&mine);
    s = gstack_get();
    ctx_switch(&mine, &s->ctx);
    cr_expect(fegetround() == FE_TONEAREST);
    fesetround(FE_DOWNWARD);
    ctx_switch(&mine, &s->ctx);
    cr_expect(kept == 1);
    cr_expect(fegetround() == FE_DOWNWARD);
    fesetround(FE_TONEAREST);
}

Test(gstack, a_slot_is_aligned_to_its_size_and_knows_its_record)
{
    begin();
    cr_expect(((s->ctx.lo - GSTACK_GUARD) & (GSTACK_SLOT - 1)) == 0);
    cr_expect(gstack_of((uintptr_t)s - 1000) == s);
    cr_expect(gstack_at((uintptr_t)s - 1000) == s);
    cr_expect(gstack_at((uintptr_t)&mine) == NULL);
    cr_expect(gstack_check(s) == 0);
}

Test(gstack, neighbours_begin_at_different_offsets)
{
    struct gstack *next;

    begin();
    next = gstack_get();
    cr_expect((gstack_top(s) & (GSTACK_SLOT - 1)) != (gstack_top(next) & (GSTACK_SLOT - 1)));
}

Test(gstack, what_was_given_back_is_used_first)
{
    begin();
    s->next = NULL;
    gstack_put(s, 1);
    cr_expect(gstack_get() == s);
}

Test(gstack, a_damaged_canary_is_found)
{
    begin();
    *(char *)s->ctx.lo = 1;
    cr_expect(gstack_check(s) == 2);
}

static void touches_the_guard(void *unused)
{
    (void)unused;
    begin();
    *(volatile char *)(s->ctx.lo - 1) = 1;
}

Test(gstack, the_page_below_a_stack_may_not_be_touched)
{
    if (!san_watching() && !CTX_TSAN)   /* the tools would report it */
        cr_expect(t_child(touches_the_guard, NULL).status == 128 + SIGSEGV);
    begin();
    cr_expect(gstack_is_guard(s->ctx.lo - 1) && !gstack_is_guard(s->ctx.lo));
}

static void has_no_guards(void *unused)
{
    (void)unused;
    thread_fail_at(THREAD_GUARD, 1);
    begin();
    gstack_get();
    *(volatile char *)(s->ctx.lo - 1) = 1;
}

Test(gstack, without_guards_it_goes_on_and_says_so_once)
{
    struct t_end end = t_child(has_no_guards, NULL);

    cr_expect(end.status == 0);
    cr_expect_str_eq(end.err,
                     "runtime: no more guard pages; overflows of further stacks are found late\n");
}

static void cannot_commit(void *unused)
{
    (void)unused;
    os_fail_at(OS_COMMIT, 1);
    begin();
}

Test(gstack, no_memory_for_stacks_throws)
{
    struct t_end end = t_child(cannot_commit, NULL);

    cr_expect(end.status == 2);
    cr_expect(strncmp(end.err, "fatal error: out of memory", 26) == 0, "%s", end.err);
}

static void cannot_reserve(void *unused)
{
    (void)unused;
    os_fail_at(OS_RESERVE, 1);
    begin();
}

Test(gstack, no_address_space_for_stacks_throws)
{
    cr_expect(t_child(cannot_reserve, NULL).status == 2);
}

#if !CTX_TSAN
Test(gstack, trimmed_stacks_begin_anew)
{
    enum { MORE = GSTACK_KEEP + 10 };
    struct gstack *first = NULL;
    struct gstack_stats stats;

    begin();
    for (int i = 0; i < MORE; i++) {
        struct gstack *one = gstack_get();

        one->next = first;
        first = one;
    }
    gstack_put(first, MORE);
    gstack_trim();
    gstack_stats(&stats);
    cr_expect(stats.free == GSTACK_KEEP && stats.trimmed == 10);
    for (int i = 0; i < MORE; i++)
        s = gstack_get();
    cr_expect(gstack_check(s) == 0);
    ctx_switch(&mine, &s->ctx);
    cr_expect(steps == 1);
}
#endif

static int restarts;

static void starts_over(void)
{
    ctx_begun();
    if (restarts++ < 3)
        ctx_restart(&s->ctx, gstack_top(s), starts_over);
    ctx_switch(&s->ctx, &mine);
}

Test(gstack, a_context_can_start_over)
{
    gstack_init(starts_over);
    ctx_adopt(&mine);
    s = gstack_get();
    ctx_switch(&mine, &s->ctx);
    cr_expect(restarts == 4);
}

Test(thread, the_process_may_use_a_processor)
{
    cr_expect(thread_cpus() >= 1);
}

static void *nothing(void *unused)
{
    return unused;
}

Test(thread, starting_fails_from_the_call_that_was_named)
{
    pthread_t id;

    thread_fail_at(THREAD_START, 2);
    cr_expect(thread_start(&id, nothing, NULL));
    cr_expect(!thread_start(&id, nothing, NULL));
    cr_expect(!thread_start(&id, nothing, NULL));
    thread_fail_at(THREAD_START, 0);
}

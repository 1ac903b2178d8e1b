/*
 * nomem.c - what happens when the system has no memory left.
 *
 * The n-th call of a kind fails, and every later one, for n = 1, 2, ... until nothing fails
 * any more. Each time the process must end with status 2 and say `out of memory`: never by a
 * signal, never in silence.
 */
#include "help.h"
#include "unit.h"
#include "malloc.h"
#include "mheap.h"
#include "os.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct fault {
    enum os_call call;
    unsigned n;
};

static void *allocates_a_bit_of_all(void *unused)
{
    for (size_t size = 1; size <= 100000; size = size * 3 / 2 + 1)
        memset(gort_alloc(size, NULL), 1, size);
    memset(gort_alloc((size_t)9 << 20, NULL), 1, (size_t)9 << 20);
    return unused;
}

static void runs_with_fault(void *arg)
{
    struct fault *fault = arg;
    pthread_t thread;

    os_fail_at(fault->call, fault->n);
    allocates_a_bit_of_all(NULL);
    mheap_sweep();
    if (pthread_create(&thread, NULL, allocates_a_bit_of_all, NULL) == 0)
        pthread_join(thread, NULL);
}

/* Returns how many faults it took until the program ran through. */
static unsigned loop(enum os_call call)
{
    const char *words = "fatal error: out of memory: ";

    for (unsigned n = 1; n < 100; n++) {
        struct fault fault = {call, n};
        struct t_end end = t_child(runs_with_fault, &fault);

        if (end.status == 0)
            return n;
        cr_assert(end.status == 2, "call %d, fault %u: status %d", (int)call, n, end.status);
        cr_assert(strncmp(end.err, words, strlen(words)) == 0, "call %d, fault %u: %s",
                  (int)call, n, end.err);
    }
    return 0;
}

Test(nomem, every_refused_reservation_is_told)
{
    cr_expect(loop(OS_RESERVE) >= 3);
}

Test(nomem, every_refused_commit_is_told)
{
    cr_expect(loop(OS_COMMIT) > 4);
}

Test(nomem, every_refused_record_is_told)
{
    cr_expect(loop(OS_METADATA) > 4);
}

static void allocates_under_a_limit(void *bytes)
{
    struct rlimit limit = {*(rlim_t *)bytes, *(rlim_t *)bytes};

    setrlimit(RLIMIT_AS, &limit);
    allocates_a_bit_of_all(NULL);
    if (malloc(limit.rlim_cur / 5 * 3) == NULL)
        fprintf(stderr, "nothing is left for malloc");
}

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define UNLIMITED true
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNLIMITED true
#endif
#endif
#ifndef UNLIMITED
#define UNLIMITED false
#endif

Test(nomem, a_limited_address_space_gets_a_smaller_heap)
{
    rlim_t limit = (rlim_t)2 << 30;
    struct t_end end;

    if (UNLIMITED)
        cr_skip_test("a sanitizer needs its address space");
    end = t_child(allocates_under_a_limit, &limit);
    cr_expect(end.status == 0 && end.err[0] == '\0', "status %d: %s", end.status, end.err);
}

/*
 * thread.c - what the scheduler asks of the operating system: threads, time, signals.
 *
 * Thin wrappers as in os.c, with the same fault counters. A thread starts with every signal
 * blocked, because it has no alternate stack yet, and lets in what the runtime handles once
 * it has one.
 *
 * The guard of a stack is found by going down a ladder. MADV_GUARD_INSTALL costs no mapping
 * and is the first choice; a kernel before 6.13 does not know it. A page without rights
 * splits its mapping in two, and a process may have some 65,000 mappings, so only the first
 * GUARDS_MPROTECT stacks get one. Under AddressSanitizer it is always mprotect: its leak
 * check reads whole mappings, and a guard installed by madvise is no border of one.
 *
 * Invariant, checked by the unit tests:
 *   I1  after thread_fail_at(call, n) exactly n - 1 calls succeed
 *
 * Go: newosproc, nanotime, signalM, futexsleep, getproccount in runtime/os_linux.go. Read
 * with module 44.
 */
#define _GNU_SOURCE             /* CPU_COUNT */
#include "thread.h"

#include "os.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#define BY_MADVISE 0
#else
#define BY_MADVISE 1
#endif

enum {
    ADVICE_GUARD_INSTALL = 102, /* of linux/mman.h, since 6.13 */
    GUARDS_MPROTECT = 30000,
    SECOND = 1000000000,        /* ns */
};

static struct {
    _Atomic unsigned fail[THREAD_CALLS];
    _Atomic bool no_madvise;    /* the kernel does not know it: only a hint, so relaxed */
    _Atomic unsigned mprotected;
} room = {.no_madvise = !BY_MADVISE};

static bool fails(enum thread_call call)
{
    unsigned left = atomic_load_explicit(&room.fail[call], memory_order_relaxed);

    if (left == 0)
        return false;
    while (left > 1)
        if (atomic_compare_exchange_weak_explicit(&room.fail[call], &left, left - 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return false;
    return left == 1;
}

void thread_fail_at(enum thread_call call, unsigned n)
{
    atomic_store_explicit(&room.fail[call], n, memory_order_relaxed);
}

bool thread_start(pthread_t *id, void *(*fn)(void *), void *arg)
{
    pthread_attr_t attr;
    sigset_t all, old;
    int error;

    if (fails(THREAD_START))
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    error = pthread_create(id, &attr, fn, arg);
    pthread_attr_destroy(&attr);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return error == 0;
}

uint32_t thread_cpus(void)
{
    cpu_set_t set;
    int n;

    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    n = CPU_COUNT(&set);
    return n > 0 ? (uint32_t)n : 1;
}

int64_t thread_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

void thread_wait_for(_Atomic uint32_t *word, uint32_t expected, int64_t ns)
{
    struct timespec t = {.tv_sec = ns / SECOND, .tv_nsec = ns % SECOND};
    int saved = errno;

    if (ns > 0)
        syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, &t, NULL, 0);
    errno = saved;
}

void thread_sleep(int64_t ns)
{
    struct timespec t = {.tv_sec = ns / SECOND, .tv_nsec = ns % SECOND};
    int saved = errno;

    nanosleep(&t, NULL);
    errno = saved;
}

void thread_small_pages(void *p, size_t size)
{
    madvise(p, size, MADV_NOHUGEPAGE);
}

bool thread_guard(void *p, size_t size, const char **how)
{
    if (fails(THREAD_GUARD))
        return false;
    if (!atomic_load_explicit(&room.no_madvise, memory_order_relaxed)) {
        if (madvise(p, size, ADVICE_GUARD_INSTALL) == 0) {
            *how = "madvise";
            return true;
        }
        atomic_store_explicit(&room.no_madvise, true, memory_order_relaxed);
    }
    if (atomic_fetch_add_explicit(&room.mprotected, 1, memory_order_relaxed) >= GUARDS_MPROTECT)
        return false;
    if (mprotect(p, size, PROT_NONE) != 0)
        return false;
    *how = "mprotect";
    return true;
}

void thread_on_signal(int sig, void (*handler)(int, siginfo_t *, void *), bool alternate)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | (alternate ? SA_ONSTACK : SA_RESTART | SA_NODEFER);
    sigaction(sig, &action, NULL);
}

void thread_let_signals_in(void *stack, size_t size)
{
    stack_t alternate = {.ss_sp = stack, .ss_size = size, .ss_flags = 0};
    sigset_t ours;

    sigaltstack(&alternate, NULL);
    sigemptyset(&ours);
    sigaddset(&ours, SIGURG);
    sigaddset(&ours, SIGSEGV);
    sigaddset(&ours, SIGBUS);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}

void thread_signal(pthread_t id, int sig)
{
    pthread_kill(id, sig);
}

void thread_default_signal(int sig)
{
    signal(sig, SIG_DFL);
}

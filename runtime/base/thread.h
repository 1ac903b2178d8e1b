/*
 * thread.h - what the scheduler asks of the operating system: threads, time, signals.
 *
 * The other half of os.h. What may fail has a fault counter here as well.
 *
 * Go: newosproc, nanotime, signalM in runtime/os_linux.go, futexsleep.
 */
#ifndef GORT_THREAD_H
#define GORT_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum thread_call {
    THREAD_START,
    THREAD_GUARD,
    THREAD_CALLS,               /* how many there are */
};

/* A detached thread that runs fn(arg) with every signal blocked. False when the system has
   none to give; otherwise *id names it. */
bool thread_start(pthread_t *id, void *(*fn)(void *), void *arg);

/* How many processors this process may use: its affinity mask. At least 1. */
uint32_t thread_cpus(void);

/* Nanoseconds on a clock that never goes back. */
int64_t thread_now(void);

/* As os_futex_wait, for at most ns nanoseconds. */
void thread_wait_for(_Atomic uint32_t *word, uint32_t expected, int64_t ns);

/* The calling thread sleeps. Signals may end that early. */
void thread_sleep(int64_t ns);

/* Asks for pages of OS_PAGE here, never for huge ones: most will never be touched. */
void thread_small_pages(void *p, size_t size);

/* Whoever touches these bytes, whole pages, gets a signal, until for ever. False when the
   system has no cheap way left; *how is then unchanged, else a word for what was done. */
bool thread_guard(void *p, size_t size, const char **how);

/* `handler` gets `sig` from now on, on the alternate stack when `alternate`. */
void thread_on_signal(int sig, void (*handler)(int, siginfo_t *, void *), bool alternate);

/* The calling thread's signals run on these bytes when their handler wants it; all signals
   that the runtime handles are let in. */
void thread_let_signals_in(void *stack, size_t size);

/* Sends `sig` to a thread. */
void thread_signal(pthread_t id, int sig);

/* A second handling of `sig` has the system's own effect; then the process ends. */
void thread_default_signal(int sig);

/* For tests: as os_fail_at. */
void thread_fail_at(enum thread_call call, unsigned n);

#endif

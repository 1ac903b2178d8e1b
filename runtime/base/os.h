/*
 * os.h - everything the runtime asks of the operating system.
 *
 * No other room of the runtime makes a system call. Each call that may fail has a fault
 * counter, so that a test can see what happens when it does.
 *
 * Go: runtime/mem_linux.go, os_linux.go.
 */
#ifndef GORT_OS_H
#define GORT_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum os_call {
    OS_RESERVE,
    OS_COMMIT,
    OS_RELEASE,
    OS_METADATA,
    OS_CALLS,                   /* how many there are */
};

enum { OS_PAGE = 4096 };        /* bytes: what addresses and sizes here are multiples of */

/* `size` bytes of address space that nobody may touch yet, aligned to `align`, a power of
   two. Costs no memory. NULL when there is no room for them. The caller owns them; they are
   never given back. */
void *os_reserve(size_t size, size_t align);

/* Makes reserved bytes usable: they read as zero. False when the system refuses. */
bool os_commit(void *p, size_t size);

/* Gives the memory behind committed bytes back; they stay usable and read as zero. False
   when the system refuses, and then nothing is sure about their contents. */
bool os_release(void *p, size_t size);

/* `size` zero bytes for the runtime's own records; never given back. NULL when there is no
   memory. The size is rounded up to OS_PAGE. */
void *os_metadata(size_t size);

/* Bytes that os_metadata has handed out in this process. */
size_t os_metadata_bytes(void);

/* Sleeps while *word is `expected`; may also return for no reason. */
void os_futex_wait(_Atomic uint32_t *word, uint32_t expected);

/* Wakes at most `n` threads that sleep on word. */
void os_futex_wake(_Atomic uint32_t *word, uint32_t n);

/* Lets another thread of this processor run. */
void os_yield(void);

/* Writes all n bytes to a file descriptor, as far as it takes them. */
void os_write(int fd, const void *p, size_t n);

/* Ends the process at once, without the C library's exit handlers. */
_Noreturn void os_exit(int status);

/* Ends the process by SIGABRT, so that a core is left where the system keeps them. */
_Noreturn void os_abort(void);

/* The value of an environment variable, "" when it is not set. Not the caller's. */
const char *os_getenv(const char *name);

/* A file, mapped to be read; *size is its length. NULL when that cannot be done. */
const char *os_map_file(const char *path, size_t *size);

/* For tests: the n-th `call` from now on, counted from 1, fails, and so does every later
   one; 0 switches that off. */
void os_fail_at(enum os_call call, unsigned n);

#endif

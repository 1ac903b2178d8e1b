/*
 * os.c - everything the runtime asks of the operating system.
 *
 * Thin wrappers, one system call each. What they add is the fault counter: a test says
 * "the third mapping fails", runs the code above, and looks how it ends. That is how the
 * paths for no memory are known to work before the day they are needed.
 *
 * Address space and memory are two things. os_reserve takes addresses, PROT_NONE, which
 * costs nothing and counts towards no limit but `ulimit -v`; os_commit makes a part of
 * them usable by mprotect, which is what `ulimit -d` counts.
 *
 * Invariant, checked by the unit tests:
 *   I1  after os_fail_at(call, n) exactly n - 1 calls succeed
 *
 * Refused: committing by MAP_FIXED over the reservation. A mistake in the address then
 * replaces somebody else's mapping in silence; mprotect answers with an error.
 *
 * Go: runtime/mem_linux.go, os_linux.go. Read with module 36.
 */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    /* For each call: 0 never fails, else fails when it counts down to 1 and stays there. */
    _Atomic unsigned fail[OS_CALLS];
    _Atomic size_t metadata;    /* bytes; only added to */
} os;

/* True when this call is one that a test wants to fail. */
static bool fails(enum os_call call)
{
    unsigned left = atomic_load_explicit(&os.fail[call], memory_order_relaxed);

    if (left == 0)
        return false;
    while (left > 1)
        if (atomic_compare_exchange_weak_explicit(&os.fail[call], &left, left - 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return false;
    return left == 1;
}

void os_fail_at(enum os_call call, unsigned n)
{
    atomic_store_explicit(&os.fail[call], n, memory_order_relaxed);
}

void *os_reserve(size_t size, size_t align)
{
    size_t slack = align > OS_PAGE ? align : 0;
    char *p, *aligned;

    if (fails(OS_RESERVE) || size + slack < size)
        return NULL;
    p = mmap(NULL, size + slack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    if (slack == 0)
        return p;
    aligned = p + (-(uintptr_t)p & (align - 1));
    if (aligned > p)
        munmap(p, (size_t)(aligned - p));
    munmap(aligned + size, slack - (size_t)(aligned - p));
    return aligned;
}

bool os_commit(void *p, size_t size)
{
    return !fails(OS_COMMIT) && mprotect(p, size, PROT_READ | PROT_WRITE) == 0;
}

bool os_release(void *p, size_t size)
{
    return !fails(OS_RELEASE) && madvise(p, size, MADV_DONTNEED) == 0;
}

void *os_metadata(size_t size)
{
    size_t whole = (size + OS_PAGE - 1) & ~(size_t)(OS_PAGE - 1);
    void *p;

    if (fails(OS_METADATA) || whole < size)
        return NULL;
    p = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    atomic_fetch_add_explicit(&os.metadata, whole, memory_order_relaxed);
    return p;
}

size_t os_metadata_bytes(void)
{
    return atomic_load_explicit(&os.metadata, memory_order_relaxed);
}

void os_futex_wait(_Atomic uint32_t *word, uint32_t expected)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
    errno = saved;
}

void os_futex_wake(_Atomic uint32_t *word, uint32_t n)
{
    int saved = errno;

    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
    errno = saved;
}

void os_yield(void)
{
    sched_yield();
}

void os_write(int fd, const void *p, size_t n)
{
    const char *at = p;

    while (n > 0) {
        ssize_t wrote = write(fd, at, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return;
        at += wrote;
        n -= (size_t)wrote;
    }
}

_Noreturn void os_exit(int status)
{
    _exit(status);
}

_Noreturn void os_abort(void)
{
    signal(SIGABRT, SIG_DFL);
    abort();
}

const char *os_getenv(const char *name)
{
    const char *value = getenv(name);

    return value ? value : "";
}

const char *os_map_file(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    void *p = MAP_FAILED;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && info.st_size > 0)
        p = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return NULL;
    *size = (size_t)info.st_size;
    return p;
}

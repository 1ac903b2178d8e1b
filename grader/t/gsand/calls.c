/*
 * calls.c - puts the strict filter on, then makes one call: calls WORDS CALL.
 *
 * Ends with 0 when the call succeeded, 7 when it failed, and by SIGSYS when it was killed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"

static void *thread(void *arg)
{
    return arg;
}

static int memory(void)
{
    char *p = mmap(NULL, 1 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p != MAP_FAILED && mprotect(p, 1 << 20, PROT_READ | PROT_WRITE) == 0 &&
           madvise(p, 1 << 20, MADV_DONTNEED) == 0 && munmap(p, 1 << 30) == 0;
}

static int heap(void)
{
    void *p = malloc(1 << 22), *q = realloc(p, 1 << 24), *r = malloc(100);

    free(q);
    free(r);
    return q != NULL && r != NULL;
}

static int print(void)
{
    return printf("%d\n", 1) == 2 && fflush(stdout) == 0 && time(NULL) > 0;
}

static int start_thread(void)
{
    pthread_t t;

    return pthread_create(&t, NULL, thread, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static int executable(int by_mprotect)
{
    int prot = by_mprotect ? PROT_READ | PROT_WRITE : PROT_READ | PROT_EXEC;
    void *p = mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p != MAP_FAILED && (!by_mprotect || mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0);
}

static int nap(void)
{
    struct timespec t = {0, 1000};

    return nanosleep(&t, NULL) == 0;
}

static int run(const char *call)
{
    struct stat st;

    if (strcmp(call, "memory") == 0) return memory();
    if (strcmp(call, "heap") == 0) return heap();
    if (strcmp(call, "print") == 0) return print();
    if (strcmp(call, "thread") == 0) return start_thread();
    if (strcmp(call, "execmap") == 0) return executable(0);
    if (strcmp(call, "execprotect") == 0) return executable(1);
    if (strcmp(call, "sleep") == 0) return nap();
    if (strcmp(call, "epoll") == 0) return epoll_create1(0) >= 0;
    if (strcmp(call, "eventfd") == 0) return eventfd(0, 0) >= 0;
    if (strcmp(call, "open") == 0) return open("/usr", O_RDONLY) >= 0;
    if (strcmp(call, "stat") == 0) return stat("/usr", &st) == 0;
    if (strcmp(call, "socket") == 0) return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
    if (strcmp(call, "memfd") == 0) return memfd_create("x", 0) >= 0;
    if (strcmp(call, "fork") == 0) return fork() >= 0;
    if (strcmp(call, "exec") == 0) return execl("/usr/bin/true", "true", (char *)NULL);
    if (strcmp(call, "kill") == 0) return kill(getppid(), 0) == 0;
    if (strcmp(call, "unlink") == 0) return unlink("nothing") == 0;
    if (strcmp(call, "abort") == 0) abort();
    if (strcmp(call, "none") == 0) return 1;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 9;
    if (!filter_install(argv[1]))
        return 8;
    _exit(run(argv[2]) ? 0 : 7);
}

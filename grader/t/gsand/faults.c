/*
 * faults.c - one program with every fault that gsand must stop: faults NAME.
 *
 * Ends with 0 when the fault had its way, so that a test can tell a wall from a failure
 * of the test: `open PATH`, `write PATH`, `socket` and `fork` succeed where there is none.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static volatile unsigned turns;

static int spin(void)
{
    while (turns < 1)
        turns = 0;
    return 0;
}

static int deaf(void)
{
    int s;

    for (s = 1; s < 65; s++)
        signal(s, SIG_IGN);
    return spin();
}

static int nap(void)
{
    while (pause() < 0)
        ;
    return 0;
}

/* Touches 64 MiB at a time, as private or shared memory, until it gets no more. */
static int eat(int flags)
{
    unsigned total;

    for (total = 0; total < 2048; total += 64) {
        void *p = mmap(NULL, 64 * MIB, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return 7;
        memset(p, 1, 64 * MIB);
    }
    return 0;
}

static int reserve(void)
{
    size_t size = (size_t)64 << 30;
    char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p == MAP_FAILED || mprotect(p, MIB, PROT_READ | PROT_WRITE) != 0;
}

static int bomb(void)
{
    while (turns < 1)
        if (fork() < 0)
            usleep(1000);
    return 0;
}

/* Twice forked, in a session of its own, and nobody's child. */
static int hide(void)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            setsid();
            execl("/usr/bin/sleep", "gsand-stray", "300", (char *)NULL);
        }
        _exit(0);
    }
    wait(NULL);
    usleep(20000);
    return 0;
}

static int flood(void)
{
    static char chunk[MIB];
    int i;

    memset(chunk, 'A', sizeof chunk);
    for (i = 0; i < 3000; i++)
        if (write(1, chunk, sizeof chunk) <= 0)
            break;
    return 0;
}

static int big_file(void)
{
    static char chunk[MIB];
    int i, fd = open("big", O_CREAT | O_WRONLY, 0600);

    for (i = 0; i < 256; i++)
        if (write(fd, chunk, sizeof chunk) != (ssize_t)sizeof chunk)
            return 7;
    return 0;
}

static int descriptors(void)
{
    int n = 0;

    while (dup(0) >= 0)
        n++;
    printf("%d\n", n);
    return n > 1000 ? 0 : 7;
}

static int inherited(void)
{
    int fd, n = 0;

    for (fd = 3; fd < 4096; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void *thread(void *arg)
{
    return arg;
}

static int threads(void)
{
    pthread_t t;

    return pthread_create(&t, NULL, thread, NULL) != 0 || pthread_join(t, NULL) != 0;
}

static int start_one(void)
{
    pid_t p = fork();

    if (p == 0)
        _exit(0);
    return p < 0 ? 7 : 0;
}

/* Folders in folders, far deeper than a path can be long. */
static int dig(const char *name)
{
    int depth;

    for (depth = 0; depth < 3000; depth++)
        if (mkdir(name, 0700) != 0 || chdir(name) != 0)
            return 7;
    return mkdir("shut", 0) != 0 ? 7 : 0;
}

static int with_path(const char *what, const char *path)
{
    if (strcmp(what, "open") == 0)
        return open(path, O_RDONLY) < 0 ? 7 : 0;
    if (strcmp(what, "write") == 0)
        return open(path, O_WRONLY | O_CREAT, 0600) < 0 ? 7 : 0;
    if (strcmp(what, "chmod") == 0)
        return chmod(path, 0777) != 0 ? 7 : 0;
    if (strcmp(what, "cut") == 0)
        return open(path, O_RDONLY | O_TRUNC) < 0 ? 7 : 0;
    if (strcmp(what, "kill") == 0)
        return kill((pid_t)atol(path), SIGTERM) != 0 ? 7 : 0;
    if (strcmp(what, "deep") == 0)
        return dig(path);
    return 9;
}

static int one_word(const char *what)
{
    static const struct {
        const char *name;
        int (*fn)(void);
    } faults[] = {
        {"spin", spin}, {"deaf", deaf}, {"nap", nap}, {"reserve", reserve}, {"bomb", bomb},
        {"hide", hide}, {"flood", flood}, {"file", big_file}, {"descriptors", descriptors},
        {"inherited", inherited}, {"threads", threads}, {"fork", start_one},
    };
    size_t i;

    for (i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].name, what) == 0)
            return faults[i].fn();
    if (strcmp(what, "eat") == 0)
        return eat(MAP_PRIVATE);
    if (strcmp(what, "share") == 0)
        return eat(MAP_SHARED);
    if (strcmp(what, "socket") == 0)
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 7 : 0;
    if (strcmp(what, "ptrace") == 0)
        return (int)syscall(SYS_ptrace, 0, 0, 0, 0);
    if (strcmp(what, "unshare") == 0)
        return (int)syscall(SYS_unshare, 0x10000000);
    if (strcmp(what, "stop") == 0)
        return raise(SIGSTOP);
    return 9;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc == 3)
        return with_path(argv[1], argv[2]);
    return argc == 2 ? one_word(argv[1]) : 9;
}

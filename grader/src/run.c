/*
 * run.c - runs one subject under limits.
 *
 * The deadline is kept from outside: nothing that runs in the subject can stretch it.
 * The judge is a subreaper, so that a child that the subject left behind becomes ours,
 * and dies with the group.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ledger.h"

enum { DESCRIPTORS = 16 };

static uint32_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit l = {soft, hard};

    if (setrlimit(resource, &l) != 0)
        _exit(125);
}

/* In the child: leaves nothing of ours but the ledger, then becomes the subject. */
static void become(const char *program, const char *test, int ledger,
                   const struct run_limits *limits)
{
    char *argv[] = {(char *)program, (char *)test, NULL};
    char *env[] = {NULL};
    int null = open("/dev/null", O_RDWR);

    setpgid(0, 0);
    if (null < 0 || dup2(ledger, LEDGER_FD + 1) < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
        dup2(null, 2) < 0 || dup2(LEDGER_FD + 1, LEDGER_FD) < 0)
        _exit(125);
    if (syscall(SYS_close_range, LEDGER_FD + 1, ~0u, 0) != 0)
        _exit(125);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, 0, 0);
    limit(RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS);
    limit(RLIMIT_DATA, (rlim_t)limits->memory << 20, (rlim_t)limits->memory << 20);
    limit(RLIMIT_CPU, limits->cpu, limits->cpu + 1);
    execve(program, argv, env);
    _exit(125);
}

/* Waits until the child ends or the time is over; true when it ended. */
static bool wait_for(pid_t child, unsigned seconds)
{
    uint32_t start = now_ms(), limit_ms = seconds * 1000;
    struct pollfd end = {(int)syscall(SYS_pidfd_open, child, 0), POLLIN, 0};
    int ready = 0;

    do {
        uint32_t gone = now_ms() - start;
        ready = gone < limit_ms ? poll(&end, 1, (int)(limit_ms - gone)) : 0;
    } while (ready < 0 && errno == EINTR);
    if (end.fd >= 0)
        close(end.fd);
    return ready == 1;
}

bool run_subject(const char *program, const char *test, int ledger,
                 const struct run_limits *limits, struct run_result *result)
{
    uint32_t start = now_ms();
    pid_t child;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    child = fork();
    if (child < 0)
        return false;
    if (child == 0)
        become(program, test, ledger, limits);
    setpgid(child, child);
    result->timed_out = !wait_for(child, limits->wall);
    kill(-child, SIGKILL);
    while (waitpid(child, &result->status, 0) < 0 && errno == EINTR)
        ;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    result->wall_ms = now_ms() - start;
    return !(WIFEXITED(result->status) && WEXITSTATUS(result->status) == 125);
}

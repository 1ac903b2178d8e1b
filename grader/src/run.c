/*
 * run.c - runs one subject in the sandbox.
 *
 * gsand keeps every limit and sees to it that nothing survives; here it is given its
 * options, and its report is read back. The report is written to a memory file that
 * the subject never holds.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger.h"

enum { OPTION = 64, REPORT = 512, RESIDENT_SLACK = 64 };

struct command {
    char wall[OPTION], cpu[OPTION], data[OPTION], rss[OPTION], keep[OPTION], report[OPTION];
    char tier[OPTION], words[OPTION * 2];
    char *argv[24];
};

/* gsand's command line. A subject has one process and few descriptors, writes no file, and
   may print a little, which nobody reads. */
static void compose(struct command *c, const char *program, const char *test, int ledger,
                    int report, const struct run_limits *limits)
{
    char *const argv[] = {
        (char *)limits->launcher, c->tier, c->wall, c->cpu, c->data, c->rss, c->keep, c->report,
        "--processes=64", "--descriptors=16", "--file=0", "--output=1024", "--filter=strict",
        "--", (char *)program, c->words, (char *)test, NULL,
    };

    snprintf(c->tier, OPTION, "--tier=%s", limits->tier);
    snprintf(c->wall, OPTION, "--wall=%u", limits->wall_ms);
    snprintf(c->cpu, OPTION, "--cpu=%u", limits->cpu);
    snprintf(c->data, OPTION, "--data=%u", limits->memory);
    snprintf(c->rss, OPTION, "--rss=%u", limits->memory + RESIDENT_SLACK);
    snprintf(c->keep, OPTION, "--keep=%d=%d", ledger, LEDGER_FD);
    snprintf(c->report, OPTION, "--report=/proc/self/fd/%d", report);
    snprintf(c->words, sizeof c->words, "--syscalls=%s", limits->syscalls);
    memcpy(c->argv, argv, sizeof argv);
}

/* In the child: the two descriptors stay open, and gsand ends when we do. */
static _Noreturn void launch(const struct command *c, int ledger, int report)
{
    char *env[] = {NULL};

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    fcntl(ledger, F_SETFD, 0);
    fcntl(report, F_SETFD, 0);
    execve(c->argv[0], c->argv, env);
    _exit(3);
}

static bool read_report(int report, struct run_result *result)
{
    char line[REPORT];
    ssize_t n = pread(report, line, sizeof line - 1, 0);

    if (n <= 0)
        return false;
    line[n] = '\0';
    return sscanf(line, "{\"outcome\":\"%15[a-z]\",\"status\":%d,\"signal\":%d,\"wall_ms\":%u",
                  result->outcome, &result->status, &result->signal, &result->wall_ms) == 4;
}

bool run_subject(const char *program, const char *test, int ledger,
                 const struct run_limits *limits, struct run_result *result)
{
    struct command c;
    int status = 0, report = memfd_create("report", MFD_CLOEXEC);
    bool good;
    pid_t child;

    memset(result, 0, sizeof *result);
    if (report < 0)
        return false;
    compose(&c, program, test, ledger, report, limits);
    child = fork();
    if (child == 0)
        launch(&c, ledger, report);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    good = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) < 2 && read_report(report, result);
    close(report);
    return good;
}

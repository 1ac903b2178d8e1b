/*
 * gs_report.c - the outcome as one line of JSON.
 *
 * No text of the program's is in it, so nothing needs quoting.
 */
#include "gsand.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

const char *gs_tier_name(enum gs_tier tier)
{
    static const char *const name[] = {"namespaces", "landlock", "none", "auto"};

    return name[tier];
}

static const char *outcome_name(enum gs_outcome outcome)
{
    static const char *const name[] = {
        "ok", "exit", "signal", "timeout", "cpu", "memory", "flood", "syscall", "harness",
    };

    return name[outcome];
}

bool gs_report(const char *file, const struct gs_end *end)
{
    char line[512];
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int n = snprintf(line, sizeof line,
                     "{\"outcome\":\"%s\",\"status\":%d,\"signal\":%d,\"wall_ms\":%u,"
                     "\"cpu_ms\":%u,\"rss_kib\":%u,\"stray\":%u,\"output\":%llu,\"tier\":\"%s\"}\n",
                     outcome_name(end->outcome), end->status, end->signal, end->wall_ms,
                     end->cpu_ms, end->rss_kib, end->stray, (unsigned long long)end->output,
                     gs_tier_name(end->tier));
    bool good = fd >= 0 && write(fd, line, (size_t)n) == n;

    if (fd >= 0)
        close(fd);
    return good;
}

/*
 * gs_tree.c - everything that the program has started, and its end.
 *
 * We are a subreaper: whatever loses its parent becomes our child. So the descendants of
 * this process, read from /proc by parent, are all that the program ever started, however
 * often it forked, and in whatever session it hides.
 *
 * The end: each process found may first start no other (its RLIMIT_NPROC becomes 0), then
 * it is killed; and again, until waitpid says that we have no child. A fork bomb loses
 * this race, because what has been seen once cannot grow.
 *
 * Refused: /proc/PID/task/TID/children. It needs a kernel option, and each thread is one
 * more file to open.
 */
#include "gsand.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST = 16384,               /* processes looked at; a power of two */
    LONGEST = 4096,             /* steps from a process up to us */
    PATIENCE_MS = 10000,
};

struct process {
    pid_t pid, parent;
    uint64_t rss_kib, cpu_ms;
};

static struct {
    struct process p[MOST];
    uint32_t n;
    uint16_t slot[2 * MOST];    /* by pid: index + 1; 0 is empty */
} table;

static uint32_t slot_of(pid_t pid)
{
    uint32_t i = ((uint32_t)pid * 2654435761u) & (2 * MOST - 1);

    while (table.slot[i] != 0 && table.p[table.slot[i] - 1].pid != pid)
        i = (i + 1) & (2 * MOST - 1);
    return i;
}

/* Reads /proc/PID/stat; what follows the last ')' cannot be forged by a name. */
static bool read_process(int proc, const char *pid, struct process *p)
{
    char name[64], text[1024], *rest;
    unsigned long user, system;
    long user_dead, system_dead, pages;
    ssize_t n;
    int fd;

    snprintf(name, sizeof name, "%.20s/stat", pid);
    fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return false;
    text[n] = '\0';
    rest = strrchr(text, ')');
    if (rest == NULL ||
        sscanf(rest + 1,
               " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld "
               "%*d %*d %*d %*d %*u %*u %ld",
               &p->parent, &user, &system, &user_dead, &system_dead, &pages) != 6)
        return false;
    p->pid = (pid_t)atoi(pid);
    p->rss_kib = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
    p->cpu_ms = (user + system + (unsigned long)user_dead + (unsigned long)system_dead) * 1000 /
                (unsigned long)sysconf(_SC_CLK_TCK);
    return true;
}

static void read_all(void)
{
    DIR *d = opendir("/proc");
    struct dirent *e;

    table.n = 0;
    memset(table.slot, 0, sizeof table.slot);
    while (d != NULL && table.n < MOST - 1 && (e = readdir(d)) != NULL)
        if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
            read_process(dirfd(d), e->d_name, &table.p[table.n])) {
            uint32_t slot = slot_of(table.p[table.n].pid);
            if (table.slot[slot] == 0)
                table.slot[slot] = (uint16_t)++table.n;
        }
    if (d != NULL)
        closedir(d);
}

static bool is_ours(const struct process *p, pid_t self)
{
    uint32_t steps;

    for (steps = 0; steps < LONGEST; steps++) {
        uint16_t at;
        if (p->parent == self)
            return true;
        at = table.slot[slot_of(p->parent)];
        if (at == 0)
            return false;
        p = &table.p[at - 1];
    }
    return false;
}

void gs_tree_look(struct gs_tree *tree)
{
    pid_t self = getpid();
    uint32_t i;

    memset(tree, 0, sizeof *tree);
    read_all();
    for (i = 0; i < table.n; i++)
        if (is_ours(&table.p[i], self)) {
            tree->count++;
            tree->rss_kib += table.p[i].rss_kib;
            tree->cpu_ms += table.p[i].cpu_ms;
        }
}

/* One pass; how many were there. */
static uint32_t kill_once(void)
{
    static const struct rlimit none = {0, 0};
    pid_t self = getpid();
    uint32_t i, found = 0;

    read_all();
    for (i = 0; i < table.n; i++)
        if (is_ours(&table.p[i], self)) {
            prlimit(table.p[i].pid, RLIMIT_NPROC, &none, NULL);
            kill(table.p[i].pid, SIGKILL);
            found++;
        }
    return found;
}

bool gs_tree_kill(uint32_t *stray)
{
    struct timespec pause = {0, 500000};
    uint32_t tries;

    *stray = 0;
    for (tries = 0; tries < PATIENCE_MS * 2; tries++) {
        pid_t gone;
        uint32_t found;
        do
            gone = waitpid(-1, NULL, WNOHANG);
        while (gone > 0 || (gone < 0 && errno == EINTR));
        if (gone < 0)
            return true;
        found = kill_once();
        if (tries == 0)
            *stray = found;
        nanosleep(&pause, NULL);
    }
    return false;
}

/*
 * help.c - what the runtime's unit tests share.
 */
#include "help.h"
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void be_child(int err, void (*fn)(void *), void *arg)
{
    dup2(err, 2);
    fn(arg);
    _exit(0);
}

static void read_all(int fd, char *buf, size_t cap)
{
    char rest[256];
    size_t len = 0;
    ssize_t n;

    while ((n = read(fd, rest, sizeof rest)) > 0)
        for (ssize_t i = 0; i < n && len < cap - 1; i++)
            buf[len++] = rest[i];
    buf[len] = '\0';
}

struct t_end t_child(void (*fn)(void *), void *arg)
{
    struct t_end end = {.status = -1};
    int fd[2], status = 0;
    pid_t pid;

    cr_assert(pipe(fd) == 0, "no pipe");
    pid = fork();
    cr_assert(pid >= 0, "no child");
    if (pid == 0)
        be_child(fd[1], fn, arg);
    close(fd[1]);
    read_all(fd[0], end.err, sizeof end.err);
    close(fd[0]);
    cr_assert(waitpid(pid, &status, 0) == pid, "the child is lost");
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

FILE *t_data(const char *name)
{
    char path[512];
    const char *slash = strrchr(__FILE__, '/');
    int folder = slash ? (int)(slash - __FILE__) : 1;
    FILE *f;

    snprintf(path, sizeof path, "%.*s/data/%s", folder, slash ? __FILE__ : ".", name);
    f = fopen(path, "r");
    cr_assert(f != NULL, "cannot open %s", path);
    return f;
}

uint64_t t_rand(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return x >> 8;
}

bool t_overlap(struct t_range a, struct t_range b)
{
    return a.lo < b.hi && b.lo < a.hi;
}

Test(help, ranges_that_touch_do_not_overlap)
{
    cr_expect(!t_overlap((struct t_range){10, 20}, (struct t_range){20, 30}));
    cr_expect(!t_overlap((struct t_range){20, 30}, (struct t_range){10, 20}));
}

Test(help, a_range_inside_another_overlaps_it)
{
    cr_expect(t_overlap((struct t_range){10, 40}, (struct t_range){20, 30}));
    cr_expect(t_overlap((struct t_range){20, 30}, (struct t_range){10, 40}));
}

Test(help, ranges_that_share_one_byte_overlap)
{
    cr_expect(t_overlap((struct t_range){10, 21}, (struct t_range){20, 30}));
    cr_expect(t_overlap((struct t_range){20, 30}, (struct t_range){10, 21}));
}

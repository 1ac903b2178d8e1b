/*
 * net.c - tests of runtime/io: over the loopback only, and each bounded.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "netpoll.h"
#include "sched.h"
#include "sock.h"
#include "timer.h"

enum { MS = 1000000, CLIENTS = 16, MESSAGES = 40, BIG = 4 << 20 };

static void run_on(int procs, void (*fn)(void *))
{
    struct t_end end = t_go(procs, fn, NULL);

    cr_expect(end.status == 0, "%d P, status %d: %s", procs, end.status, end.err);
}

static void run(void (*fn)(void *))
{
    run_on(1, fn);
    run_on(2, fn);
    run_on(4, fn);
}

static struct waitgroup wg;
static struct net *server;

static void echo(void *arg)
{
    struct net *c = arg;
    char buf[64];
    int64_t n;

    while ((n = net_read(c, buf, sizeof buf)) > 0)
        T_MUST(net_write(c, buf, (size_t)n) == n);
    net_close(c);
}

static void serve(void *unused)
{
    struct net *c;

    (void)unused;
    while ((c = net_accept(server)) != NULL)
        go(echo, c);
    T_MUST(errno == EBADF);
    waitgroup_done(&wg);
}

static void client(void *arg)
{
    struct net *c = net_connect("127.0.0.1", net_port(server));
    int me = *(int *)arg;

    T_MUST(c != NULL);
    for (int i = 0; i < MESSAGES; i++) {
        int out[2] = {me, i}, in[2] = {0, 0};
        size_t got = 0;

        T_MUST(net_write(c, out, sizeof out) == sizeof out);
        while (got < sizeof in) {
            int64_t n = net_read(c, (char *)in + got, sizeof in - got);

            T_MUST(n > 0);
            got += (size_t)n;
        }
        T_MUST(in[0] == me && in[1] == i);
    }
    net_shut(c);
    T_MUST(net_read(c, &me, 1) == 0);
    T_MUST(net_close(c) == 0);
    waitgroup_done(&wg);
}

static void all_echo(void *unused)
{
    int who[CLIENTS];

    (void)unused;
    server = net_listen("127.0.0.1", 0);
    T_MUST(server != NULL && net_port(server) != 0);
    waitgroup_add(&wg, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
        who[i] = i;
        go(client, &who[i]);
    }
    waitgroup_add(&wg, 1);
    go(serve, NULL);
    while ((int32_t)(wg.state >> 32) > 1)
        gort_sleep(MS);
    net_close(server);
    waitgroup_wait(&wg);
}

Test(net, every_client_gets_its_own_words_back)
{
    run(all_echo);
}

/* Two ends of a pipe, as connections. */
static struct net *ends[2];

static void make_pipe(void)
{
    int fd[2];

    T_MUST(pipe(fd) == 0);
    ends[0] = net_adopt(fd[0]);
    ends[1] = net_adopt(fd[1]);
    T_MUST(ends[0] && ends[1]);
}

static _Atomic int reads, last_errno;

static void read_one(void *unused)
{
    char byte;

    (void)unused;
    if (net_read(ends[0], &byte, 1) < 0)
        last_errno = errno;
    reads++;
    waitgroup_done(&wg);
}

static void wakes(void *unused)
{
    (void)unused;
    make_pipe();
    waitgroup_add(&wg, 1);
    go(read_one, NULL);
    gort_yield();
    T_MUST(reads == 0);
    T_MUST(net_write(ends[1], "x", 1) == 1);
    waitgroup_wait(&wg);
    T_MUST(reads == 1 && last_errno == 0);
}

Test(net, a_pipe_wakes_its_reader)
{
    run(wakes);
}

static void closes(void *unused)
{
    (void)unused;
    make_pipe();
    waitgroup_add(&wg, 1);
    go(read_one, NULL);
    gort_yield();
    T_MUST(net_close(ends[0]) == 0);
    waitgroup_wait(&wg);
    T_MUST(last_errno == EBADF);
    T_MUST(net_close(ends[0]) == -1 && errno == EBADF);
    T_MUST(net_read(ends[0], &(char){0}, 1) == -1 && errno == EBADF);
}

Test(net, closing_wakes_the_reader_and_closes_once)
{
    run(closes);
}

static void deadlines(void *unused)
{
    char byte;

    (void)unused;
    make_pipe();
    net_read_deadline(ends[0], gort_now() + 2 * MS);
    T_MUST(net_read(ends[0], &byte, 1) == -1 && errno == ETIMEDOUT);
    T_MUST(net_read(ends[0], &byte, 1) == -1 && errno == ETIMEDOUT);
    net_read_deadline(ends[0], 0);
    net_write(ends[1], "y", 1);
    T_MUST(net_read(ends[0], &byte, 1) == 1 && byte == 'y');
    net_read_deadline(ends[0], gort_now() + 3600000 * (int64_t)MS);
    waitgroup_add(&wg, 1);
    go(read_one, NULL);
    gort_yield();
    net_read_deadline(ends[0], 1);      /* long over */
    waitgroup_wait(&wg);
    T_MUST(last_errno == ETIMEDOUT && timer_count() == 0);
}

Test(net, a_deadline_ends_a_read_and_can_be_moved)
{
    run(deadlines);
}

static void accept_deadline(void *unused)
{
    (void)unused;
    server = net_listen("127.0.0.1", 0);
    net_read_deadline(server, gort_now() + MS);
    T_MUST(net_accept(server) == NULL && errno == ETIMEDOUT);
}

Test(net, accept_has_a_deadline_too)
{
    run(accept_deadline);
}

static void refused(void *unused)
{
    uint16_t port;

    (void)unused;
    server = net_listen("127.0.0.1", 0);
    port = net_port(server);
    net_close(server);
    T_MUST(net_connect("127.0.0.1", port) == NULL && errno == ECONNREFUSED);
    T_MUST(net_connect("localhost.example", port) == NULL && errno == EINVAL);
    sock_fail_at(SOCK_OPEN, 1);
    T_MUST(net_connect("127.0.0.1", port) == NULL && errno == EMFILE);
    T_MUST(net_adopt(-1) == NULL && errno == EBADF);
}

Test(net, what_cannot_be_done_says_why)
{
    run(refused);
}

static void no_file(void *unused)
{
    int fd = open("/proc/self/exe", O_RDONLY);

    (void)unused;
    T_MUST(fd >= 0);
    T_MUST(net_adopt(fd) == NULL && errno == EPERM);
    T_MUST(close(fd) == 0);
}

Test(net, a_file_cannot_be_watched_and_stays_the_callers)
{
    run(no_file);
}

static void pour(void *buf)
{
    T_MUST(net_write(ends[1], buf, BIG) == BIG);
    net_close(ends[1]);
}

static void big_write(void *unused)
{
    unsigned char *out = malloc(BIG), *in = malloc(BIG);
    int64_t n, got = 0;

    (void)unused;
    make_pipe();
    for (int i = 0; i < BIG; i++)
        out[i] = (unsigned char)(i * 7 + i / 251);
    go(pour, out);
    while ((n = net_read(ends[0], in + got, (size_t)(BIG - got))) > 0)
        got += n;
    T_MUST(got == BIG && memcmp(in, out, BIG) == 0);
    free(in);
    free(out);
}

Test(net, a_write_larger_than_the_pipe_waits_for_the_reader)
{
    run(big_write);
}

static void wait_for_ever(void *unused)
{
    char byte;

    (void)unused;
    net_read(ends[0], &byte, 1);
}

static void returns_while_others_wait(void *unused)
{
    (void)unused;
    make_pipe();
    go(wait_for_ever, NULL);
    gort_sleep(2 * MS);                 /* the thread of main waits in epoll meanwhile */
}

Test(net, the_program_ends_while_goroutines_wait_for_the_network)
{
    run(returns_while_others_wait);
}

static void late_then_stuck(void *unused)
{
    char byte;

    (void)unused;
    make_pipe();
    net_read_deadline(ends[0], gort_now() + 2 * MS);
    net_read(ends[0], &byte, 1);
    chan_recv(chan_make(0, 0), NULL);
}

Test(net, a_deadlock_is_found_after_the_last_wait_for_the_network)
{
    for (int procs = 1; procs <= 2; procs++) {
        struct t_end end = t_go(procs, late_then_stuck, NULL);

        cr_expect(end.status == 2, "%d P: status %d", procs, end.status);
        cr_expect(strstr(end.err, "all goroutines are asleep") != NULL, "%s", end.err);
    }
}

static void busy(void *unused)
{
    (void)unused;
    while (reads == 0)
        gort_yield();
}

static void beside_work(void *unused)
{
    (void)unused;
    make_pipe();
    go(busy, NULL);
    waitgroup_add(&wg, 1);
    go(read_one, NULL);
    gort_yield();
    net_write(ends[1], "x", 1);
    waitgroup_wait(&wg);
}

Test(net, who_waits_for_the_network_runs_also_while_others_are_busy)
{
    run(beside_work);
}

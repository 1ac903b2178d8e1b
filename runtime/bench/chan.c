/*
 * chan.c - what channels and select cost: the rows of docs/kit/benchmarks.md about them.
 *
 *     bench-chan ROW [N]      prints `ROW ns-per-operation`
 *
 * chan.go beside it is the same program in Go.
 */
#include <gort.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENDERS = 4, ROOM = 128 };

struct job {
    struct chan *in, *out;
    int64_t n;
};

static int64_t start_ns, n_ops;
static const char *row;

static void clock_on(void)
{
    start_ns = gort_now();
}

static void report(bool right)
{
    int64_t ns = gort_now() - start_ns;

    if (!right) {
        printf("%s: a value was lost\n", row);
        exit(1);
    }
    printf("%s %.2f\n", row, (double)ns / (double)n_ops);
}

static struct chan *make(int64_t cap)
{
    return chan_make(sizeof(int64_t), cap);
}

static void echo(void *arg)
{
    struct job *j = arg;
    int64_t v;

    while (chan_recv(j->in, &v)) {
        v++;
        chan_send(j->out, &v);
    }
}

static void ping_pong(int64_t cap)
{
    struct job j = {make(cap), make(cap), 0};
    int64_t sum = 0, v;

    go(echo, &j);
    clock_on();
    for (int64_t i = 0; i < n_ops; i++) {
        chan_send(j.in, &i);
        chan_recv(j.out, &v);
        sum += v;
    }
    report(sum == n_ops * (n_ops - 1) / 2 + n_ops);
}

static void produce(void *arg)
{
    struct job *j = arg;

    for (int64_t i = 0; i < j->n; i++)
        chan_send(j->out, &i);
}

static void consume(void *arg)
{
    struct job *j = arg;
    int64_t sum = 0, v;

    for (int64_t i = 0; i < j->n; i++) {
        chan_recv(j->in, &v);
        sum += v;
    }
    chan_send(j->out, &sum);
}

static void buffered(int k)
{
    struct chan *c = make(ROOM), *done = make(k);
    struct job p = {NULL, c, n_ops / k}, q = {c, done, n_ops / k};
    int64_t sum = 0, v;

    clock_on();
    for (int i = 0; i < k; i++) {
        go(produce, &p);
        go(consume, &q);
    }
    for (int i = 0; i < k; i++) {
        chan_recv(done, &v);
        sum += v;
    }
    report(sum == k * (p.n * (p.n - 1) / 2));
}

static void alone(void)
{
    struct chan *c = make(ROOM);
    int64_t sum = 0, v;

    clock_on();
    for (int64_t i = 0; i < n_ops; i++) {
        chan_send(c, &i);
        chan_recv(c, &v);
        sum += v;
    }
    report(sum == n_ops * (n_ops - 1) / 2);
}

static void select4(int64_t cap)
{
    struct job j[SENDERS];
    int64_t v = 0, sum = 0;
    struct chan_case cases[SENDERS];

    for (int i = 0; i < SENDERS; i++) {
        j[i] = (struct job){NULL, make(cap), n_ops / SENDERS};
        cases[i] = (struct chan_case)CASE_RECV(j[i].out, &v);
        go(produce, &j[i]);
    }
    clock_on();
    for (int64_t i = 0; i < n_ops; i++) {
        gort_select(cases, SENDERS, true);
        sum += v;
    }
    report(sum == SENDERS * (j[0].n * (j[0].n - 1) / 2));
}

static void select_alone(void)
{
    struct chan_case cases[SENDERS];
    int64_t v = 0, sum = 0;

    for (int i = 0; i < SENDERS; i++)
        cases[i] = (struct chan_case)CASE_RECV(make(1), &v);
    clock_on();
    for (int64_t i = 0; i < n_ops; i++) {
        chan_send(cases[i & 3].c, &i);
        gort_select(cases, SENDERS, true);
        sum += v;
    }
    report(sum == n_ops * (n_ops - 1) / 2);
}

static void hop(void *arg)
{
    struct job *j = arg;
    int64_t v;

    while (chan_recv(j->in, &v)) {
        v--;
        chan_send(j->out, &v);
    }
}

static void ring(void)
{
    enum { HOPS = 1000 };
    static struct job j[HOPS];
    struct chan *first = make(0), *last = first;
    int64_t v = n_ops;

    for (int i = 0; i < HOPS - 1; i++) {
        j[i] = (struct job){last, make(0), 0};
        last = j[i].out;
        go(hop, &j[i]);
    }
    clock_on();
    while (v > 0) {
        chan_send(first, &v);
        chan_recv(last, &v);
        v--;
    }
    report(true);
}

static void one(void *done)
{
    int64_t v = 1;

    chan_send(done, &v);
}

static void spawn_one(void)
{
    struct chan *c = make(0);
    int64_t sum = 0, v;

    clock_on();
    for (int64_t i = 0; i < n_ops; i++) {
        go(one, c);
        chan_recv(c, &v);
        sum += v;
    }
    report(sum == n_ops);
}

static const struct {
    const char *name;
    int64_t n;
} rows[] = {
    {"pp", 500000}, {"ppb", 500000}, {"buf11", 2000000}, {"buf44", 2000000}, {"chanu", 4000000},
    {"sel4", 500000}, {"sel4b", 1000000}, {"selu", 2000000}, {"ring", 500000},
    {"spawn1", 500000},
};

static void run(void *which)
{
    switch (*(size_t *)which) {
    case 0: ping_pong(0); break;
    case 1: ping_pong(1); break;
    case 2: buffered(1); break;
    case 3: buffered(SENDERS); break;
    case 4: alone(); break;
    case 5: select4(0); break;
    case 6: select4(ROOM); break;
    case 7: select_alone(); break;
    case 8: ring(); break;
    case 9: spawn_one(); break;
    }
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, argv[1]) != 0)
            continue;
        row = rows[i].name;
        n_ops = argc > 2 ? strtoll(argv[2], NULL, 10) : rows[i].n;
        return gort_main(run, &i);
    }
    fprintf(stderr, "bench-chan: a row, please\n");
    return 2;
}

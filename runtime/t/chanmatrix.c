/*
 * chanmatrix.c - what every operation does in every state of a channel, as real Go does it.
 *
 * data/chanmatrix.tsv was recorded from Go 1.19.8. Each row runs in a child process of its
 * own; exit status, first line of the message, the states of the goroutines and the output
 * are compared. Rows about other parts of the language are in `foreign` below.
 */
#include "help.h"
#include "unit.h"

#include <gort.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sched.h"

enum { LINE = 512, OUT = 4096, FIELDS = 5 };

static char *out;               /* shared with the child */

__attribute__((format(printf, 1, 2))) static void say(const char *how, ...)
{
    size_t n = strlen(out);
    va_list args;

    va_start(args, how);
    vsnprintf(out + n, OUT - n, how, args);
    va_end(args);
}

static const char *truth(bool b)
{
    return b ? "true" : "false";
}

static void receiver(void *c)
{
    int64_t v = -1;
    bool ok = chan_recv(c, &v);

    say("receiver %d %s / ", (int)v, truth(ok));
}

static void sender(void *c)
{
    int64_t v = 9;

    chan_send(c, &v);
}

static struct chan *chan_with(int cap, int n, bool closed)
{
    struct chan *c = chan_make(sizeof(int64_t), cap);

    for (int64_t v = 7; v < 7 + n; v++)
        chan_send(c, &v);
    if (closed)
        chan_close(c);
    return c;
}

static struct chan *chan_in(const char *state)
{
    static const struct {
        const char *name;
        int cap, n;
        bool closed;
        void (*other)(void *);
    } states[] = {
        {"unbuf-empty", 0, 0, false, NULL},  {"buf-empty", 2, 0, false, NULL},
        {"buf-part", 2, 1, false, NULL},     {"buf-full", 2, 2, false, NULL},
        {"closed-unbuf", 0, 0, true, NULL},  {"closed-empty", 2, 0, true, NULL},
        {"closed-part", 2, 1, true, NULL},   {"unbuf-recv-waiting", 0, 0, false, receiver},
        {"unbuf-send-waiting", 0, 0, false, sender},
        {"buf-full-send-waiting", 1, 1, false, sender},
    };

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct chan *c;

        if (strcmp(states[i].name, state) != 0)
            continue;
        c = chan_with(states[i].cap, states[i].n, states[i].closed);
        if (states[i].other)
            go(states[i].other, c);
        sched_settle();
        return c;
    }
    return NULL;
}

static void received(int64_t v, bool ok)
{
    say("v %d %s / ", (int)v, truth(ok));
}

static void do_select(struct chan *c, bool send, bool block)
{
    int64_t v = send;
    struct chan_case k = {c, &v, send, false};

    if (gort_select(&k, 1, block) < 0)
        say("default / ");
    else if (send)
        say("sent / ");
    else
        received(v, k.ok);
}

static void do_select2(struct chan *c)
{
    int64_t v = -1, none;
    struct chan_case k[] = {CASE_RECV(NULL, &none), CASE_RECV(c, &v)};

    gort_select(k, 2, true);
    received(v, k[1].ok);
}

static void do_range(struct chan *c)
{
    int64_t v;

    while (chan_recv(c, &v))
        say("r %d / ", (int)v);
    say("end / ");
}

static void do_op(const char *op, struct chan *c)
{
    int64_t v = 1;
    bool ok;

    if (strcmp(op, "send") == 0) {
        chan_send(c, &v);
        say("sent / ");
    } else if (strcmp(op, "recv") == 0) {
        chan_recv(c, &v);
        say("v %d / ", (int)v);
    } else if (strcmp(op, "recv2") == 0) {
        ok = chan_recv(c, &v);
        received(v, ok);
    } else if (strcmp(op, "close") == 0) {
        chan_close(c);
        say("closed / ");
    } else if (strcmp(op, "len-cap") == 0) {
        say("%u %u / ", chan_len(c), chan_cap(c));
    } else if (strcmp(op, "range") == 0) {
        do_range(c);
    } else if (strcmp(op, "select2-nil") == 0) {
        do_select2(c);
    } else {
        do_select(c, strstr(op, "send") != NULL, strncmp(op, "try", 3) != 0);
    }
}

/* The programs. */

static void select_empty(void)
{
    gort_select(NULL, 0, true);
}

static void select_only_nil(void)
{
    int64_t v = 1;
    struct chan_case k[] = {CASE_RECV(NULL, &v), CASE_SEND(NULL, &v)};

    gort_select(k, 2, true);
}

static void select_nil_default(void)
{
    int64_t v;
    struct chan_case k[] = {CASE_RECV(NULL, &v)};

    if (gort_select(k, 1, false) < 0)
        say("default / ");
}

static void make_negative(void)
{
    chan_make(sizeof(int64_t), -1);
}

static void make_huge(void)
{
    chan_make(sizeof(int64_t), (int64_t)1 << 62);
}

static void close_twice(void)
{
    struct chan *c = chan_make(sizeof(int64_t), 0);

    chan_close(c);
    chan_close(c);
}

static void close_nil(void)
{
    chan_close(NULL);
}

static void print_received(void *c)
{
    int64_t v = -1;
    bool ok = chan_recv(c, &v);

    say("%d %s / ", (int)v, truth(ok));
}

static void close_wakes_recv(void)
{
    struct chan *c = chan_make(sizeof(int64_t), 0);

    go(print_received, c);
    sched_settle();
    chan_close(c);
    sched_settle();
}

static void select_sender(void *c)
{
    do_select(c, true, true);
}

static void close_panics_waiting(void (*other)(void *))
{
    struct chan *c = chan_make(sizeof(int64_t), 0);

    go(other, c);
    sched_settle();
    chan_close(c);
    sched_settle();
}

static void close_panics_waiting_sender(void)
{
    close_panics_waiting(sender);
}

static void close_panics_waiting_select_sender(void)
{
    close_panics_waiting(select_sender);
}

static void recover(void *unused)
{
    char text[256];

    (void)unused;
    if (gort_recover(text))
        say("runtime.plainError %s / ", text);
}

static void recover_send_closed(void)
{
    gort_defer(recover, NULL);
    chan_send(chan_with(0, 0, true), out);
}

static void deadlock_mutex(void)
{
    struct mutex m = {0};

    mutex_lock(&m);
    mutex_lock(&m);
}

static void deadlock_waitgroup(void)
{
    struct waitgroup wg = {0};

    waitgroup_add(&wg, 1);
    waitgroup_wait(&wg);
}

static void send_twice(void *c)
{
    sender(c);
    sender(c);
}

static void deadlock_two(void)
{
    struct chan *c = chan_make(sizeof(int64_t), 0);

    go(send_twice, c);
    chan_recv(c, NULL);
    chan_recv(chan_make(sizeof(int64_t), 0), NULL);
}

static void main_returns_with_blocked(void)
{
    go(sender, chan_make(sizeof(int64_t), 0));
    sched_settle();
    say("main ends / ");
}

static void goexit_main(void)
{
    gort_exit();
}

static void waitgroup_neg(void)
{
    struct waitgroup wg = {0};

    waitgroup_done(&wg);
}

static void unlock_unlocked(void)
{
    struct mutex m = {0};

    mutex_unlock(&m);
}

static int64_t results[4];
static struct chan *line;

static void receive_into(void *slot)
{
    chan_recv(line, slot);
}

static void send_from(void *slot)
{
    chan_send(line, slot);
}

static void fifo_receivers(void)
{
    line = chan_make(sizeof(int64_t), 0);
    for (int i = 0; i < 4; i++) {
        go(receive_into, &results[i]);
        sched_settle();
    }
    for (int64_t i = 10; i < 14; i++)
        chan_send(line, &i);
    sched_settle();
    say("[%d %d %d %d] / ", (int)results[0], (int)results[1], (int)results[2],
        (int)results[3]);
}

static void fifo_senders(void)
{
    int64_t v;

    line = chan_make(sizeof(int64_t), 0);
    for (int i = 0; i < 4; i++) {
        results[i] = i;
        go(send_from, &results[i]);
        sched_settle();
    }
    for (int i = 0; i < 4; i++) {
        chan_recv(line, &v);
        say(i < 3 ? "%d " : "%d / ", (int)v);
    }
}

static void full_buffer_sender_order(void)
{
    int64_t v = 1, three = 3;

    line = chan_make(sizeof(int64_t), 2);
    chan_send(line, &v);
    v = 2;
    chan_send(line, &v);
    go(send_from, &three);
    sched_settle();
    say("%u / ", chan_len(line));
    chan_recv(line, &v);
    say("%d %u / ", (int)v, chan_len(line));
    chan_recv(line, &v);
    say("%d ", (int)v);
    chan_recv(line, &v);
    say("%d / ", (int)v);
}

static void zero_size_elem(void)
{
    struct chan *c = chan_make(0, 3);

    chan_send(c, "");
    say("%u %u / ", chan_len(c), chan_cap(c));
    say("%s / ", truth(chan_recv(c, NULL)));
}

static const struct program {
    const char *name;
    void (*fn)(void);
} programs[] = {
    {"select-empty", select_empty},
    {"select-only-nil", select_only_nil},
    {"select-nil-default", select_nil_default},
    {"make-negative", make_negative},
    {"make-huge", make_huge},
    {"close-twice", close_twice},
    {"close-nil", close_nil},
    {"close-wakes-recv", close_wakes_recv},
    {"close-panics-waiting-sender", close_panics_waiting_sender},
    {"close-panics-waiting-select-sender", close_panics_waiting_select_sender},
    {"recover-send-closed", recover_send_closed},
    {"deadlock-mutex", deadlock_mutex},
    {"deadlock-waitgroup", deadlock_waitgroup},
    {"deadlock-two", deadlock_two},
    {"main-returns-with-blocked", main_returns_with_blocked},
    {"goexit-main", goexit_main},
    {"waitgroup-neg", waitgroup_neg},
    {"unlock-unlocked", unlock_unlocked},
    {"fifo-receivers", fifo_receivers},
    {"fifo-senders", fifo_senders},
    {"full-buffer-sender-order", full_buffer_sender_order},
    {"zero-size-elem", zero_size_elem},
};

/* Rows that are not about channels, or about how Go evaluates a select's operands. */
static const char *const foreign[] = {
    "compare-uncomparable", "div-zero", "index-range", "makeslice-cap", "makeslice-len",
    "nil-deref", "nil-map-write", "panic-error", "panic-int", "panic-nil",
    "panic-recovered-repanic", "panic-repanic", "panic-string", "recover-runtime-error",
    "select-eval-order", "slice-range", "type-assert", "type-assert-nil",
    "uncomparable-panic", "unhashable-key",
};

struct row {
    char text[LINE];
    char *field[FIELDS];        /* name, status, message, states, output */
    char *state;                /* the channel's, NULL for a program */
};

static void run(void *arg)
{
    struct row *row = arg;
    struct chan *c;

    if (row->state == NULL) {
        for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
            if (strcmp(programs[i].name, row->field[0]) == 0)
                programs[i].fn();
        }
        return;
    }
    c = chan_in(row->state);
    do_op(row->field[0], c);
    if (strstr(row->state, "-waiting"))
        sched_settle();
}

static void start(void *row)
{
    gort_main(run, row);
}

/* Go's word for the states: `main:chan receive; g:chan send`. "-" without a deadlock. */
static void states_of(const char *err, char *states, size_t size)
{
    size_t n = 0;

    snprintf(states, size, "-");
    if (strstr(err, "deadlock!") == NULL || strstr(err, "no goroutines"))
        return;
    for (const char *at = err; (at = strstr(at, "\ngoroutine ")) != NULL; at++) {
        char why[64];
        int id;

        if (sscanf(at, "\ngoroutine %d [%63[^]]]", &id, why) == 2 && n < size)
            n += (size_t)snprintf(states + n, size - n, "%s%s:%s", n ? "; " : "",
                                  id == 1 ? "main" : "g", why);
    }
}

/* Only the words in the brackets differ: main called ours, not Go's. */
static bool same_message(const char *want, const char *err)
{
    size_t n = strcspn(err, "\n");

    if (strcmp(want, "-") == 0)
        return n == 0;
    if (strstr(want, "runtime.Goexit"))
        return strstr(err, "no goroutines (main called gort_exit) - deadlock!") != NULL;
    return strlen(want) == n && memcmp(want, err, n) == 0;
}

static void trim(char *text)
{
    size_t n = strlen(text);

    while (n > 0 && text[n - 1] == ' ')
        text[--n] = '\0';
}

static void check_row(struct row *row, const char *procs)
{
    char states[LINE], name[LINE];
    struct t_end end;

    snprintf(name, sizeof name, "%s %s, %s P", row->field[0], row->state ? row->state : "",
             procs);
    out[0] = '\0';
    setenv("GOMAXPROCS", procs, 1);
    end = t_child(start, row);
    trim(out);
    states_of(end.err, states, sizeof states);
    cr_expect(end.status == atoi(row->field[1]), "%s: status %d: %s", name, end.status, end.err);
    cr_expect(same_message(row->field[2], end.err), "%s: %s", name, end.err);
    cr_expect_str_eq(states, row->field[3], "%s: states %s", name, states);
    cr_expect_str_eq(out, row->field[4], "%s: output %s", name, out);
}

static bool read_row(FILE *f, struct row *row)
{
    char *at = row->text;

    if (fgets(row->text, sizeof row->text, f) == NULL)
        return false;
    row->text[strcspn(row->text, "\n")] = '\0';
    for (int i = 0; i < FIELDS; i++)
        row->field[i] = at ? strsep(&at, "\t") : row->text + strlen(row->text);
    row->state = strchr(row->field[0], ' ');
    if (row->state)
        *row->state++ = '\0';
    return true;
}

/* Every row whose name is `op`; every program when it is NULL. How many there were. */
static int check_rows(const char *op)
{
    static struct row rows[256];
    int n = 0, m = 0;
    FILE *f = t_data("chanmatrix.tsv");

    out = mmap(NULL, OUT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert(out != MAP_FAILED);
    while (n < 256 && read_row(f, &rows[n]))
        n++;
    fclose(f);
    for (int i = 0; i < n; i++) {
        bool known = rows[i].state != NULL;

        for (size_t j = 0; j < sizeof programs / sizeof programs[0]; j++)
            known |= strcmp(programs[j].name, rows[i].field[0]) == 0;
        if (!known || (op ? strcmp(op, rows[i].field[0]) != 0 : rows[i].state != NULL))
            continue;
        check_row(&rows[i], "1");
        check_row(&rows[i], "2");
        m++;
    }
    return m;
}

#define OPERATION(name, op, n)                                                          \
    Test(chanmatrix, name)                                                              \
    {                                                                                   \
        cr_expect(check_rows(op) == (n), "rows are missing");                           \
    }

OPERATION(send_does_what_go_does_in_every_state, "send", 11)
OPERATION(receive_does_what_go_does_in_every_state, "recv", 11)
OPERATION(receive_with_ok_does_what_go_does_in_every_state, "recv2", 11)
OPERATION(close_does_what_go_does_in_every_state, "close", 9)
OPERATION(len_and_cap_are_gos_in_every_state, "len-cap", 11)
OPERATION(range_does_what_go_does_in_every_state, "range", 11)
OPERATION(select_of_one_send_does_what_go_does_in_every_state, "select-send", 11)
OPERATION(select_of_one_receive_does_what_go_does_in_every_state, "select-recv", 11)
OPERATION(select_beside_a_nil_case_does_what_go_does_in_every_state, "select2-nil", 11)
OPERATION(try_send_does_what_go_does_in_every_state, "try-send", 11)
OPERATION(try_receive_does_what_go_does_in_every_state, "try-recv", 11)
OPERATION(programs_end_as_in_go, NULL, sizeof programs / sizeof programs[0])

Test(chanmatrix, every_row_is_checked_or_named_as_foreign)
{
    size_t n = 0, strange = 0, known = 11 * 10 + 9 + sizeof programs / sizeof programs[0];
    FILE *f = t_data("chanmatrix.tsv");
    char text[LINE];

    while (fgets(text, sizeof text, f)) {
        text[strcspn(text, "\t")] = '\0';
        for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
            strange += strcmp(foreign[i], text) == 0;
        n++;
    }
    fclose(f);
    cr_expect(n == known + strange, "%zu rows, %zu known, %zu foreign", n, known, strange);
}

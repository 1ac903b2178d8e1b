/*
 * gs_watch.c - starts the program, watches it from outside, ends it, and says how it was.
 *
 * One loop waits for four things: a word from the child, output, the end of the child,
 * and the clock. Every LOOK_MS it adds up what the whole tree of processes uses, because
 * resource limits see one process at a time.
 *
 * Invariants:
 *   I1  when gs_run returns, nothing that the program started is alive
 *   I2  an outcome is made of what we saw: our own reasons to stop first, then signals,
 *       then the status. Nothing that the program printed counts
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 20,
    FIRST_LOOK_MS = 10,
    SETUP_MS = 10000,           /* a machine that needs longer to begin has a fault */
    CHUNK = 1 << 16,
};

/* One run. */
struct watch {
    const struct gs_plan *plan;
    struct gs_end *end;
    enum gs_tier tier;
    char folder[64];            /* the private folder as the program sees it */
    pid_t child;
    int word, output, gone;     /* descriptors: the pipes' reading ends, and the child's end */
    uint32_t began, next_look;
    bool started, stopped, failed;
    uint64_t peak_kib, seen_cpu_ms;      /* of the tree, when we looked */
    struct gs_word done;        /* kind is GS_DONE once we know */
    int status;                 /* of the child */
};

static volatile sig_atomic_t asked_to_stop;

static void on_stop(int signal)
{
    asked_to_stop = signal;
}

static uint32_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

void gs_say(int word, const struct gs_word *w)
{
    ssize_t n;

    do
        n = write(word, w, sizeof *w);
    while (n < 0 && errno == EINTR);
}

void gs_fail(int word, enum gs_kind kind, const char *what)
{
    struct gs_word w = {.kind = kind, .error = errno};

    snprintf(w.what, sizeof w.what, "%s", what);
    gs_say(word, &w);
    _exit(1);
}

/* In the child: standard input is nothing, the output is the pipe, the kept descriptors
   stand where they were asked for, and all others close at exec. */
static void arrange(const struct watch *w, int output, int *word)
{
    int moved[GS_KEEPS], null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int high = fcntl(*word, F_DUPFD_CLOEXEC, GS_HIGH);
    bool good = null >= 0 && high >= 0;
    uint32_t i;

    if (high >= 0)
        *word = high;
    for (i = 0; i < w->plan->nkeeps; i++)
        good &= (moved[i] = fcntl(w->plan->keep[i].from, F_DUPFD_CLOEXEC, GS_HIGH)) >= 0;
    good &= syscall(SYS_close_range, 3, GS_HIGH - 1, 4) == 0 &&     /* 4: close at exec */
            syscall(SYS_close_range, GS_HIGH, ~0u, 4) == 0;
    good = good && dup2(null, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2;
    for (i = 0; good && i < w->plan->nkeeps; i++)
        good = dup2(moved[i], w->plan->keep[i].to) == w->plan->keep[i].to;
    if (!good)
        gs_fail(*word, GS_FAULT, "the descriptors cannot be arranged");
}

static void plain_signals(void)
{
    sigset_t none;
    int s;

    for (s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child, to the exec. */
static _Noreturn void become(const struct watch *w, int output, int word)
{
    const struct gs_plan *plan = w->plan;
    const char *cd = plan->cd != NULL ? plan->cd : w->folder;
    int ruleset = -1;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    plain_signals();
    setsid();
    arrange(w, output, &word);
    if (w->tier == GS_NAMESPACES) {
        gs_ns_build(plan, word);
        gs_ns_first(word);
    } else if (w->tier == GS_LANDLOCK) {
        ruleset = gs_landlock_prepare(plan, w->folder, word);
    }
    if (chdir(cd) != 0)
        gs_fail(word, GS_FAULT, "the working folder cannot be entered");
    gs_become_user(plan, word);
    gs_limits(plan, w->tier, word);
    if (ruleset >= 0)
        gs_landlock_enter(ruleset, word);
    if (!gs_filter(plan->strict, w->tier != GS_NAMESPACES) && w->tier != GS_NONE)
        gs_fail(word, GS_NO_WALL, "seccomp filters");
    gs_exec(plan, w->folder, word);
}

static bool start(struct watch *w)
{
    int word[2], output[2];
    unsigned long flags = SIGCHLD;

    if (pipe2(word, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
        return false;
    if (w->tier == GS_NAMESPACES)
        flags |= gs_ns_flags(w->plan);
    w->child = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (w->child == 0)
        become(w, output[1], word[1]);
    w->end->no_wall = w->child < 0 && w->tier == GS_NAMESPACES;
    if (w->end->no_wall)
        snprintf(w->end->what, sizeof w->end->what, "namespaces (%s)", strerror(errno));
    close(word[1]);
    close(output[1]);
    w->word = word[0];
    w->output = output[0];
    fcntl(w->output, F_SETFL, O_NONBLOCK);
    w->gone = w->child > 0 ? (int)syscall(SYS_pidfd_open, w->child, 0) : -1;
    return w->gone >= 0;
}

static void stop(struct watch *w, enum gs_outcome why)
{
    if (!w->stopped)
        w->end->outcome = why;
    w->stopped = true;
    kill(w->child, SIGKILL);
}

static void hear(struct watch *w)
{
    struct gs_word word;
    ssize_t n = read(w->word, &word, sizeof word);

    if (n != (ssize_t)sizeof word) {
        close(w->word);
        w->word = -1;
    } else if (word.kind == GS_READY) {
        w->started = true;
        w->began = now_ms();
        w->next_look = FIRST_LOOK_MS;
    } else if (word.kind == GS_DONE) {
        w->done = word;
    } else {
        w->failed = true;
        w->end->no_wall = word.kind == GS_NO_WALL;
        snprintf(w->end->what, sizeof w->end->what, "%s (%s)", word.what, strerror(word.error));
    }
}

/* Takes what is there; false when there is nothing. Past the cap it is counted only. */
static bool take_output(struct watch *w)
{
    static char chunk[CHUNK];
    uint64_t cap = (uint64_t)w->plan->output << 10, room;
    ssize_t n = read(w->output, chunk, sizeof chunk), shown;

    if (n < 0)
        return false;
    if (n == 0) {
        close(w->output);
        w->output = -1;
        return false;
    }
    room = cap > w->end->output ? cap - w->end->output : 0;
    shown = (uint64_t)n < room ? n : (ssize_t)room;
    w->end->output += (uint64_t)n;
    if (w->plan->show && shown > 0 && write(1, chunk, (size_t)shown) < 0)
        errno = 0;              /* nobody listens; the program is not to notice */
    if (w->end->output > cap)
        stop(w, GS_FLOOD);
    return true;
}

/* Adds up the tree, and stops it when it is over a limit. */
static void look(struct watch *w)
{
    const struct gs_plan *plan = w->plan;
    struct gs_tree tree;

    gs_tree_look(&tree);
    if (tree.rss_kib > w->peak_kib)
        w->peak_kib = tree.rss_kib;
    w->seen_cpu_ms = tree.cpu_ms;
    if (plan->rss != 0 && tree.rss_kib > (uint64_t)plan->rss << 10)
        stop(w, GS_MEMORY);
    if (plan->cpu != 0 && tree.cpu_ms > (uint64_t)plan->cpu * 1000)
        stop(w, GS_CPU);
    if (plan->processes != 0 && tree.count > plan->processes + 1)
        stop(w, GS_FLOOD);
    w->next_look = now_ms() - w->began + LOOK_MS;
}

/* How long the loop may sleep. */
static int patience(const struct watch *w)
{
    uint32_t age = now_ms() - w->began, wall = w->started ? w->plan->wall : SETUP_MS, left;

    if (w->stopped)
        return SETUP_MS;
    left = age < wall ? wall - age : 0;
    if (w->started && w->next_look < age)
        return 0;
    if (w->started && w->next_look - age < left)
        left = w->next_look - age;
    return (int)left;
}

static void watch_clock(struct watch *w)
{
    uint32_t age = now_ms() - w->began;

    if (asked_to_stop)
        stop(w, GS_HARNESS);
    if (age >= (w->started ? w->plan->wall : SETUP_MS))
        stop(w, w->started ? GS_TIMEOUT : GS_HARNESS);
    if (w->started && !w->stopped && age >= w->next_look)
        look(w);
}

/* Until the child has ended. */
static void loop(struct watch *w)
{
    bool ended = false;

    while (!ended) {
        struct pollfd f[3] = {
            {w->gone, POLLIN, 0}, {w->word, POLLIN, 0}, {w->output, POLLIN, 0},
        };
        int n = poll(f, 3, patience(w));
        if (n < 0 && errno != EINTR)
            stop(w, GS_HARNESS);
        if (n > 0 && f[1].revents != 0)
            hear(w);
        if (n > 0 && f[2].revents != 0)
            take_output(w);
        ended = n > 0 && f[0].revents != 0;
        if (!ended)
            watch_clock(w);
    }
}

/* The child is over: everything else too, and then the last words and output. */
static void finish(struct watch *w)
{
    struct rusage usage;
    uint32_t stray;

    while (wait4(w->child, &w->status, 0, &usage) < 0 && errno == EINTR)
        ;
    if (!gs_tree_kill(&stray) && !w->stopped)
        stop(w, GS_HARNESS);
    while (w->word >= 0)
        hear(w);
    while (w->output >= 0 && take_output(w))
        ;
    if (w->tier != GS_NAMESPACES && !w->failed) {
        w->done = (struct gs_word){.kind = GS_DONE, .status = w->status, .usage = usage};
        w->done.stray = w->stopped ? 0 : stray;
    } else if (w->done.kind != GS_DONE) {
        w->done.usage = usage;
    }
}

static uint32_t ms_of(struct timeval t)
{
    return (uint32_t)(t.tv_sec * 1000 + t.tv_usec / 1000);
}

static enum gs_outcome of_signal(const struct watch *w, int signal)
{
    switch (signal) {
    case SIGSYS:
        return GS_SYSCALL;
    case SIGXCPU:
        return GS_CPU;
    case SIGXFSZ:
        return GS_FLOOD;
    case SIGKILL:               /* who ignores SIGXCPU gets this one */
        return w->plan->cpu != 0 && w->end->cpu_ms >= w->plan->cpu * 1000 ? GS_CPU : GS_SIGNAL;
    default:
        return GS_SIGNAL;
    }
}

static void conclude(struct watch *w)
{
    struct gs_end *end = w->end;
    int status = w->done.status;

    end->wall_ms = now_ms() - w->began;
    end->cpu_ms = ms_of(w->done.usage.ru_utime) + ms_of(w->done.usage.ru_stime);
    if (w->stopped && w->seen_cpu_ms > end->cpu_ms)
        end->cpu_ms = (uint32_t)w->seen_cpu_ms;
    end->rss_kib = (uint32_t)w->done.usage.ru_maxrss;
    if (w->peak_kib > end->rss_kib)
        end->rss_kib = (uint32_t)w->peak_kib;
    end->stray = w->done.stray;
    if (w->stopped)
        return;
    end->outcome = GS_HARNESS;
    if (w->failed || !w->started || w->done.kind != GS_DONE)
        return;
    end->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (end->signal != 0)
        end->outcome = of_signal(w, end->signal);
    else
        end->outcome = end->status != 0 ? GS_EXIT : GS_OK;
}

static void listen_for_stop(void)
{
    struct sigaction stop_on = {.sa_handler = on_stop};

    sigaction(SIGTERM, &stop_on, NULL);
    sigaction(SIGINT, &stop_on, NULL);
    sigaction(SIGHUP, &stop_on, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
}

void gs_run(const struct gs_plan *plan, enum gs_tier tier, struct gs_end *end)
{
    struct watch w = {.plan = plan, .end = end, .tier = tier, .folder = "/tmp", .gone = -1};
    bool own_folder = tier != GS_NAMESPACES;

    memset(end, 0, sizeof *end);
    end->tier = tier;
    end->outcome = GS_HARNESS;
    listen_for_stop();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (own_folder && !gs_folder_new(plan, w.folder, sizeof w.folder)) {
        snprintf(end->what, sizeof end->what, "no private folder in /tmp, or a copy failed (%s)",
                 strerror(errno));
        return;
    }
    w.began = now_ms();
    if (start(&w)) {
        loop(&w);
        finish(&w);
        conclude(&w);
    }
    if (w.gone >= 0)
        close(w.gone);
    if (w.output >= 0)
        close(w.output);
    if (own_folder)
        gs_folder_remove(w.folder);
}

/*
 * filter.c - the strict seccomp filter of a subject.
 *
 * The list is built from what the runtime really asks for: reserving, committing and
 * giving back memory, futexes, signals, clocks. A module whose runtime needs more names
 * it in one line of its module.conf, `syscalls`.
 *
 * Three kinds of answer:
 *   allow  the call cannot reach anything outside the process
 *   fail   glibc tries it and lives without: clone3, opening files, asking a terminal
 *   kill   everything else; the verdict is then `syscall`, and the signal cannot be caught
 *
 * Refused: a deny-list. New kernels bring new calls, and one that was forgotten is open.
 */
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf.h"

#ifndef SYS_open
#define SYS_open NO_CALL
#define SYS_readlink NO_CALL
#define SYS_pause NO_CALL
#define SYS_epoll_wait NO_CALL
#define SYS_poll NO_CALL
#define SYS_time NO_CALL
#endif

enum { ANY = ~0 };

struct answer {
    const char *word;           /* the word that brings it; NULL: always */
    long nr;
    uint32_t answer;
};

static const struct answer answers[] = {
    {NULL, SYS_read, BPF_ALLOW},
    {NULL, SYS_write, BPF_ALLOW},
    {NULL, SYS_writev, BPF_ALLOW},
    {NULL, SYS_lseek, BPF_ALLOW},
    {NULL, SYS_close, BPF_ALLOW},
    {NULL, SYS_fstat, BPF_ALLOW},
    {NULL, SYS_brk, BPF_ALLOW},
    {NULL, SYS_munmap, BPF_ALLOW},
    {NULL, SYS_mremap, BPF_ALLOW},
    {NULL, SYS_madvise, BPF_ALLOW},
    {NULL, SYS_mincore, BPF_ALLOW},
    {NULL, SYS_futex, BPF_ALLOW},
    {NULL, SYS_sched_yield, BPF_ALLOW},
    {NULL, SYS_rt_sigaction, BPF_ALLOW},
    {NULL, SYS_rt_sigprocmask, BPF_ALLOW},
    {NULL, SYS_rt_sigreturn, BPF_ALLOW},
    {NULL, SYS_sigaltstack, BPF_ALLOW},
    {NULL, SYS_restart_syscall, BPF_ALLOW},
    {NULL, SYS_clock_gettime, BPF_ALLOW},
    {NULL, SYS_gettimeofday, BPF_ALLOW},
    {NULL, SYS_time, BPF_ALLOW},
    {NULL, SYS_getrandom, BPF_ALLOW},
    {NULL, SYS_getpid, BPF_ALLOW},
    {NULL, SYS_gettid, BPF_ALLOW},
    {NULL, SYS_sysinfo, BPF_ALLOW},             /* glibc's qsort asks how much memory there is */
    {NULL, SYS_exit, BPF_ALLOW},
    {NULL, SYS_exit_group, BPF_ALLOW},

    {NULL, SYS_clone3, BPF_FAIL(ENOSYS)},       /* its flags are out of a filter's sight */
    {NULL, SYS_open, BPF_FAIL(EACCES)},
    {NULL, SYS_openat, BPF_FAIL(EACCES)},
    {NULL, SYS_readlink, BPF_FAIL(EACCES)},
    {NULL, SYS_readlinkat, BPF_FAIL(EACCES)},
    {NULL, SYS_ioctl, BPF_FAIL(ENOTTY)},
    {NULL, SYS_prctl, BPF_FAIL(EPERM)},
    {NULL, SYS_prlimit64, BPF_FAIL(EPERM)},

    {"threads", SYS_set_robust_list, BPF_ALLOW},
    {"threads", SYS_rseq, BPF_ALLOW},
    {"threads", SYS_sched_getaffinity, BPF_ALLOW},
    {"threads", SYS_getcpu, BPF_ALLOW},
    {"threads", SYS_membarrier, BPF_ALLOW},

    {"timers", SYS_nanosleep, BPF_ALLOW},
    {"timers", SYS_clock_nanosleep, BPF_ALLOW},
    {"timers", SYS_clock_getres, BPF_ALLOW},
    {"timers", SYS_timer_create, BPF_ALLOW},
    {"timers", SYS_timer_settime, BPF_ALLOW},
    {"timers", SYS_timer_gettime, BPF_ALLOW},
    {"timers", SYS_timer_getoverrun, BPF_ALLOW},
    {"timers", SYS_timer_delete, BPF_ALLOW},
    {"timers", SYS_setitimer, BPF_ALLOW},
    {"timers", SYS_timerfd_create, BPF_ALLOW},
    {"timers", SYS_timerfd_settime, BPF_ALLOW},
    {"timers", SYS_rt_sigtimedwait, BPF_ALLOW},
    {"timers", SYS_rt_sigsuspend, BPF_ALLOW},
    {"timers", SYS_pause, BPF_ALLOW},

    {"epoll", SYS_epoll_create1, BPF_ALLOW},
    {"epoll", SYS_epoll_ctl, BPF_ALLOW},
    {"epoll", SYS_epoll_wait, BPF_ALLOW},
    {"epoll", SYS_epoll_pwait, BPF_ALLOW},
    {"epoll", SYS_poll, BPF_ALLOW},
    {"epoll", SYS_ppoll, BPF_ALLOW},
    {"epoll", SYS_pipe2, BPF_ALLOW},

    {"eventfd", SYS_eventfd2, BPF_ALLOW},
};

static const char *const known[] = {"threads", "timers", "epoll", "eventfd"};

/* True when `word` stands in the list as a whole word. */
static bool has(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (words += strspn(words, " ,"); *words != '\0'; words += strspn(words, " ,")) {
        size_t length = strcspn(words, " ,");
        if (length == n && memcmp(words, word, n) == 0)
            return true;
        words += length;
    }
    return false;
}

/* True when the list holds as many words as it holds known ones. */
static bool all_known(const char *words)
{
    unsigned there = 0, good = 0;
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        good += has(words, known[i]);
    for (words += strspn(words, " ,"); *words != '\0'; words += strspn(words, " ,")) {
        words += strcspn(words, " ,");
        there++;
    }
    return there == good;
}

/* The calls that are good or bad by an argument. */
static void arguments(struct bpf *b, const char *words)
{
    uint32_t self = (uint32_t)getpid();

    bpf_unless(b, SYS_mmap, 2, PROT_EXEC, PROT_EXEC, BPF_ALLOW);
    bpf_unless(b, SYS_mprotect, 2, PROT_EXEC, PROT_EXEC, BPF_ALLOW);
    bpf_when(b, SYS_tgkill, 0, (uint32_t)ANY, self, BPF_ALLOW);
    /* stdio asks what a descriptor is; a path is nobody's business here. */
    bpf_when(b, SYS_newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH, BPF_ALLOW);
    bpf_on(b, SYS_newfstatat, BPF_FAIL(EACCES));
    if (has(words, "threads"))
        bpf_when(b, SYS_clone, 0, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM, BPF_ALLOW);
    if (has(words, "epoll")) {
        bpf_when(b, SYS_fcntl, 1, (uint32_t)ANY, F_GETFL, BPF_ALLOW);
        bpf_when(b, SYS_fcntl, 1, (uint32_t)ANY, F_SETFL, BPF_ALLOW);
        bpf_when(b, SYS_fcntl, 1, (uint32_t)ANY, F_SETFD, BPF_ALLOW);
    }
}

bool filter_install(const char *words)
{
    struct bpf b;
    size_t i;

    if (!all_known(words))
        return false;
    bpf_begin(&b);
    for (i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].word == NULL || has(words, answers[i].word))
            bpf_on(&b, answers[i].nr, answers[i].answer);
    arguments(&b, words);
    return bpf_install(&b, BPF_KILL);
}

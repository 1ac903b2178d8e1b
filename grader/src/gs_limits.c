/*
 * gs_limits.c - resource limits, the user, the environment, and the exec.
 *
 * RLIMIT_DATA bounds memory, not RLIMIT_AS: a runtime may reserve 64 GiB of addresses and
 * use none of it. Shared mappings escape RLIMIT_DATA; the watcher looks at what is
 * resident.
 *
 * RLIMIT_NPROC counts all processes of a user. A run of its own uid, or of its own user
 * namespace (since Linux 5.14), gets the exact number; an ordinary user's run gets that
 * number on top of all that run now, so that it still bounds a fork bomb.
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
    UID_BASE = 0x70000000,      /* above what distributions and containers hand out */
    UID_LOW = 60000,            /* where only 65536 uids are mapped */
    STACK = 8 << 20,
    LOCKED = 64 << 10,
};

static void limit(int resource, rlim_t soft, rlim_t hard, int word)
{
    struct rlimit now, want = {soft, hard};

    if (getrlimit(resource, &now) == 0 && now.rlim_max != RLIM_INFINITY) {
        if (want.rlim_max > now.rlim_max)
            want.rlim_max = now.rlim_max;
        if (want.rlim_cur > want.rlim_max)
            want.rlim_cur = want.rlim_max;
    }
    if (setrlimit(resource, &want) != 0)
        gs_fail(word, GS_FAULT, "a resource limit cannot be set");
}

static bool counts_by_namespace(void)
{
    struct utsname u;
    int major, minor;

    return uname(&u) == 0 && sscanf(u.release, "%d.%d", &major, &minor) == 2 &&
           major * 100 + minor >= 514;
}

static rlim_t processes(const struct gs_plan *plan, enum gs_tier tier)
{
    struct sysinfo all;

    if (plan->drop)
        return plan->processes;
    if (tier == GS_NAMESPACES && counts_by_namespace())
        return plan->processes + 1;     /* the first process of the namespace counts */
    return sysinfo(&all) == 0 ? all.procs + plan->processes : plan->processes;
}

void gs_limits(const struct gs_plan *plan, enum gs_tier tier, int word)
{
    limit(RLIMIT_CORE, 0, 0, word);
    limit(RLIMIT_STACK, STACK, STACK, word);
    limit(RLIMIT_MEMLOCK, LOCKED, LOCKED, word);
    limit(RLIMIT_MSGQUEUE, 0, 0, word);
    if (plan->cpu != 0)
        limit(RLIMIT_CPU, plan->cpu, plan->cpu + 1, word);
    if (plan->data != 0)
        limit(RLIMIT_DATA, (rlim_t)plan->data << 20, (rlim_t)plan->data << 20, word);
    if (plan->processes != 0)
        limit(RLIMIT_NPROC, processes(plan, tier), processes(plan, tier), word);
    if (plan->descriptors != 0)
        limit(RLIMIT_NOFILE, plan->descriptors, plan->descriptors, word);
    limit(RLIMIT_FSIZE, (rlim_t)plan->file << 20, (rlim_t)plan->file << 20, word);
}

/* True when /proc/self/uid_map maps this uid: in a container not every one is there. */
static bool is_mapped(uid_t uid)
{
    FILE *f = fopen("/proc/self/uid_map", "re");
    unsigned first, outside, count;
    bool found = false;

    while (f != NULL && !found && fscanf(f, "%u %u %u", &first, &outside, &count) == 3)
        found = uid >= first && uid - first < count;
    if (f != NULL)
        fclose(f);
    return found;
}

uid_t gs_spare_uid(void)
{
    uid_t high = UID_BASE + (uid_t)getpid(), low = UID_LOW + (uid_t)getpid() % 5000;

    return is_mapped(high) ? high : is_mapped(low) ? low : 0;
}

/* Root of a container that has no second user: exec must not bring its powers back. */
static void powerless_root(int word)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};

    if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED) != 0 ||
        syscall(SYS_capset, &head, none) != 0)
        gs_fail(word, GS_FAULT, "the powers of root cannot be given up");
}

void gs_become_user(const struct gs_plan *plan, int word)
{
    uid_t u = plan->uid;

    if (plan->drop && (setgroups(0, NULL) != 0 || setresgid(u, u, u) != 0 ||
                       setresuid(u, u, u) != 0 || getuid() != u || geteuid() != u))
        gs_fail(word, GS_FAULT, "root cannot be given up");
    if (geteuid() == 0)
        powerless_root(word);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void gs_exec(const struct gs_plan *plan, const char *folder, int word)
{
    char tmpdir[128];
    char *env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", tmpdir, NULL};
    struct gs_word ready = {.kind = GS_READY};

    snprintf(tmpdir, sizeof tmpdir, "TMPDIR=%s", folder);
    gs_say(word, &ready);
    if (plan->program_copy < 0)
        execve(plan->program, plan->argv, env);
    else
        syscall(SYS_execveat, plan->program_copy, "", plan->argv, env, AT_EMPTY_PATH);
    gs_fail(word, GS_FAULT, "the program cannot be run");
}

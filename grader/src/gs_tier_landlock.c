/*
 * gs_tier_landlock.c - the wall where namespaces are not allowed, as in most containers.
 *
 * The root stays the host's, and Landlock closes all of it but what the plan names. The
 * rules are made with all our rights, so that a folder behind a closed one can be named;
 * they come into force after the user switch. There is no network because the filter has
 * no socket; no other process can be reached because the filter has no signal for one and
 * Landlock no ptrace.
 *
 * /proc/self names the program's own folder there: exec keeps the number.
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's structure and rights; the headers on this machine may be older. */
struct ruleset {
    uint64_t files, network, scoped;
};

#define MAY_EXECUTE (1ull << 0)
#define MAY_WRITE (1ull << 1)
#define MAY_READ (1ull << 2)
#define MAY_LIST (1ull << 3)
#define MAY_ALL_OF_1 ((1ull << 13) - 1)
#define MAY_REFER (1ull << 13)
#define MAY_TRUNCATE (1ull << 14)
#define MAY_IOCTL (1ull << 15)
#define OF_A_FILE (MAY_EXECUTE | MAY_WRITE | MAY_READ | MAY_TRUNCATE | MAY_IOCTL)

int gs_landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return version < 0 ? 0 : (int)version;
}

/* All that this version can forbid, so all of it is forbidden but what a rule allows. */
static struct ruleset everything(int version)
{
    struct ruleset r = {MAY_ALL_OF_1, 0, 0};

    if (version >= 2)
        r.files |= MAY_REFER;
    if (version >= 3)
        r.files |= MAY_TRUNCATE;
    if (version >= 4)
        r.network = 3;
    if (version >= 5)
        r.files |= MAY_IOCTL;
    if (version >= 6)
        r.scoped = 3;
    return r;
}

static size_t size_for(int version)
{
    return version >= 6 ? 24 : version >= 4 ? 16 : 8;
}

/* A path that is not there needs no rule. */
static bool allow(int ruleset, const char *path, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    struct stat st;
    bool good;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return errno == ENOENT;
    if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed_access &= OF_A_FILE;
    good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(rule.parent_fd);
    return good;
}

int gs_landlock_prepare(const struct gs_plan *plan, const char *folder, int word)
{
    int version = gs_landlock_version();
    struct ruleset all = everything(version);
    uint64_t look = MAY_EXECUTE | MAY_READ | MAY_LIST;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size_for(version), 0);
    bool good = true;
    uint32_t i;

    if (ruleset < 0)
        gs_fail(word, GS_NO_WALL, "Landlock");
    fcntl(ruleset, F_SETFD, FD_CLOEXEC);
    for (i = 0; gs_base[i] != NULL; i++)
        good &= allow(ruleset, gs_base[i], look);
    for (i = 0; i < plan->npaths; i++)
        good &= allow(ruleset, plan->path[i].name, plan->path[i].write ? all.files : look);
    if (!gs_is_visible(plan, plan->program))
        good &= allow(ruleset, plan->program, look);
    good &= allow(ruleset, folder, all.files);
    good &= allow(ruleset, "/dev/null", (MAY_READ | MAY_WRITE | MAY_TRUNCATE) & all.files);
    good &= allow(ruleset, "/dev/zero", MAY_READ);
    good &= allow(ruleset, "/dev/urandom", MAY_READ);
    if (!good)
        gs_fail(word, GS_FAULT, "a path cannot be given to Landlock");
    return ruleset;
}

void gs_landlock_enter(int ruleset, int word)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        gs_fail(word, GS_NO_WALL, "Landlock");
    close(ruleset);
}

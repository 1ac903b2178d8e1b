/*
 * gs_tier_ns.c - the wall made of namespaces.
 *
 * The child of the clone is process 1 of its own world: it builds a root of read-only
 * pieces of ours, forks the program, and stays to reap. When it dies, the kernel kills
 * everything else in there and waits for it, so nothing can stay behind.
 *
 * Root needs no user namespace: it makes the others, then gives root up. Anybody else
 * makes a user namespace first and is nobody in it.
 *
 * Invariants:
 *   I1  every piece of the old root is read-only, without setuid and without devices,
 *       except the three devices and what --write names
 *   I2  the old root cannot be reached any more when the program starts
 *   I3  process 1 is not dumpable: the program cannot look into it
 *
 * Refused: mount(2) with MS_BIND and a remount behind it. It is read-write in between, and
 * covers submounts only one by one. open_tree and mount_setattr (Linux 5.12) take the
 * whole tree at once.
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CALL_OPEN_TREE = 428,
    CALL_MOVE_MOUNT = 429,
    CALL_MOUNT_SETATTR = 442,
    OPEN_TREE_COPY = 1,         /* OPEN_TREE_CLONE; with AT_RECURSIVE and O_CLOEXEC */
    RECURSIVE = 0x8000,
    FROM_DESCRIPTOR = 4,        /* MOVE_MOUNT_F_EMPTY_PATH */
    PIECES = GS_PATHS + 16,
    NOBODY = 65534,
};

#define ATTR_READ_ONLY 1ull
#define ATTR_NO_SETUID 2ull
#define ATTR_NO_DEVICES 4ull

struct attributes {
    uint64_t set, clear, propagation, userns;
};

/* A piece of the old root, held open until the new one is there. */
struct piece {
    const char *name;
    int tree;
    bool folder;
};

#define ROOT "/tmp"             /* where the new root is built, over the old /tmp */

unsigned long gs_ns_flags(const struct gs_plan *plan)
{
    unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

    return plan->drop ? flags : flags | CLONE_NEWUSER;
}

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return good;
}

/* Nobody inside, and outside still who we were. */
static void map_user(const struct gs_plan *plan, int word)
{
    char uid[64], gid[64];

    snprintf(uid, sizeof uid, "%d %u 1", NOBODY, (unsigned)plan->uid);
    snprintf(gid, sizeof gid, "%d %u 1", NOBODY, (unsigned)plan->gid);
    if (!write_file("/proc/self/setgroups", "deny") ||
        !write_file("/proc/self/uid_map", uid) || !write_file("/proc/self/gid_map", gid))
        gs_fail(word, GS_NO_WALL, "a user namespace");
}

static bool protect(int fd, const char *path, uint64_t set)
{
    struct attributes a = {.set = set};
    unsigned flags = path[0] == '\0' ? AT_EMPTY_PATH | RECURSIVE : 0;

    return syscall(CALL_MOUNT_SETATTR, fd, path, flags, &a, sizeof a) == 0;
}

/* Opens a copy of the mounts under `name`; false only when that fails for what is there. */
static bool take(struct piece *p, const char *name, uint64_t attributes)
{
    struct stat st;

    p->name = name;
    p->tree = -1;
    if (stat(name, &st) != 0)
        return errno == ENOENT;
    p->folder = S_ISDIR(st.st_mode);
    p->tree = (int)syscall(CALL_OPEN_TREE, AT_FDCWD, name, OPEN_TREE_COPY | O_CLOEXEC | RECURSIVE);
    return p->tree >= 0 && protect(p->tree, "", attributes);
}

static bool is_link(const char *name)
{
    struct stat st;

    return lstat(name, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool is_proc(const char *name)
{
    return strcmp(name, "/proc") == 0 || strncmp(name, "/proc/", 6) == 0;
}

/* All pieces that the new root will have. */
static uint32_t take_all(const struct gs_plan *plan, struct piece *piece, int word)
{
    static const char *const device[] = {"/dev/null", "/dev/zero", "/dev/urandom"};
    const uint64_t closed = ATTR_READ_ONLY | ATTR_NO_SETUID | ATTR_NO_DEVICES;
    bool good = true;
    uint32_t n = 0, i;

    for (i = 0; gs_base[i] != NULL; i++)
        if (!is_link(gs_base[i]))
            good &= take(&piece[n++], gs_base[i], closed);
    for (i = 0; i < sizeof device / sizeof *device; i++)
        good &= take(&piece[n++], device[i], ATTR_READ_ONLY | ATTR_NO_SETUID);
    for (i = 0; i < plan->npaths; i++)
        if (!is_proc(plan->path[i].name))
            good &= take(&piece[n++], plan->path[i].name,
                         plan->path[i].write ? closed & ~ATTR_READ_ONLY : closed);
    if (plan->program_copy < 0 && !gs_is_visible(plan, plan->program))
        good &= take(&piece[n++], plan->program, closed);
    if (!good)
        gs_fail(word, GS_NO_WALL, "copies of mounts (Linux 5.12)");
    return n;
}

/* Makes the folders on the way to ROOT/name, and name itself; true when it is there. */
static bool place(const char *name, bool folder, char *path, size_t size)
{
    struct stat st;
    char *slash;
    int fd;

    snprintf(path, size, "%s%s", ROOT, name);
    for (slash = strchr(path + sizeof ROOT, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    if (folder)
        return mkdir(path, 0755) == 0 || errno == EEXIST;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    if (fd >= 0)
        close(fd);
    return stat(path, &st) == 0;
}

static void put_all(struct piece *piece, uint32_t n, int word)
{
    char path[PATH_MAX];
    uint32_t i;

    for (i = 0; i < n; i++) {
        if (piece[i].tree < 0)
            continue;
        if (!place(piece[i].name, piece[i].folder, path, sizeof path) ||
            syscall(CALL_MOVE_MOUNT, piece[i].tree, "", AT_FDCWD, path, FROM_DESCRIPTOR) != 0)
            gs_fail(word, GS_NO_WALL, "mounts");
        close(piece[i].tree);
    }
}

/* The links of a merged /usr: /bin, /lib and so on. */
static void put_links(int word)
{
    char path[64], target[64];
    uint32_t i;

    for (i = 0; gs_base[i] != NULL; i++)
        if (is_link(gs_base[i])) {
            ssize_t n = readlink(gs_base[i], target, sizeof target - 1);
            target[n < 0 ? 0 : n] = '\0';
            snprintf(path, sizeof path, "%s%s", ROOT, gs_base[i]);
            if (symlink(target, path) != 0)
                gs_fail(word, GS_NO_WALL, "links");
        }
}

static bool wants_proc(const struct gs_plan *plan)
{
    uint32_t i;

    for (i = 0; i < plan->npaths; i++)
        if (is_proc(plan->path[i].name))
            return true;
    return false;
}

/* The new root's own file systems: itself, /tmp, and /proc when it is asked for. */
static void put_own(const struct gs_plan *plan, int word)
{
    const unsigned long flags = MS_NOSUID | MS_NODEV;
    mode_t mask = umask(0);
    bool good = mount("tmpfs", ROOT, "tmpfs", flags, "size=4m,mode=755") == 0 &&
                mkdir(ROOT "/tmp", 0755) == 0 && mkdir(ROOT "/dev", 0755) == 0 &&
                symlink("/tmp", ROOT "/dev/shm") == 0 &&
                mount("tmpfs", ROOT "/tmp", "tmpfs", flags, "size=64m,mode=1777") == 0;

    umask(mask);
    if (!good)
        gs_fail(word, GS_NO_WALL, "mounts");
    if (wants_proc(plan) && (mkdir(ROOT "/proc", 0755) != 0 ||
                             mount("proc", ROOT "/proc", "proc", flags | MS_NOEXEC, NULL) != 0))
        gs_fail(word, GS_NO_WALL, "a /proc of their own");
}

static void swap_roots(int word)
{
    if (chdir(ROOT) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
        umount2(".", MNT_DETACH) != 0 || chdir("/") != 0 ||
        !protect(AT_FDCWD, "/", ATTR_READ_ONLY | ATTR_NO_SETUID | ATTR_NO_DEVICES))
        gs_fail(word, GS_NO_WALL, "a root of their own");
}

void gs_ns_build(const struct gs_plan *plan, int word)
{
    struct piece piece[PIECES];
    uint32_t n;

    if (!plan->drop)
        map_user(plan, word);
    umask(022);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        gs_fail(word, GS_NO_WALL, "mounts");
    n = take_all(plan, piece, word);
    put_own(plan, word);
    put_all(piece, n, word);
    put_links(word);
    if (!gs_copy_into(plan, ROOT "/tmp"))
        gs_fail(word, GS_FAULT, "a file cannot be copied in");
    swap_roots(word);
    sethostname("gort", 4);
}

/* Reaps until the program ends, then kills what it left and counts that. */
static void reap(pid_t program, struct gs_word *done)
{
    pid_t gone;

    do
        gone = wait4(-1, &done->status, 0, &done->usage);
    while (gone != program && (gone > 0 || errno == EINTR));
    if (gone != program)
        done->kind = GS_FAULT;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0)
        done->stray++;
}

void gs_ns_first(int word)
{
    struct gs_word done = {.kind = GS_DONE};
    pid_t program;

    prctl(PR_SET_DUMPABLE, 0);
    program = fork();
    if (program == 0)
        return;
    if (program < 0)
        gs_fail(word, GS_FAULT, "the program's process cannot be made");
    /* Nothing but `word` stays open here: the output ends when the program's does. */
    dup2(word, 0);
    syscall(SYS_close_range, 1, ~0u, 0);
    reap(program, &done);
    gs_say(0, &done);
    _exit(0);
}

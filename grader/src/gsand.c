/*
 * gsand.c - runs one program that nobody trusts: the command line.
 *
 *     gsand [OPTION...] -- PROGRAM [ARGUMENT...]
 *
 *     --tier auto|namespaces|landlock|none   the wall; auto takes the first one to be had
 *     --wall MS  --cpu S                     time: of the clock, and of processors
 *     --data MiB  --rss MiB                  memory: of each process, and resident in all
 *     --processes N  --descriptors N
 *     --file MiB  --output KiB               each written file (0: none); all that is printed
 *     --read PATH  --write PATH              what may be seen, or written, besides /usr
 *     --copy FILE                            a copy in the private folder
 *     --cd DIR                               where to start; else the private folder
 *     --keep FD=N                            our descriptor FD is the program's N
 *     --filter loose|strict                  strict: no process may be started either
 *     --user UID                             for root: who the program is
 *     --show                                 pass on what the program prints
 *     --report FILE                          the outcome, one line of JSON
 *
 * Always: no network, a private /tmp, no privileges to be had, no core file, nothing on
 * standard input, PATH, LC_ALL and TMPDIR for an environment, and nothing stays behind.
 * Started by root, the program has a user of its own, who must be able to read what the
 * options name; the program itself need not be readable.
 *
 * Status: 0 the program ended with status 0 and kept its limits; 1 it did not; 2 wrong
 * use; 3 this machine cannot.
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ENDED_WELL = 0, ENDED_BADLY = 1, WRONG_USE = 2, CANNOT = 3 };

enum option_key {
    TIER = 256, WALL, CPU, DATA, RSS, PROCESSES, FILE_SIZE, OUTPUT, DESCRIPTORS, READ, WRITE, COPY,
    CD, KEEP, USER, REPORT, FILTER, SHOW,
};

static const struct option options[] = {
    {"tier", 1, NULL, TIER}, {"wall", 1, NULL, WALL}, {"cpu", 1, NULL, CPU},
    {"data", 1, NULL, DATA}, {"rss", 1, NULL, RSS}, {"processes", 1, NULL, PROCESSES},
    {"file", 1, NULL, FILE_SIZE}, {"output", 1, NULL, OUTPUT},
    {"descriptors", 1, NULL, DESCRIPTORS}, {"read", 1, NULL, READ}, {"write", 1, NULL, WRITE},
    {"copy", 1, NULL, COPY}, {"cd", 1, NULL, CD}, {"keep", 1, NULL, KEEP},
    {"user", 1, NULL, USER}, {"report", 1, NULL, REPORT}, {"filter", 1, NULL, FILTER},
    {"show", 0, NULL, SHOW}, {NULL, 0, NULL, 0},
};

static _Noreturn void refuse(const char *why, const char *what)
{
    fprintf(stderr, "gsand: %s: %s\n", what, why);
    exit(WRONG_USE);
}

static uint32_t number(const char *text, const char *option)
{
    char *end;
    unsigned long n;

    errno = 0;
    n = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == '-' || n > 1000000000)
        refuse("is no number in range", option);
    return (uint32_t)n;
}

/* The path from the root, with its links followed. */
static const char *whole(const char *path)
{
    const char *real = realpath(path, NULL);

    if (real == NULL)
        refuse(strerror(errno), path);
    return real;
}

/* /proc/self means the program's, not ours. */
static void add_path(struct gs_plan *plan, const char *path, bool write)
{
    if (plan->npaths == GS_PATHS)
        refuse("too many paths", path);
    plan->path[plan->npaths].name = strcmp(path, "/proc/self") == 0 ? path : whole(path);
    plan->path[plan->npaths++].write = write;
}

static void add_keep(struct gs_plan *plan, const char *text)
{
    struct gs_keep *k = &plan->keep[plan->nkeeps];
    char rest;

    if (plan->nkeeps == GS_KEEPS || sscanf(text, "%d=%d%c", &k->from, &k->to, &rest) != 2 ||
        k->to < 3 || k->to >= GS_HIGH || fcntl(k->from, F_GETFD) < 0)
        refuse("is not an open descriptor and its new number from 3", text);
    plan->nkeeps++;
}

static void add_copy(struct gs_plan *plan, const char *path)
{
    uint32_t i = plan->ncopies;
    struct stat st;

    if (i == GS_COPIES)
        refuse("too many copies", path);
    plan->copy[i] = path;
    plan->copy_fd[i] = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (plan->copy_fd[i] < 0 || fstat(plan->copy_fd[i], &st) != 0 || !S_ISREG(st.st_mode))
        refuse("is no file that can be read", path);
    plan->ncopies++;
}

static enum gs_tier tier_of(const char *text)
{
    enum gs_tier t;

    for (t = GS_NAMESPACES; t <= GS_AUTO; t++)
        if (strcmp(text, gs_tier_name(t)) == 0)
            return t;
    refuse("is none of auto, namespaces, landlock, none", text);
}

/* The options that are no limits. */
static void set_other(struct gs_plan *plan, int key, const char *text)
{
    switch (key) {
    case TIER: plan->tier = tier_of(text); break;
    case READ: add_path(plan, text, false); break;
    case WRITE: add_path(plan, text, true); break;
    case CD: plan->cd = whole(text); break;
    case KEEP: add_keep(plan, text); break;
    case USER: plan->uid = number(text, "--user"); break;
    case REPORT: plan->report = text; break;
    case SHOW: plan->show = true; break;
    case COPY: add_copy(plan, text); break;
    case FILTER:
        plan->strict = strcmp(text, "strict") == 0;
        if (!plan->strict && strcmp(text, "loose") != 0)
            refuse("is neither loose nor strict", text);
        break;
    default:
        exit(WRONG_USE);
    }
}

static void set(struct gs_plan *plan, int key, const char *text)
{
    switch (key) {
    case WALL: plan->wall = number(text, "--wall"); break;
    case CPU: plan->cpu = number(text, "--cpu"); break;
    case DATA: plan->data = number(text, "--data"); break;
    case RSS: plan->rss = number(text, "--rss"); break;
    case PROCESSES: plan->processes = number(text, "--processes"); break;
    case FILE_SIZE: plan->file = number(text, "--file"); break;
    case OUTPUT: plan->output = number(text, "--output"); break;
    case DESCRIPTORS: plan->descriptors = number(text, "--descriptors"); break;
    default: set_other(plan, key, text);
    }
}

/* The program's absolute path: as it stands when it has a slash, else from a fixed list. */
static const char *find_program(const char *name)
{
    static const char *const folder[] = {"/usr/local/bin", "/usr/bin", "/bin"};
    static char path[PATH_MAX];
    struct stat st;
    size_t i;

    if (strchr(name, '/') != NULL)
        return whole(name);
    for (i = 0; i < sizeof folder / sizeof *folder; i++) {
        snprintf(path, sizeof path, "%s/%s", folder[i], name);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & S_IXUSR)
            return path;
    }
    refuse("there is no such program", name);
}

/* Whether that user can run the program where it stands. */
static bool can_reach(const char *path, uid_t uid)
{
    int gid = setfsgid(uid), self = setfsuid(uid);
    bool good = syscall(SYS_faccessat2, AT_FDCWD, path, R_OK | X_OK, AT_EACCESS) == 0;

    setfsuid((uid_t)self);
    setfsgid((gid_t)gid);
    return good;
}

/* Who the program runs as, and where it is run from. */
static void settle(struct gs_plan *plan)
{
    uid_t asked = plan->uid;

    plan->gid = getegid();
    plan->uid = geteuid();
    plan->program = find_program(plan->argv[0]);
    plan->program_copy = -1;
    if (asked != 0 && plan->uid != 0)
        refuse("only root can choose who runs it", "--user");
    if (plan->uid != 0)
        return;
    plan->uid = asked != 0 ? asked : gs_spare_uid();
    plan->drop = plan->uid != 0;
    if (plan->drop && !can_reach(plan->program, plan->uid)) {
        plan->program_copy = gs_memory_copy(plan->program);
        if (plan->program_copy < 0)
            refuse(strerror(errno), plan->program);
    }
}

/* Runs in the first tier that can be had; status CANNOT in *end's outcome when none can. */
static void run(const struct gs_plan *plan, struct gs_end *end)
{
    enum gs_tier t, first = GS_NAMESPACES, last = GS_LANDLOCK;

    if (plan->tier != GS_AUTO)
        first = last = plan->tier;
    for (t = first; t <= last; t++) {
        gs_run(plan, t, end);
        if (!end->no_wall)
            break;
    }
    if (end->no_wall && plan->tier == GS_AUTO) {
        end->tier = GS_AUTO;
        fprintf(stderr, "gsand: this machine offers neither namespaces nor Landlock; SANDBOX=none "
                        "runs without a wall, and says so in every report\n");
    } else if (end->what[0] != '\0') {
        fprintf(stderr, "gsand: %s: %s\n", gs_tier_name(end->tier), end->what);
    }
}

int main(int argc, char **argv)
{
    struct gs_plan plan = {
        .tier = GS_AUTO, .wall = 10000, .processes = 64, .file = 16, .output = 64,
        .descriptors = 64,
    };
    struct gs_end end;
    int key;

    while ((key = getopt_long(argc, argv, "+", options, NULL)) != -1)
        set(&plan, key, optarg);
    plan.argv = argv + optind;
    if (plan.argv[0] == NULL)
        refuse("a program is missing; see the head of grader/src/gsand.c", "gsand");
    settle(&plan);
    run(&plan, &end);
    if (plan.report != NULL && !gs_report(plan.report, &end))
        refuse(strerror(errno), plan.report);
    return end.outcome == GS_OK ? ENDED_WELL : end.outcome == GS_HARNESS ? CANNOT : ENDED_BADLY;
}

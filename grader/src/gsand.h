/*
 * gsand.h - what the parts of the launcher hand to each other.
 *
 * gsand runs one program that nobody trusts. Each part is a file:
 *
 *   gsand.c             the command line; tries the tiers in turn
 *   gs_watch.c          starts, watches, ends; the only part that decides an outcome
 *   gs_tree.c           everything that the program has started, and its end
 *   gs_tier_ns.c        namespaces: another root, other processes, no network
 *   gs_tier_landlock.c  Landlock: the same root, and most of it closed
 *   gs_filter.c         the system calls that no program here needs
 *   gs_limits.c         resource limits, the user, the environment
 *   gs_files.c          the private folder, and the copies in it
 *   gs_report.c         the outcome as JSON
 *
 * From the fork to the exec, the child says how far it came through a pipe, `word`, which
 * exec closes: the program itself never holds it.
 */
#ifndef GRADER_GSAND_H
#define GRADER_GSAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum gs_tier { GS_NAMESPACES, GS_LANDLOCK, GS_NONE, GS_AUTO };

enum {
    GS_PATHS = 64,
    GS_KEEPS = 8,
    GS_COPIES = 16,
    GS_HIGH = 100,              /* our descriptors are moved from here on upwards */
};

struct gs_path {
    const char *name;           /* absolute */
    bool write;
};

struct gs_keep {
    int from, to;               /* our descriptor, and its number in the program */
};

/* What was asked for. Set by gsand.c, then only read. A limit of 0 is none. */
struct gs_plan {
    enum gs_tier tier;
    bool strict, show;
    uint32_t wall, cpu, data, rss, processes, file, output, descriptors;
    struct gs_path path[GS_PATHS];
    uint32_t npaths;
    struct gs_keep keep[GS_KEEPS];
    uint32_t nkeeps;
    const char *copy[GS_COPIES];
    int copy_fd[GS_COPIES];     /* open: a new root may hide the name */
    uint32_t ncopies;
    const char *cd;             /* NULL: the private folder */
    const char *report;
    char **argv;
    const char *program;        /* absolute */
    int program_copy;           /* a copy in memory, where `program` is out of reach; or -1 */
    bool drop;                  /* we are root, and `uid` is who the program runs as */
    uid_t uid;                  /* else who we are */
    gid_t gid;
};

/* What the child says before the program runs, and what the first process of the
   namespaces says after it. */
enum gs_kind {
    GS_READY,                   /* the next thing is exec */
    GS_NO_WALL,                 /* this tier cannot be had here: `what`, errno `error` */
    GS_FAULT,                   /* ours */
    GS_DONE,                    /* the program ended: `status`, `usage`, `stray` */
};

struct gs_word {
    enum gs_kind kind;
    int error, status;
    uint32_t stray;
    struct rusage usage;
    char what[160];
};

enum gs_outcome {
    GS_OK, GS_EXIT, GS_SIGNAL, GS_TIMEOUT, GS_CPU, GS_MEMORY, GS_FLOOD, GS_SYSCALL, GS_HARNESS,
};

/* How it ended. */
struct gs_end {
    enum gs_outcome outcome;
    enum gs_tier tier;
    int status, signal;
    uint32_t wall_ms, cpu_ms, rss_kib, stray;
    uint64_t output;
    bool no_wall;               /* the tier could not be had: nothing ran */
    char what[240];             /* for GS_HARNESS and no_wall: a sentence */
};

/* gs_watch.c: runs the plan in this tier and waits until all of it is gone. */
void gs_run(const struct gs_plan *plan, enum gs_tier tier, struct gs_end *end);

/* gs_watch.c, in the child: says a word to the watcher; gs_fail also ends the process. */
void gs_say(int word, const struct gs_word *w);
_Noreturn void gs_fail(int word, enum gs_kind kind, const char *what);

/* gs_tier_ns.c: the clone flags, and, in the first process of the new namespaces, their
   furniture. gs_ns_first forks the program, returns in it, and stays behind to reap. */
unsigned long gs_ns_flags(const struct gs_plan *plan);
void gs_ns_build(const struct gs_plan *plan, int word);
void gs_ns_first(int word);

/* gs_tier_landlock.c: prepare, with all our rights, then close the door behind the user
   switch. The highest version of Landlock's interface here, 0 when there is none. */
int gs_landlock_version(void);
int gs_landlock_prepare(const struct gs_plan *plan, const char *folder, int word);
void gs_landlock_enter(int ruleset, int word);

/* gs_filter.c: puts the deny-list on; shut is true where Landlock is the wall. */
bool gs_filter(bool strict, bool shut);

/* gs_limits.c */
void gs_limits(const struct gs_plan *plan, enum gs_tier tier, int word);
void gs_become_user(const struct gs_plan *plan, int word);
uid_t gs_spare_uid(void);       /* a high uid of this run's own; 0 when none is mapped */
_Noreturn void gs_exec(const struct gs_plan *plan, const char *folder, int word);

/* gs_files.c: a new private folder, its removal, and copies into a folder. */
bool gs_folder_new(const struct gs_plan *plan, char *path, size_t size);
void gs_folder_remove(const char *path);
bool gs_copy_into(const struct gs_plan *plan, const char *folder);
int gs_memory_copy(const char *path);
extern const char *const gs_base[];     /* what every program may read, NULL at the end */
bool gs_is_visible(const struct gs_plan *plan, const char *path);

/* gs_tree.c: the descendants of this process. */
struct gs_tree {
    uint32_t count;
    uint64_t rss_kib, cpu_ms;
};
void gs_tree_look(struct gs_tree *tree);
bool gs_tree_kill(uint32_t *stray);     /* until none is left; false when some will not die */

/* gs_report.c */
const char *gs_tier_name(enum gs_tier tier);
bool gs_report(const char *file, const struct gs_end *end);

#endif

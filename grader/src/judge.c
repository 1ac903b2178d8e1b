/*
 * judge.c - Criterion tests that hold no student code.
 *
 * For each test the judge runs the reference's subject and the student's subject, each a
 * process of its own, on the same seed, and compares what they observed. What it finds it
 * appends to a report, one line a fact, tab-separated:
 *
 *     test  SUITE/NAME  VERDICT  MS  ALLOCS BYTES FREES  LIVE LIVE_BYTES  LINE  TEXT
 *     site  SUITE/NAME  ADDRESS  ALLOCS BYTES  LIVE LIVE_BYTES
 *     over  SUITE/NAME  ADDRESS  BLOCKS BYTES
 *
 * Then it asserts, so that Criterion's own count must agree with the report. Set by the
 * harness: GT_STUDENT, GT_REFERENCE, GT_SEED, GT_REPORT, GT_WALL and GT_CPU (seconds),
 * GT_MEMORY (MiB); and, where they are not the usual ones, GT_SCALE (percent, of wall and
 * cpu), GT_LAUNCHER, GT_TIER and GT_SYSCALLS.
 */
#define GT_JUDGE
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gt.h"
#include "verdict.h"

enum {
    TIMEOUTS = 2,               /* after so many, the rest is not run: a hang is a hang */
    LINE = 4096,
};

static const char *setting(const char *name)
{
    const char *value = getenv(name);

    cr_assert(value != NULL, "harness: %s is not set", name);
    return value;
}

static unsigned number(const char *name)
{
    return (unsigned)strtoul(setting(name), NULL, 10);
}

static const char *setting_or(const char *name, const char *usual)
{
    const char *value = getenv(name);

    return value != NULL ? value : usual;
}

static struct run_limits limits(void)
{
    unsigned scale = (unsigned)strtoul(setting_or("GT_SCALE", "100"), NULL, 10);

    return (struct run_limits){
        .wall_ms = number("GT_WALL") * 10 * scale,
        .cpu = (number("GT_CPU") * scale + 99) / 100,
        .memory = number("GT_MEMORY"),
        .launcher = setting_or("GT_LAUNCHER", "build/kit/gsand"),
        .tier = setting_or("GT_TIER", "auto"),
        .syscalls = setting_or("GT_SYSCALLS", ""),
    };
}

/* A ledger whose size nobody can change any more; -1 in *fd when there is none. */
static struct ledger *ledger_new(int *fd, uint64_t seed)
{
    struct ledger *l = MAP_FAILED;

    *fd = memfd_create("ledger", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (*fd >= 0 && ftruncate(*fd, sizeof *l) == 0 &&
        fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        l = mmap(NULL, sizeof *l, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    cr_assert(l != MAP_FAILED, "harness: no ledger could be made");
    l->seed = seed;
    return l;
}

static struct ledger *run(const char *program, const char *test, struct run_result *result)
{
    struct run_limits within = limits();
    int fd;
    struct ledger *l = ledger_new(&fd, strtoull(setting("GT_SEED"), NULL, 10));

    cr_assert(run_subject(program, test, fd, &within, result), "harness: %s did not start",
              program);
    close(fd);
    return l;
}

/* One line of the report in one write, so that parallel tests do not mix theirs. */
static void report(const char *line)
{
    int fd = open(setting("GT_REPORT"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    size_t n = strlen(line);

    cr_assert(fd >= 0 && write(fd, line, n) == (ssize_t)n,
              "harness: the report cannot be written");
    close(fd);
}

/* How many tests of this report ended as `verdict`. */
static unsigned reported(const char *verdict)
{
    FILE *f = fopen(setting("GT_REPORT"), "r");
    char line[LINE], word[32];
    unsigned n = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "test\t%*s\t%31s", word) == 1 && strcmp(word, verdict) == 0)
            n++;
    if (f != NULL)
        fclose(f);
    return n;
}

/* Letters, digits, blanks and a little punctuation; everything else becomes '?'. */
static void sanitise(char *text)
{
    text[LEDGER_TEXT - 1] = '\0';
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text) && strchr(" .,:;()[]_-+<>=", *text) == NULL)
            *text = '?';
}

static void report_test(const char *test, const char *verdict, const struct run_result *run,
                        struct ledger *student, uint64_t line)
{
    const struct gt_counts *m = &student->measured, *t = &student->total;
    char text[LINE];
    uint32_t i;

    sanitise(student->text);
    snprintf(text, sizeof text,
             "test\t%s\t%s\t%u\t%llu\t%llu\t%llu\t%llu\t%llu\t%llu\t%s\n", test, verdict,
             run->wall_ms, (unsigned long long)m->allocs, (unsigned long long)m->bytes,
             (unsigned long long)m->frees, (unsigned long long)t->live,
             (unsigned long long)t->live_bytes, (unsigned long long)line, student->text);
    report(text);
    if (student->overrun.blocks != 0) {
        snprintf(text, sizeof text, "over\t%s\t0x%llx\t%llu\t%llu\n", test,
                 (unsigned long long)student->overrun.address,
                 (unsigned long long)student->overrun.blocks,
                 (unsigned long long)student->overrun.bytes);
        report(text);
    }
    for (i = 0; i < LEDGER_SITES && student->site[i].address != 0; i++) {
        const struct ledger_site *s = &student->site[i];
        snprintf(text, sizeof text, "site\t%s\t0x%llx\t%llu\t%llu\t%llu\t%llu\n", test,
                 (unsigned long long)s->address, (unsigned long long)s->allocs,
                 (unsigned long long)s->bytes, (unsigned long long)s->live,
                 (unsigned long long)s->live_bytes);
        report(text);
    }
}

void gt_judge(const char *test)
{
    struct run_result reference_run, student_run = {0};
    struct ledger *reference, *student;
    const char *verdict;
    uint64_t at, line = 0;

    reference = run(setting("GT_REFERENCE"), test, &reference_run);
    if (strcmp(verdict_of(&reference_run, reference, reference), "pass") != 0) {
        report_test(test, "harness", &reference_run, reference, 0);
        cr_assert_fail("harness: the reference itself fails %s", test);
    }
    if (reported("timeout") >= TIMEOUTS) {
        memset(reference, 0, sizeof *reference);
        report_test(test, "timeout", &student_run, reference, 0);
        cr_assert_fail("not run: %d tests before it timed out", TIMEOUTS);
    }
    student = run(setting("GT_STUDENT"), test, &student_run);
    verdict = verdict_of(&student_run, student, reference);
    at = verdict_difference(student, reference);
    if (strcmp(verdict, "fail") == 0 && at < reference->n && at < LEDGER_ENTRIES)
        line = reference->entry[at].line;
    report_test(test, verdict, &student_run, student, line);
    cr_assert(strcmp(verdict, "pass") == 0, "%s", verdict);
}

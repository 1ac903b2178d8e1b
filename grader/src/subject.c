/*
 * subject.c - runs test bodies beside a student's object, and writes down what they saw.
 *
 *     subject --list           the names of the tests, one per line
 *     subject SUITE/NAME       one test; the ledger is on descriptor LEDGER_FD
 *     subject SUITE/NAME SEED  the same without a supervisor, for Callgrind and for people
 *     subject --all SEED       every test in turn, in this process, for memcheck; prints each
 *                              one's name, how much it recorded, and a hash of that
 *
 * There is no expected value in this program and nothing that it prints is read. The
 * END record is written after the test function has returned, and only then: leaving by
 * any other way, with whatever status, is "early-exit".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "count.h"
#include "fatal.h"
#include "ledger.h"
#include "words.h"

extern const struct gt_case __start_gt_cases[], __stop_gt_cases[];

static struct ledger *ledger;

void gt_record(uint32_t line, uint64_t value)
{
    uint64_t i = ledger->n++;

    ledger->hash = ledger_mix(ledger->hash, line, value);
    if (i < LEDGER_ENTRIES)
        ledger->entry[i] = (struct ledger_entry){line, value};
}

/* The runtime came to its end: note why, and go without an END record. */
static void stopped(enum fatal_kind kind, const char *room, const char *why)
{
    ledger->stop = kind == FATAL_TODO ? STOP_TODO : kind == FATAL_THROW ? STOP_THROW : STOP_PANIC;
    snprintf(ledger->text, sizeof ledger->text, "%s: %s", room, why);
    _exit(kind == FATAL_TODO ? 0 : 2);
}

static const struct gt_case *find(const char *name)
{
    const struct gt_case *c;

    for (c = __start_gt_cases; c < __stop_gt_cases; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int list(void)
{
    const struct gt_case *c;

    for (c = __start_gt_cases; c < __stop_gt_cases; c++)
        puts(c->name);
    return 0;
}

/* For memcheck, which starts in a second: once for the whole suite. */
static int run_all(uint64_t seed)
{
    const struct gt_case *c;

    for (c = __start_gt_cases; c < __stop_gt_cases; c++) {
        gt_fail_at(0);
        words_seed(words_test_seed(seed, c->name));
        ledger->n = ledger->hash = 0;
        c->fn();
        printf("%s\t%llu\t%llx\n", c->name, (unsigned long long)ledger->n,
               (unsigned long long)ledger->hash);
    }
    return 0;
}

static int run_one(const char *name)
{
    const struct gt_case *c = find(name);

    if (c == NULL) {
        ledger->stop = STOP_UNKNOWN_TEST;
        return 1;
    }
    words_seed(words_test_seed(ledger->seed, name));
    c->fn();
    count_report(ledger);
    ledger->end = ledger_seal(ledger);
    _exit(0);
}

/* The supervisor's ledger; a private one, which nobody reads, when there is no supervisor. */
static struct ledger *open_ledger(bool supervised)
{
    struct ledger *l;

    if (supervised)
        l = mmap(NULL, sizeof *l, PROT_READ | PROT_WRITE, MAP_SHARED, LEDGER_FD, 0);
    else
        l = mmap(NULL, sizeof *l, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (l == MAP_FAILED) {
        fputs("subject: no ledger\n", stderr);
        exit(2);
    }
    if (supervised)
        close(LEDGER_FD);
    return l;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc != 2 && argc != 3) {
        fputs("usage: subject --list | SUITE/NAME [SEED] | --all SEED\n", stderr);
        return 2;
    }
    ledger = open_ledger(argc == 2);
    fatal_set_handler(stopped);
    if (argc == 3)
        ledger->seed = strtoull(argv[2], NULL, 10);
    if (strcmp(argv[1], "--all") == 0)
        return run_all(ledger->seed);
    return run_one(argv[1]);
}

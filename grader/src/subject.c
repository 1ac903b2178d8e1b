/*
 * subject.c - runs test bodies beside a student's object, and writes down what they saw.
 *
 *     subject --list           the names of the tests, one per line
 *     subject --syscalls=WORDS SUITE/NAME
 *                              one test; the ledger is on descriptor LEDGER_FD, and the
 *                              filter (filter.h) is on before anything else runs
 *     subject SUITE/NAME SEED  the same without a supervisor, for Callgrind and for people
 *     subject --all SEED       every test in turn, in this process, for memcheck
 *
 * The last two say of each test its name, how much it recorded, and a hash of that: they
 * print it, or write it to the descriptor that is a last argument of theirs. A student's
 * program must say there what the reference says, or it did not do the work.
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
#include <valgrind/valgrind.h>

#include "count.h"
#include "fatal.h"
#include "filter.h"
#include "ledger.h"
#include "words.h"

extern const struct gt_case __start_gt_cases[], __stop_gt_cases[];

#define SYSCALLS "--syscalls="

static struct ledger *ledger;
static int facts = 1;              /* the descriptor for what a test saw */

/* Runs before every constructor of this program, so before any code of the student's.
   Valgrind is a program of its own with needs of its own; the launcher is its wall. */
static void shut_the_door(int argc, char **argv, char **env)
{
    (void)env;
    if (argc < 2 || strncmp(argv[1], SYSCALLS, strlen(SYSCALLS)) != 0 || RUNNING_ON_VALGRIND)
        return;
    if (!filter_install(argv[1] + strlen(SYSCALLS)))
        _exit(125);
}

__attribute__((used, section(".preinit_array"))) static void (*before_all)(
    int, char **, char **) = shut_the_door;

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

static void say_facts(const char *name)
{
    dprintf(facts, "%s\t%llu\t%llx\n", name, (unsigned long long)ledger->n,
            (unsigned long long)ledger->hash);
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
        say_facts(c->name);
    }
    return 0;
}

static int run_one(const char *name, bool supervised)
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
    if (!supervised)
        say_facts(name);
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
    bool supervised = argc == 3 && strncmp(argv[1], SYSCALLS, strlen(SYSCALLS)) == 0;

    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc != 3 && argc != 4) {
        fputs("usage: subject --list | --syscalls=WORDS SUITE/NAME | SUITE/NAME SEED [FD] | "
              "--all SEED [FD]\n", stderr);
        return 2;
    }
    ledger = open_ledger(supervised);
    fatal_set_handler(stopped);
    if (supervised)
        return run_one(argv[2], true);
    ledger->seed = strtoull(argv[2], NULL, 10);
    if (argc == 4)
        facts = atoi(argv[3]);
    if (strcmp(argv[1], "--all") == 0)
        return run_all(ledger->seed);
    return run_one(argv[1], false);
}

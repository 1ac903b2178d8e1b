/*
 * verdict.c - one word for how a test went.
 *
 * The order matters: first what the machine saw (time, signals), which nobody can fake
 * into a pass; then what the runtime noted before it stopped; then whether the END record
 * is there; the ledgers last.
 */
#include "verdict.h"

#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>

uint64_t verdict_difference(const struct ledger *a, const struct ledger *b)
{
    uint64_t n = a->n < b->n ? a->n : b->n, i;

    if (n > LEDGER_ENTRIES)
        n = LEDGER_ENTRIES;
    for (i = 0; i < n; i++)
        if (a->entry[i].line != b->entry[i].line || a->entry[i].value != b->entry[i].value)
            break;
    return i;
}

static const char *of_signal(int signal)
{
    switch (signal) {
    case SIGXCPU:
        return "cpu";
    case SIGXFSZ:
        return "flood";
    case SIGSYS:
        return "syscall";
    default:
        return "crash";
    }
}

const char *verdict_of(const struct run_result *run, const struct ledger *student,
                       const struct ledger *reference)
{
    if (run->timed_out)
        return "timeout";
    if (WIFSIGNALED(run->status))
        return of_signal(WTERMSIG(run->status));
    switch (student->stop) {
    case STOP_TODO:
        return "not-started";
    case STOP_THROW:
    case STOP_PANIC:
        return "crash";
    case STOP_UNKNOWN_TEST:
        return "harness";
    }
    if (student->end != ledger_seal(student))
        return "early-exit";
    if (student->n != reference->n || student->hash != reference->hash)
        return "fail";
    return verdict_difference(student, reference) == student->n ||
                   student->n > LEDGER_ENTRIES
               ? "pass"
               : "fail";
}

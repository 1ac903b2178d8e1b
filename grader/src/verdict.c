/*
 * verdict.c - one word for how a test went.
 *
 * The order matters: first what the launcher saw (time, memory, signals), which nobody
 * can fake into a pass; then what the runtime noted before it stopped; then whether the
 * END record is there; the ledgers last.
 */
#include "verdict.h"

#include <stddef.h>
#include <string.h>

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

/* What the launcher's word decides alone; NULL for ok and exit, where the ledger does. */
static const char *of_outcome(const char *outcome)
{
    static const struct {
        const char *outcome, *verdict;
    } table[] = {
        {"ok", NULL}, {"exit", NULL}, {"signal", "crash"}, {"timeout", "timeout"}, {"cpu", "cpu"},
        {"memory", "memory"}, {"flood", "flood"}, {"syscall", "syscall"},
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(outcome, table[i].outcome) == 0)
            return table[i].verdict;
    return "harness";
}

const char *verdict_of(const struct run_result *run, const struct ledger *student,
                       const struct ledger *reference)
{
    const char *alone = of_outcome(run->outcome);

    if (alone != NULL)
        return alone;
    switch (student->stop) {
    case STOP_TODO:
        return "not-started";
    case STOP_THROW:
    case STOP_PANIC:
        return "crash";
    }
    if (student->stop != STOP_NONE || student->end != ledger_seal(student))
        return "early-exit";
    if (student->n != reference->n || student->hash != reference->hash)
        return "fail";
    return verdict_difference(student, reference) == student->n ||
                   student->n > LEDGER_ENTRIES
               ? "pass"
               : "fail";
}

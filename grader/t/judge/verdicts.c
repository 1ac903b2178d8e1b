/*
 * verdicts.c - prints the verdict on a student's ledger that claims something, one a line.
 */
#include <stdio.h>
#include <string.h>

#include "verdict.h"

static struct ledger student, reference;

static void say(const char *what, const char *outcome)
{
    struct run_result run = {0};

    snprintf(run.outcome, sizeof run.outcome, "%s", outcome);
    printf("%s: %s\n", what, verdict_of(&run, &student, &reference));
}

static void honest(struct ledger *l)
{
    memset(l, 0, sizeof *l);
    l->n = 1;
    l->entry[0] = (struct ledger_entry){10, 48};
    l->hash = ledger_mix(0, 10, 48);
    l->end = ledger_seal(l);
}

int main(void)
{
    honest(&reference);
    honest(&student);
    say("the same", "ok");
    student.stop = STOP_UNKNOWN_TEST;
    say("no such test, and an END", "ok");
    student.end = 0;
    say("no such test", "exit");
    student.stop = 77;
    say("a stop of no kind", "ok");
    say("the launcher failed", "harness");
    return 0;
}

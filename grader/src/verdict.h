/*
 * verdict.h - one word for how a test went.
 */
#ifndef GRADER_VERDICT_H
#define GRADER_VERDICT_H

#include "ledger.h"
#include "run.h"

/* The first entry in which the two ledgers differ; their common length when they agree. */
uint64_t verdict_difference(const struct ledger *a, const struct ledger *b);

/* pass, fail, early-exit, crash, timeout, cpu, memory, flood, syscall or not-started: from how the
   student's subject ended and from the two ledgers. "harness" only when the launcher says so:
   nothing that stands in a ledger can make a fault of the kit out of a student's mistake. A
   reference that does not pass is the kit's fault, which the judge sees. Words are made here
   and nowhere else. */
const char *verdict_of(const struct run_result *run, const struct ledger *student,
                       const struct ledger *reference);

#endif

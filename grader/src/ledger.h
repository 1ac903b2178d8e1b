/*
 * ledger.h - what a subject hands over, and nothing else that it says counts.
 *
 * The supervisor makes a memory file of this size, seals its size, and passes it to the
 * subject as descriptor LEDGER_FD. The subject appends what its test observed and, as the
 * very last thing, writes the END record. The judge reads it after the subject is dead.
 *
 * Invariants that an honest subject keeps:
 *   I1  `n` never falls; entry i < LEDGER_ENTRIES is written once
 *   I2  `end` is ledger_seal(l) if and only if the test function returned
 */
#ifndef GRADER_LEDGER_H
#define GRADER_LEDGER_H

#include <stdint.h>

#include "gt.h"

enum {
    LEDGER_FD = 3,
    LEDGER_ENTRIES = 32768,
    LEDGER_SITES = 16,          /* places in the student's code that allocate, most first */
    LEDGER_TEXT = 160,
};

/* How the subject says it stopped, where it could say so. */
enum ledger_stop {
    STOP_NONE,                  /* it ran on, or died without a word */
    STOP_TODO,                  /* it came to a hole of the skeleton */
    STOP_THROW,                 /* the runtime found itself broken */
    STOP_PANIC,                 /* a panic that nobody caught */
    STOP_UNKNOWN_TEST,          /* no test of that name; believed of the reference only */
};

/* One line of the student's source that allocates. */
struct ledger_site {
    uint64_t address;           /* of the call, in the subject's text */
    uint64_t allocs, bytes;     /* in the measured part */
    uint64_t live, live_bytes;  /* at the end */
};

/* Blocks behind whose end somebody wrote: how many, and of the last one its size and place. */
struct ledger_overrun {
    uint64_t blocks, bytes;
    uint64_t address;           /* of the call that got it */
};

struct ledger_entry {
    uint64_t line;              /* in the test's source */
    uint64_t value;
};

struct ledger {
    uint64_t seed;              /* the supervisor's; the subject only reads it */
    _Atomic uint64_t n;
    uint64_t hash;              /* of all entries, also those that did not fit */
    uint64_t end;
    uint32_t stop;              /* enum ledger_stop */
    char text[LEDGER_TEXT];     /* of a todo, a throw or a panic; not to be trusted */
    struct gt_counts measured;  /* between gt_start and gt_stop, or the whole test */
    struct gt_counts total;     /* live: at the end of the test */
    struct ledger_overrun overrun;
    struct ledger_site site[LEDGER_SITES];
    struct ledger_entry entry[LEDGER_ENTRIES];
};

static inline uint64_t ledger_mix(uint64_t hash, uint64_t line, uint64_t value)
{
    return ((hash ^ line) * 0x100000001b3ull ^ value) * 0x100000001b3ull;
}

static inline uint64_t ledger_seal(const struct ledger *l)
{
    return (0x67747564676d656eull ^ l->hash) + l->n * 0x9e3779b97f4a7c15ull;
}

#endif

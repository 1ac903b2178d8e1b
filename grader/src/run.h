/*
 * run.h - runs one subject in the sandbox, and says from outside how it ended.
 */
#ifndef GRADER_RUN_H
#define GRADER_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct run_limits {
    unsigned wall_ms;           /* of the clock */
    unsigned cpu;               /* seconds of processor time */
    unsigned memory;            /* MiB: of data, and of all that is resident */
    const char *launcher;       /* the path of gsand */
    const char *tier;           /* auto, namespaces, landlock or none */
    const char *syscalls;       /* the module's words for the subject's filter */
};

struct run_result {
    char outcome[16];           /* gsand's word; empty when nothing was run */
    int status, signal;
    uint32_t wall_ms;
};

/* Runs `program test` by the launcher, with the ledger as descriptor LEDGER_FD, nothing to
   read, and what it prints thrown away; returns when it and all that it started are dead.
   False when it could not be run: our fault. */
bool run_subject(const char *program, const char *test, int ledger,
                 const struct run_limits *limits, struct run_result *result);

#endif

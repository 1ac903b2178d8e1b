/*
 * run.h - runs one subject under limits, and says from outside how it ended.
 */
#ifndef GRADER_RUN_H
#define GRADER_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct run_limits {
    unsigned wall;              /* seconds of the clock */
    unsigned cpu;               /* seconds of processor time */
    unsigned memory;            /* MiB of data: heap, and what mmap made writable */
};

struct run_result {
    int status;                 /* as waitpid gives it; without meaning when timed_out */
    bool timed_out;             /* the clock ran out and it was killed */
    uint32_t wall_ms;
};

/* Starts `program test` in a process group of its own, with an empty environment, the
   ledger as descriptor LEDGER_FD, nothing to read, and what it prints thrown away. Waits
   for it, at most limits->wall seconds, and kills its whole group in any case. False when
   it could not be started: our fault. */
bool run_subject(const char *program, const char *test, int ledger,
                 const struct run_limits *limits, struct run_result *result);

#endif

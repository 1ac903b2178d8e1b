/*
 * schedtrace.h - GODEBUG=schedtrace=N: what the scheduler does, every N milliseconds.
 *
 * Go: schedtrace in runtime/proc.go.
 */
#ifndef GORT_SCHEDTRACE_H
#define GORT_SCHEDTRACE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads GODEBUG. Once. */
void schedtrace_init(void);

/* Writes when it is time. sysmon only. */
void schedtrace_maybe(int64_t now);

/* When the next line is due; INT64_MAX: never. */
int64_t schedtrace_next(void);

/* Writes now, one line, or the details of every G, M and P. */
void schedtrace_write(int64_t now, bool detail);

#endif

/*
 * knobs.h - what the environment says: GOGC, GOMEMLIMIT, GODEBUG.
 *
 * Go: readGOGC, readGOMEMLIMIT in runtime/mgcpacer.go; parsedebugvars in runtime1.go.
 */
#ifndef GORT_KNOBS_H
#define GORT_KNOBS_H

#include <stdbool.h>
#include <stdint.h>

/* GOGC's value in percent: 100 when text is empty or no number, -1 (never collect) for
   "off" and for every negative number. */
int32_t knobs_gogc(const char *text);

/* GOMEMLIMIT's value in bytes, INT64_MAX for no limit ("" and "off"). False when text is
   malformed; *limit is then unchanged. */
bool knobs_memlimit(const char *text, int64_t *limit);

/* The number that the comma-separated list `text` gives to `key` (GODEBUG's form,
   "gctrace=1,schedtrace=1000"); the last one counts. `otherwise` when it gives none. */
int32_t knobs_debug(const char *text, const char *key, int32_t otherwise);

struct knobs {
    int32_t gogc;               /* percent, -1: off */
    int64_t memlimit;           /* bytes, INT64_MAX: none */
};

/* Reads the environment. Ends the process with Go's words when GOMEMLIMIT is malformed.
   Called once, when the heap is made. */
struct knobs knobs_read(void);

#endif

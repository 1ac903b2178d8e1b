/*
 * traceback.h - says where goroutines are, in Go's shape.
 *
 * Go: runtime/traceback.go.
 */
#ifndef GORT_TRACEBACK_H
#define GORT_TRACEBACK_H

#include <stdint.h>

#include "gmp.h"

/* Go's words for what a goroutine waits for: an enum wait_reason. */
const char *traceback_reason(uint32_t why);

/* Writes `goroutine N [state]:` and its frames on standard error. g is the caller's own, or
   does not run. */
void traceback_goroutine(struct g *g);

/* The same for every goroutine but g and the runtime's own. With nobody running. */
void traceback_others(const struct g *g);

/* Ends the process with Go's words for a deadlock. With the lock of idle.c. */
void traceback_deadlock(void);

/* Fills hooks.dump in, and handles stack overflow. Once. */
void traceback_init(void);

#endif

/*
 * preempt.h - takes the processor from a goroutine that does not give it up.
 *
 * Go: preemptone, asyncPreempt in runtime/preempt.go, signal_unix.go.
 */
#ifndef GORT_PREEMPT_H
#define GORT_PREEMPT_H

#include <stdbool.h>

#include "gmp.h"

/* Installs the handler, where goroutines can be interrupted. Once, before the first one. */
void preempt_init(void);

/* Asks the goroutine that runs on p to yield soon. Any thread; a hint. */
void preempt_ask(struct p *p);

/* True when a goroutine is interrupted by a signal; false when it must come to a call of
   __sanitizer_cov_trace_pc by itself. */
bool preempt_by_signal(void);

#endif

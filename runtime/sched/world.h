/*
 * world.h - stops every goroutine but the caller's, and starts them again.
 *
 * Go: stopTheWorld, startTheWorld, procresize in runtime/proc.go.
 */
#ifndef GORT_WORLD_H
#define GORT_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "gmp.h"

/* Every other P stops; returns when all have. Only a goroutine, which must not park until
   world_start. Waits while another stop is on. */
void world_stop(void);
void world_start(void);

/* As world_stop, for at most ns nanoseconds: false when some P did not stop. */
bool world_try_stop(int64_t ns);

/* m holds a P and the world is to stop: gives it up. Comes back with a P when the world goes
   on; false when the program has ended. sched.c only. */
bool world_obey(struct m *m);

/* With idle.c's lock held, while the world is to stop: p, which nobody holds, has stopped. */
void world_stopped_locked(struct p *p);

/* With the world stopped, or before there is one: from now on n Ps. */
void world_resize(uint32_t n);

/* How many stops there have been. */
uint32_t world_generation(void);

/* How many Ps have still to stop: for schedtrace. */
uint32_t world_missing(void);

#endif

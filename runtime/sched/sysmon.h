/*
 * sysmon.h - the thread that watches: the clock, goroutines that run too long, blocking calls.
 *
 * Go: sysmon, retake in runtime/proc.go.
 */
#ifndef GORT_SYSMON_H
#define GORT_SYSMON_H

enum { SYSMON_SLICE = 10000000 };       /* ns that a goroutine may run before it must yield */

/* Starts the thread. Once. */
void sysmon_start(void);

#endif

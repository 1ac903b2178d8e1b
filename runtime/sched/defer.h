/*
 * defer.h - what a goroutine has still to do when it ends, and how it stops a panic.
 *
 * Go: defer, recover, Goexit in runtime/panic.go.
 */
#ifndef GORT_DEFER_H
#define GORT_DEFER_H

#include <stdbool.h>

struct g;

/* When the current goroutine ends, by returning, by gort_exit or by a panic, fn(arg) is
   called; the last one deferred comes first. Only a goroutine. */
void gort_defer(void (*fn)(void *), void *arg);

/* In a deferred function, while the goroutine panics: stops the panic, so that the goroutine
   ends as if it had returned, and writes its text, at least FATAL_TEXT bytes. False when it
   does not panic. */
bool gort_recover(char *text);

/* The end of g, which runs here: what it has deferred, and the program's end when it is the
   main goroutine and did not leave by gort_exit. */
void defer_end(struct g *g);

/* Fills hooks.panic in. Once. */
void defer_init(void);

#endif

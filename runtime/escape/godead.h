/*
 * godead.h - what never runs, because a condition is constant, is not analysed.
 *
 * Go: cmd/compile/internal/deadcode/deadcode.go.
 */
#ifndef GORT_GODEAD_H
#define GORT_GODEAD_H

#include "gosrc.h"

/* Takes dead statements out of a function's body and out of the closures in it. */
void godead_function(struct gosrc *s, struct gofunc *f);

#endif

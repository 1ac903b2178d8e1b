/*
 * gorun.h - a source file from its bytes to its verdicts.
 */
#ifndef GORT_GORUN_H
#define GORT_GORUN_H

#include "gosrc.h"

/* Analyses s->size bytes at s->text, called s->file, into s->diags, sorted. Returns 0 when
   the source is good, if partly outside of the subset, and 1 when something in it is
   wrong; messages go to standard error. */
int gorun_analyse(struct gosrc *s);

#endif

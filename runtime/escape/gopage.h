/*
 * gopage.h - the source as a page, with the verdicts in its margin.
 */
#ifndef GORT_GOPAGE_H
#define GORT_GOPAGE_H

#include "gosrc.h"

/* Writes one HTML page that needs nothing else. s->diags is sorted. */
void gopage_write(const struct gosrc *s, FILE *out);

#endif

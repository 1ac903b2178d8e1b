/*
 * gorun.c - a source file from its bytes to its verdicts.
 *
 * Invariants:
 *   I1  no source ends the process: every fault comes back here at the latest
 *
 * Refused: more than WORK_MAX steps. No source of a person comes near; one made by a
 * program to be slow is told so.
 *
 * Go: Main in cmd/compile/internal/gc/main.go. Module 37.
 */
#include "gorun.h"

#include "godecl.h"
#include "golower.h"
#include "goparse.h"
#include "goreport.h"

enum { WORK_MAX = 20 * 1000 * 1000 };

static void everything(struct gosrc *s, void *arg)
{
    (void)arg;
    goparse_file(s);
    godecl_package(s);
    golower_package(s);
    goreport_sort(s);
}

int gorun_analyse(struct gosrc *s)
{
    s->work = WORK_MAX;
    if (!gosrc_try(s, everything, NULL)) {
        if (!s->fault_broken)
            s->faults++;
        gosrc_complain(s);
    }
    return s->faults > 0;
}

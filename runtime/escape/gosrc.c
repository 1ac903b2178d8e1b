/*
 * gosrc.c - what goes wrong with a source, and how the rooms of the front end give up.
 *
 * Invariants:
 *   I1  a fault always has a place to go to: main catches what nobody else does
 *   I2  the innermost gosrc_try gets it, and its caller's is in place again afterwards
 *
 * Refused: a result for every function of the checker. Most of its lines would be about
 * passing it on, and nothing has to be undone on the way: all memory is gomem's.
 *
 * Go: Errorf and Fatalf in cmd/compile/internal/base/print.go. Module 37.
 */
#include "gosrc.h"

#include "fatal.h"

#include <stdio.h>

static _Noreturn void give_up(struct gosrc *s, struct flow_pos pos, bool broken, const char *text)
{
    if (s->catch == NULL)
        rt_throw("gosrc", "a fault that nobody catches");
    s->fault_at = pos;
    s->fault_broken = broken;
    s->fault = text;
    longjmp(*s->catch, 1);
}

_Noreturn void gosrc_broken(struct gosrc *s, struct flow_pos pos, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = gomem_vformat(&s->mem, format, args);
    va_end(args);
    give_up(s, pos, true, text);
}

_Noreturn void gosrc_unsupported(struct gosrc *s, struct flow_pos pos, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = gomem_vformat(&s->mem, format, args);
    va_end(args);
    give_up(s, pos, false, text);
}

bool gosrc_try(struct gosrc *s, void (*fn)(struct gosrc *s, void *arg), void *arg)
{
    jmp_buf here, *const outer = s->catch;
    const uint32_t level = s->level;

    if (setjmp(here) != 0) {
        s->catch = outer;
        s->level = level;
        return false;
    }
    s->catch = &here;
    fn(s, arg);
    s->catch = outer;
    return true;
}

void gosrc_complain(struct gosrc *s)
{
    fprintf(stderr, "%s:%u:%u: %s%s\n", s->file, s->fault_at.line, s->fault_at.col,
        s->fault_broken ? "" : "not supported: ", s->fault);
    if (s->fault_broken)
        s->faults++;
}

void gosrc_work(struct gosrc *s, uint32_t n)
{
    if (s->work < n)
        gosrc_unsupported(s, s->at, "a source that takes this much work to check");
    s->work -= n;
}

void gosrc_enter(struct gosrc *s, struct flow_pos pos)
{
    if (++s->level > 2 * GO_DEPTH)
        gosrc_unsupported(s, pos, "declarations that lead this deep into one another");
}

void gosrc_leave(struct gosrc *s)
{
    s->level--;
}

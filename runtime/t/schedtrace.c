/*
 * schedtrace.c - unit tests of sched/schedtrace.c: the lines have Go's shape, number by
 * number.
 */
#include "gohelp.h"
#include "start.h"
#include "unit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void takes_a_while(void *unused)
{
    (void)unused;
    gort_sleep(30000000);
}

/* Every run of digits becomes N, and a list of them in brackets [N...]. */
static void to_shape(char *line)
{
    char *out = line;

    for (char *in = line; *in;) {
        if (isdigit((unsigned char)*in) || (*in == '-' && isdigit((unsigned char)in[1]))) {
            *out++ = 'N';
            for (in++; isdigit((unsigned char)*in);)
                in++;
        } else if (strncmp(in, "[", 1) == 0) {
            in += strcspn(in, "]") + 1;         /* at least as long as what is written */
            memcpy(out, "[N...]", 6);
            out += 6;
        } else {
            *out++ = *in++;
        }
    }
    *out = '\0';
}

static struct t_end traced(int procs, const char *debug)
{
    struct t_end end;

    setenv("GODEBUG", debug, 1);
    end = t_go(procs, takes_a_while, NULL);
    unsetenv("GODEBUG");
    cr_assert(end.status == 0);
    return end;
}

Test(schedtrace, a_line_has_the_shape_of_go_1_19)
{
    struct t_end end = traced(4, "schedtrace=5");

    end.err[strcspn(end.err, "\n")] = '\0';
    to_shape(end.err);
    cr_expect_str_eq(end.err, "SCHED Nms: gomaxprocs=N idleprocs=N threads=N spinningthreads=N "
                     "idlethreads=N runqueue=N [N...]");
}

static bool has_line(char *text, const char *shape)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        to_shape(line);
        if (strcmp(line, shape) == 0)
            return true;
    }
    return false;
}

static bool shows(const char *shape)
{
    struct t_end end = traced(1, "schedtrace=5,scheddetail=1");

    return has_line(end.err, shape);
}

Test(schedtrace, details_have_the_shapes_of_go_1_19)
{
    cr_expect(shows("SCHED Nms: gomaxprocs=N idleprocs=N threads=N spinningthreads=N idlethreads=N "
                    "runqueue=N gcwaiting=N nmidlelocked=N stopwait=N sysmonwait=N"));
    cr_expect(shows("  PN: status=N schedtick=N syscalltick=N m=N runqsize=N gfreecnt=N "
                    "timerslen=N"));
    cr_expect(shows("  MN: p=N curg=N mallocing=N throwing=N preemptoff= locks=N dying=N "
                    "spinning=false blocked=true lockedg=N")
              || shows("  MN: p=N curg=N mallocing=N throwing=N preemptoff= locks=N dying=N "
                       "spinning=false blocked=false lockedg=N"));
    cr_expect(shows("  GN: status=N(sleep) m=N lockedm=N")
              || shows("  GN: status=N() m=N lockedm=N"));
}

Test(schedtrace, without_the_knob_there_is_no_trace)
{
    struct t_end end = traced(4, "gctrace=1");

    cr_expect_str_eq(end.err, "");
}

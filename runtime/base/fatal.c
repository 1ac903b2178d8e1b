/*
 * fatal.c - how a run ends when it cannot go on.
 *
 * Three ways in (throw, panic, todo), one way out: the handler when one is set, else a few
 * lines on standard error and status 2, as a Go program ends. With GOTRACEBACK=crash the
 * end is SIGABRT instead, which leaves a core for the debugger.
 *
 * fatal_try keeps a chain of places to come back to, the innermost first: one chain for each
 * goroutine, which the scheduler carries from thread to thread, and one for each thread that
 * runs none. rt_panic jumps to it. A throw never looks at the chain: when the runtime is wrong
 * there is nothing to come back for.
 *
 * Invariant, checked by the unit tests:
 *   I1  the chain is the same before and after fatal_try, however fn ended
 *
 * Nothing here allocates, locks or uses stdio's streams, so it works from anywhere, with
 * any lock held and with no memory left.
 *
 * Refused: backtraces here. A debugger and the sanitizers print better ones; the last line
 * says which file to open instead.
 *
 * Go: throw, fatalthrow, gopanic in runtime/panic.go. Read with module 36.
 */
#include "fatal.h"

#include "hooks.h"
#include "os.h"
#include "self.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { STATUS = 2 };            /* of a Go program that panicked or was thrown out */

struct catch {
    struct catch *outer;
    char *text;                 /* FATAL_TEXT bytes of fatal_try's caller */
    jmp_buf back;
};

static struct {
    fatal_handler *_Atomic handler;     /* set before threads start; NULL prints */
} fatal;

void fatal_set_handler(fatal_handler *handler)
{
    atomic_store_explicit(&fatal.handler, handler, memory_order_relaxed);
}

static void say(const char *text)
{
    os_write(2, text, strlen(text));
}

static _Noreturn void end(void)
{
    if (strcmp(os_getenv("GOTRACEBACK"), "crash") == 0)
        os_abort();
    os_exit(STATUS);
}

static void dump(void)
{
    if (hooks.dump)
        hooks.dump();
}

/* Tells the handler, when there is one; it does not come back. */
static void tell(enum fatal_kind kind, const char *room, const char *why)
{
    fatal_handler *handler = atomic_load_explicit(&fatal.handler, memory_order_relaxed);

    if (handler)
        handler(kind, room, why);
}

_Noreturn void rt_throw(const char *room, const char *why)
{
    tell(FATAL_THROW, room, why);
    say("fatal error: ");
    say(why);
    say("\nin room ");
    say(room);
    say(": see runtime/*/");
    say(room);
    say(".c\n");
    dump();
    end();
}

_Noreturn void rt_panic(const char *why, ...)
{
    struct catch *to = self_get()->catches;
    char text[FATAL_TEXT];
    va_list args;

    va_start(args, why);
    vsnprintf(text, sizeof text, why, args);
    va_end(args);
    if (to) {
        memcpy(to->text, text, sizeof text);
        longjmp(to->back, 1);
    }
    if (hooks.panic)
        hooks.panic(text);
    tell(FATAL_PANIC, "program", text);
    say("panic: ");
    say(text);
    say("\n");
    dump();
    end();
}

_Noreturn void rt_todo(const char *exercise, const char *function)
{
    tell(FATAL_TODO, exercise, function);
    say("not started: ");
    say(function);
    say(" (look for TODO(");
    say(exercise);
    say(") in your exercises)\n");
    end();
}

bool fatal_try(void (*fn)(void *), void *arg, char *text)
{
    struct catch here;

    here.outer = self_get()->catches;
    here.text = text;
    if (setjmp(here.back) != 0) {
        self_get()->catches = here.outer;
        return false;
    }
    self_get()->catches = &here;
    fn(arg);
    self_get()->catches = here.outer;       /* fn may have parked: perhaps another thread */
    return true;
}

/*
 * fatal.h - how a run ends when it cannot go on.
 *
 * Three kinds of error are never mixed:
 *   rt_throw   the runtime is wrong, or the machine gave out: nothing to repair
 *   rt_panic   the program is wrong (an index out of range): fatal_try can stop it
 *   a return value, for what may well happen (a full queue, no memory to be had)
 *
 * Go: throw and gopanic in runtime/panic.go.
 */
#ifndef GORT_FATAL_H
#define GORT_FATAL_H

#include <stdbool.h>
#include <stddef.h>

enum fatal_kind {
    FATAL_THROW,
    FATAL_PANIC,
    FATAL_TODO,
};

/* The longest text of a throw or a panic, with its terminating NUL, in bytes. */
enum { FATAL_TEXT = 256 };

/* Ends the process because the runtime itself is wrong. `room` is the room that
   noticed, `why` a text that is unique in the runtime. Prints Go's words,
   `fatal error: WHY`, and ends with status 2. Any thread may call it. */
_Noreturn void rt_throw(const char *room, const char *why);

/* The program made a mistake that Go answers with a panic. Unless a fatal_try of
   this thread is on the stack, prints `panic: WHY` and ends with status 2. The text
   is formatted as by printf and cut at FATAL_TEXT. */
_Noreturn void rt_panic(const char *why, ...) __attribute__((format(printf, 1, 2)));

/* A hole of a skeleton: `exercise` is "ex1".."ex4" or "adv", `function` its name.
   Ends the process as "not started", which is no failure. */
_Noreturn void rt_todo(const char *exercise, const char *function);

/* Calls fn(arg). True when it came back; false when it panicked, and then `text`,
   at least FATAL_TEXT bytes, holds the panic's text. Calls may nest; throws pass
   through. What fn allocated with malloc and had not yet freed is lost. */
bool fatal_try(void (*fn)(void *), void *arg, char *text);

/* Who is told, instead of standard error, that the process must end. The handler
   must not return. The grader and the unit tests set it, once, before any thread
   starts; NULL brings back the printing one. */
typedef void fatal_handler(enum fatal_kind kind, const char *room, const char *why);
void fatal_set_handler(fatal_handler *handler);

/* INVARIANT is live in check builds (-DGORT_CHECK) and evaluates nothing in the
   others, so its condition must have no side effects. */
#ifdef GORT_CHECK
#define INVARIANT(room, cond) ((cond) ? (void)0 : rt_throw(room, #cond))
#else
#define INVARIANT(room, cond) ((void)sizeof(cond))
#endif

#endif

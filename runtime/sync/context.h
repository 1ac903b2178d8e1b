/*
 * context.h - tells goroutines that what they do is no longer wanted.
 *
 *     struct context *ctx = context_with_timeout(context_background(), 1000000000);
 *     go(work, ctx);                      in work: select on context_done(ctx)
 *     context_cancel(ctx);                sooner or later, always
 *
 * Contexts form a tree: who cancels one cancels all below it. They are the heap's: nobody
 * frees them. Only goroutines.
 *
 * Go: context/context.go.
 */
#ifndef GORT_CONTEXT_H
#define GORT_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

struct chan;
struct context;

/* What context_err returns: `context canceled`, `context deadline exceeded`. */
extern const char context_canceled[], context_deadline_exceeded[];

/* The root: never cancelled, no deadline, no values. */
struct context *context_background(void);

/* A child of `parent` that context_cancel ends; also at a time of gort_now, or after ns. */
struct context *context_with_cancel(struct context *parent);
struct context *context_with_deadline(struct context *parent, int64_t when);
struct context *context_with_timeout(struct context *parent, int64_t ns);

/* A child in which context_value finds `value` under `key`, an address that is compared. It
   ends with its parent; context_cancel does nothing to it. */
struct context *context_with_value(struct context *parent, const void *key, void *value);

/* Ends ctx and all below it, unless it has ended. */
void context_cancel(struct context *ctx);

/* A channel that is closed when ctx ends; NULL for one that never does. */
struct chan *context_done(const struct context *ctx);

/* Why ctx has ended: one of the two texts above. NULL when it has not. */
const char *context_err(struct context *ctx);

/* True when ctx ends at a certain time at the latest. */
bool context_deadline(const struct context *ctx, int64_t *when);

/* The value under `key` in ctx or the nearest one above; NULL when there is none. */
void *context_value(const struct context *ctx, const void *key);

/* How many children ctx would end. A hint. */
uint32_t context_children(struct context *ctx);

#endif

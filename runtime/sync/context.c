/*
 * context.c - tells goroutines that what they do is no longer wanted.
 *
 * A context that can end has a channel, which its end closes, and a list of the children that
 * end with it. One that only carries a value has neither: its `owner` is the nearest one
 * above that can end, and its children are the owner's.
 *
 * Cancelling walks down the tree and up again, and holds the mutex of every context on the
 * way from the top to where it is. So a second one who cancels waits, and when context_cancel
 * comes back, all below have ended, whoever has ended them. A child that ends by itself
 * leaves its owner's list; `listed`, under the owner's mutex, says whether it is still there.
 *
 * Invariants:
 *   I1  err is set once, and the channel is closed right after
 *   I2  a context with err, and not locked, has no children
 *   I3  a child's deadline is not after its parent's
 *
 * Locks: each context's mutex, an owner's before its child's. A timer cannot wait
 * for a mutex: it starts a goroutine that does.
 *
 * Refused: recursion over the children. A chain of contexts is as long as the program likes,
 * and a stack is not.
 *
 * Go: propagateCancel, cancel, removeChild, WithDeadline in context/context.go. Module 43.
 */
#include "context.h"

#include "chan.h"
#include "malloc.h"
#include "mutex.h"
#include "sched.h"
#include "timer.h"

struct context {
    /* Set once, before sharing: */
    struct context *parent;
    struct context *owner;      /* itself, or the nearest above that can end; NULL: none */
    struct chan *done;          /* of the owner */
    const void *key;
    void *value;
    int64_t deadline;           /* TIMER_NONE: none */
    struct timer timer;

    /* mutex protects: */
    struct mutex mutex;
    const char *err;
    struct context *children;

    /* The owner's mutex: */
    struct context *next, *prev;
    bool listed;
};

const char context_canceled[] = "context canceled";
const char context_deadline_exceeded[] = "context deadline exceeded";

static const uint32_t pointers[] = {
    offsetof(struct context, parent), offsetof(struct context, owner),
    offsetof(struct context, done),   offsetof(struct context, key),
    offsetof(struct context, value),  offsetof(struct context, timer.arg),
    offsetof(struct context, children), offsetof(struct context, next),
    offsetof(struct context, prev),
};
static const struct rtype context_type = {"struct context", sizeof(struct context),
                                          sizeof pointers / sizeof pointers[0], pointers};

static struct context background = {.deadline = TIMER_NONE};

struct context *context_background(void)
{
    return &background;
}

static struct context *make(struct context *parent)
{
    struct context *ctx = gort_alloc(sizeof *ctx, &context_type);

    ctx->parent = parent;
    ctx->owner = parent->owner;
    ctx->done = parent->done;
    ctx->deadline = parent->deadline;
    return ctx;
}

/* ctx leaves its owner's list, when it is there still. */
static void leave(struct context *ctx)
{
    struct context *owner = ctx->parent->owner;

    if (owner == NULL)
        return;
    mutex_lock(&owner->mutex);
    if (ctx->listed) {
        if (ctx->prev)
            ctx->prev->next = ctx->next;
        else
            owner->children = ctx->next;
        if (ctx->next)
            ctx->next->prev = ctx->prev;
        ctx->next = ctx->prev = NULL;
        ctx->listed = false;
    }
    mutex_unlock(&owner->mutex);
}

/* Ends ctx alone, unless it has ended. True: it is locked, and its children are left. */
static bool end_one(struct context *ctx, const char *err)
{
    mutex_lock(&ctx->mutex);
    if (ctx->err) {
        mutex_unlock(&ctx->mutex);
        return false;
    }
    ctx->err = err;
    chan_close(ctx->done);
    return true;
}

/* doc:cancel */
/* Down to a child as long as there is one, and up again by the owners. */
static void end(struct context *ctx, const char *err)
{
    struct context *at = ctx, *child;

    if (!end_one(ctx, err))
        return;
    for (;;) {
        child = at->children;
        if (child) {
            at->children = child->next;
            child->next = child->prev = NULL;
            child->listed = false;
            if (end_one(child, err))
                at = child;
            continue;
        }
        mutex_unlock(&at->mutex);
        timer_stop(&at->timer);
        if (at == ctx)
            return;
        at = at->parent->owner;
    }
}
/* doc:end */

/* ctx ends when its owner above does. */
static void join(struct context *ctx)
{
    struct context *owner = ctx->parent->owner;
    const char *err;

    if (owner == NULL)
        return;
    mutex_lock(&owner->mutex);
    err = owner->err;
    if (err == NULL) {
        ctx->next = owner->children;
        if (ctx->next)
            ctx->next->prev = ctx;
        owner->children = ctx;
        ctx->listed = true;
    }
    mutex_unlock(&owner->mutex);
    if (err)
        end(ctx, err);
}

struct context *context_with_cancel(struct context *parent)
{
    struct context *ctx = make(parent);

    ctx->owner = ctx;
    ctx->done = chan_make(0, 0);
    join(ctx);
    return ctx;
}

static void expire(void *arg)
{
    struct context *ctx = arg;

    leave(ctx);
    end(ctx, context_deadline_exceeded);
}

/* The timer's: on g0. */
static void start_expire(void *ctx, uint64_t seq)
{
    (void)seq;
    sched_go(g_here()->m, expire, ctx);
}

struct context *context_with_deadline(struct context *parent, int64_t when)
{
    struct context *ctx = context_with_cancel(parent);

    if (when >= ctx->deadline)          /* the parent's comes first */
        return ctx;
    ctx->deadline = when;
    if (when <= timer_now()) {
        expire(ctx);
        return ctx;
    }
    mutex_lock(&ctx->mutex);
    if (ctx->err == NULL) {
        ctx->timer.fn = start_expire;
        ctx->timer.arg = ctx;
        timer_start(&ctx->timer, when);
    }
    mutex_unlock(&ctx->mutex);
    return ctx;
}

struct context *context_with_timeout(struct context *parent, int64_t ns)
{
    int64_t when;

    if (__builtin_add_overflow(timer_now(), ns, &when))
        when = TIMER_NONE - 1;
    return context_with_deadline(parent, when);
}

struct context *context_with_value(struct context *parent, const void *key, void *value)
{
    struct context *ctx = make(parent);

    ctx->key = key;
    ctx->value = value;
    return ctx;
}

void context_cancel(struct context *ctx)
{
    if (ctx->owner != ctx)
        return;
    leave(ctx);
    end(ctx, context_canceled);
}

struct chan *context_done(const struct context *ctx)
{
    return ctx->done;
}

const char *context_err(struct context *ctx)
{
    const char *err;

    if (ctx->owner == NULL)
        return NULL;
    mutex_lock(&ctx->owner->mutex);
    err = ctx->owner->err;
    mutex_unlock(&ctx->owner->mutex);
    return err;
}

bool context_deadline(const struct context *ctx, int64_t *when)
{
    if (ctx->deadline == TIMER_NONE)
        return false;
    *when = ctx->deadline;
    return true;
}

void *context_value(const struct context *ctx, const void *key)
{
    for (; ctx->parent; ctx = ctx->parent) {
        if (ctx->key == key && key)
            return ctx->value;
    }
    return NULL;
}

uint32_t context_children(struct context *ctx)
{
    uint32_t n = 0;

    if (ctx->owner != ctx)
        return 0;
    mutex_lock(&ctx->mutex);
    for (const struct context *child = ctx->children; child; child = child->next)
        n++;
    mutex_unlock(&ctx->mutex);
    return n;
}

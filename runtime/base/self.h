/*
 * self.h - who runs here: what the runtime keeps for the thread that calls it.
 *
 * The allocator's cache, and where a panic goes. A thread that comes from nowhere gets a
 * cache at its first allocation and gives it back when it ends. The scheduler fills the same
 * struct when a thread takes a P, and changes `catches` at every switch of goroutines; a
 * unit test may fill it by hand.
 *
 * Go: getg().m.p and getg().m.mcache in runtime/runtime2.go.
 */
#ifndef GORT_SELF_H
#define GORT_SELF_H

struct catch;
struct mcache;

struct self {
    struct mcache *cache;       /* NULL until the thread allocates */
    struct catch *catches;      /* the innermost fatal_try, NULL: none; see fatal.c */

    /* Called when the thread ends, with its own struct; NULL: nothing to give back. */
    void (*leave)(struct self *self);
};

extern _Thread_local struct self self_here __attribute__((tls_model("initial-exec")));

/* The calling thread's cache, NULL when it has none yet. For the allocator's fast path and
   nobody else: see the rule in self.c. */
static inline struct mcache *self_cache(void)
{
    return self_here.cache;
}

/* The calling thread's struct. Not to be kept over a call that may park. */
struct self *self_get(void);

/* From now on `leave` is called when the calling thread ends. */
void self_on_leave(void (*leave)(struct self *self));

#endif

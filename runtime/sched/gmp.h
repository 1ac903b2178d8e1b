/*
 * gmp.h - the three types of the scheduler: G, M and P.
 *
 * G is a goroutine, M a thread, P the right to run goroutines; there are GOMAXPROCS of the
 * last, so that many goroutines run at once. Fields stand in groups by owner.
 *
 *     G   in exactly one of: an M's hands, one run queue, one wait queue, the free list
 *     M   runs goroutines while it has a P, sleeps in the idle list while it has none
 *     P   in an M's hands, in the idle list, stopped, or waiting for a system call
 *
 * Go: type g, m, p, sudog, schedt in runtime/runtime2.go.
 */
#ifndef GORT_GMP_H
#define GORT_GMP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gstack.h"
#include "runq.h"

struct catch;
struct defer;
struct mcache;
struct self;

/* Go's numbers, so that scheddetail=1 prints the same. */
enum g_status {
    G_IDLE,
    G_RUNNABLE,
    G_RUNNING,
    G_SYSCALL,
    G_WAITING,
    G_DEAD = 6,
};

enum p_status {
    P_IDLE,
    P_RUNNING,
    P_SYSCALL,
    P_GCSTOP,
    P_DEAD,
};

/* What a parked goroutine waits for: Go's words are in traceback.c, in this order. */
enum wait_reason {
    WAIT_NONE,
    WAIT_CHAN_RECV_NIL,
    WAIT_CHAN_SEND_NIL,
    WAIT_CHAN_RECV,
    WAIT_CHAN_SEND,
    WAIT_SELECT,
    WAIT_SELECT_EMPTY,
    WAIT_SEMACQUIRE,
    WAIT_COND,
    WAIT_SLEEP,
    WAIT_IO,
    WAIT_WORLD,
    WAIT_GC_WORKER,
    WAIT_REASONS,               /* how many there are */
};

/* A goroutine's place in a wait queue; one goroutine may be in several, with select. */
struct sudog {
    struct g *g;
    struct sudog *next, *prev;  /* the queue's lock */
    struct sudog *also;         /* the same goroutine's next one */
    void *elem;                 /* what is sent, or where it goes; on the goroutine's stack */
    void *queue;                /* what it waits on */
    uint64_t since;             /* ns, when the queue wants it */
    uint32_t ticket;            /* the queue's own use */
    bool success;               /* woken by a partner, not by close */
    bool select;                /* part of a select: only the first waker wins */
};

struct g {
    /* What every switch touches is in the first 64 bytes. Whoever runs it or holds it: */
    struct gstack *stack;       /* NULL until it first runs */
    struct m *m;                /* who runs it */
    struct g *link;             /* in a run queue, the free list */
    struct catch *catches;      /* while it does not run; else in struct self */
    struct m *locked;           /* LockOSThread: only this one runs it */
    struct defer *defers;       /* what runs when it ends, the last one first */
    int err;                    /* errno, while it does not run */

    /* Anyone: */
    _Atomic uint32_t status;    /* enum g_status; written by whoever has it */
    _Atomic bool preempt;       /* asks it to yield */

    /* Whoever runs it or holds it: */
    uint8_t why;                /* enum wait_reason, while it waits */
    uint8_t ending;             /* Goexit or a panic is on its way */
    bool recovered;             /* that panic was stopped */
    uint32_t locks;             /* LockOSThread: how many times */

    /* Set when it starts, then only read: */
    uint64_t id;
    void (*fn)(void *);
    void *arg;

    /* Whoever parked it and whoever wakes it, one after the other: */
    void *param;                /* the waker's word to the sleeper: which sudog, or NULL */
    struct sudog sudog;         /* its first one; select needs more */
    _Atomic uint32_t select_done;   /* who sets it from 0 to 1 may wake it */

    /* The lock of the list of all goroutines: */
    struct g *all;
};

struct m {
    /* This thread only: */
    struct p *p;                /* NULL: it may not run goroutines, nor allocate */
    struct p *oldp;             /* of before a blocking call */
    struct g g0;                /* the scheduler's own goroutine on this thread */
    struct ctx boot;            /* the thread's own stack */
    int *errno_at;              /* this thread's errno */
    struct self *self;          /* this thread's struct of base/self.h */
    struct g *picked;           /* taken from a queue, to run next; or NULL */
    bool spinning;              /* looks for work and is counted */

    /* Whoever switches, for whoever comes next on this thread: see sched.c */
    bool (*after)(struct g *g, void *arg);
    struct g *after_g;
    void *after_arg;

    /* Anyone: */
    struct g *_Atomic cur;      /* what it runs, NULL: the scheduler */
    struct g *_Atomic locked;   /* LockOSThread: it runs only this one */
    _Atomic uint32_t wake;      /* futex: 1, and it goes on */
    _Atomic uint32_t signalled; /* a SIGURG is on its way */
    _Atomic bool blocked;       /* sleeps in the idle list */

    /* Who wakes it, and then this thread: */
    struct p *nextp;            /* what it takes */
    struct g *handed;           /* and what it runs: LockOSThread */

    /* The lock of idle.c: */
    struct m *idle, *all;

    /* Set once, before sharing: */
    pthread_t thread;
    uint32_t id;
};

struct p {
    /* The M that holds it only: */
    struct runq q;              /* thieves take from it: see runq.c */
    struct glist yielded;       /* one P only: the end of the global queue, without a lock */
    struct g *gfree;            /* records */
    struct gstack *stacks;      /* free ones, the last used first */
    uint32_t ngfree, nstacks;
    uint64_t goid, goid_end;    /* numbers to give out */
    struct mcache *cache;       /* while no M holds it; else in struct self */
    uint32_t rand;

    /* The M that holds it writes, anyone reads: */
    _Atomic uint32_t schedtick; /* counts time slices */
    _Atomic uint32_t syscalltick;

    /* Anyone: */
    _Atomic uint32_t status;    /* enum p_status */
    struct m *_Atomic m;

    /* sysmon only: */
    uint32_t seen, seen_syscall;
    int64_t since, since_syscall;

    /* The lock of idle.c: */
    struct p *idle;

    uint32_t id;                /* set once */
} __attribute__((aligned(128)));

/* What keeps the scheduler from taking the short way: bits of gmp.attention. */
enum {
    ATTEND_STOP = 1,            /* the world is to stop */
    ATTEND_TIMERS = 2,          /* a timer is due */
    ATTEND_SEED = 4,            /* every choice is drawn: explore.c */
    ATTEND_END = 8,             /* the main goroutine has returned */
};

enum { GMP_PROCS = 1024 };      /* most Ps */

/* Read by every room of this floor. */
struct gmp {
    _Atomic uint32_t attention;
    _Atomic uint32_t np;        /* GOMAXPROCS; changed while the world is stopped */
    uintptr_t stacks;           /* the arena of gstack.c: set once */
    size_t stacks_size;
    struct p *p[GMP_PROCS];     /* the first np are in use; none is ever freed */
};
extern struct gmp gmp;

static inline bool gmp_attention(void)
{
    /* Relaxed: whoever sets a bit also makes sure that every M looks again. */
    return atomic_load_explicit(&gmp.attention, memory_order_relaxed) != 0;
}

static inline bool gmp_attends(uint32_t bit)
{
    return (atomic_load_explicit(&gmp.attention, memory_order_acquire) & bit) != 0;
}

void gmp_attend(uint32_t bit);
void gmp_ignore(uint32_t bit);

static inline uint32_t gmp_procs(void)
{
    /* Pairs with the release of world_resize: the Ps themselves are there. */
    return atomic_load_explicit(&gmp.np, memory_order_acquire);
}

/* The current goroutine, from the stack pointer: never from thread-local storage, whose
   address compilers keep over a call that parks. Only on a stack of the arena. */
static inline struct g *g_here(void)
{
    return gstack_of(ctx_here())->g;
}

/* The current goroutine or g0; NULL on a thread that is no M's. Anywhere. */
static inline struct g *g_self(void)
{
    return ctx_here() - gmp.stacks < gmp.stacks_size ? g_here() : NULL;
}

/* Moves g to another status. Whoever has it. */
static inline void g_set(struct g *g, enum g_status status)
{
    atomic_store_explicit(&g->status, status, memory_order_relaxed);
}

static inline uint32_t g_get(const struct g *g)
{
    return atomic_load_explicit(&g->status, memory_order_relaxed);
}

#endif

/*
 * netpoll.c - a goroutine waits until a descriptor can be read or written.
 *
 * Every descriptor that goroutines wait for is watched by one epoll descriptor. A thread that
 * finds nothing to run waits there instead of sleeping (idle.c), and puts the goroutines
 * whose descriptor became ready into the global queue.
 *
 * A side of a descriptor is ready, or somebody waits for it, or neither:
 *
 *     neither --event--> ready --wait--> neither (and goes on at once)
 *     neither --wait---> g     --event-> neither (g runs)
 *
 * epoll tells each change once. So whoever wants to read first reads, and waits only after
 * EAGAIN: what arrived between is noted as ready. An event too many is harmless: the next
 * read says EAGAIN again. That is why a record may be used again while an old event for it
 * is still on its way.
 *
 * Invariants, checked by netpoll_check:
 *   I1  a side that is ready has nobody who waits
 *   I2  a side with a deadline that is not over has a timer that is set
 *   I3  netpoll.waiting is the number of goroutines that wait here
 *
 * Locks: each record's (LOCK_NETPOLL), always taken: events come from threads without a P.
 *
 * Orders:
 *   (A) a poller sets `polling`, full fence, looks at `waiting`. Who takes the last waiter
 *       away in another way than by an event lowers `waiting`, full fence, looks at
 *       `polling`. One of the two sees the other, so nobody polls for nobody, and a deadlock
 *       is found.
 *
 * Refused: Go's four states in one atomic word. The lock costs 10 ns beside a system call.
 *
 * Go: runtime/netpoll.go, netpoll_epoll.go. Module 44.
 */
#include "netpoll.h"

#include "fatal.h"
#include "fixalloc.h"
#include "hooks.h"
#include "lock.h"
#include "sched.h"
#include "sock.h"
#include "timer.h"

#include <errno.h>
#include <stddef.h>

enum { EVENTS = 128 };

struct side {
    struct g *g;                /* who waits */
    bool ready, late;
    uint64_t seq;               /* of the timer that counts; older ones are void */
    struct netpoll *of;         /* set once */
    struct timer timer;
};

struct netpoll {
    struct lock lock;           /* protects: */
    bool shut;
    struct side side[NETPOLL_SIDES];

    struct netpoll *next;       /* in the list of free ones: room.lock */
};

static struct {
    struct lock lock;           /* protects: */
    struct fixalloc pool;       /* a record stays one for ever: old events may name it */
    struct netpoll *free;

    _Atomic uint32_t waiting;   /* I3 */
    _Atomic bool polling;       /* a thread waits in epoll, or is about to */
} room = {.lock = LOCK_INIT(LOCK_NETPOLL)};

static bool anybody_waits(void)
{
    return atomic_load_explicit(&room.waiting, memory_order_seq_cst) > 0;
}

/* n is locked. Who waits on that side, and is the caller's to wake; NULL: nobody. */
static struct g *take_locked(struct side *s)
{
    struct g *g = s->g;

    s->g = NULL;
    if (g)
        atomic_fetch_sub_explicit(&room.waiting, 1, memory_order_seq_cst);
    return g;
}

/* g was taken not by an event, but by a deadline or the end. */
static void wake(struct g *g)
{
    if (g == NULL)
        return;
    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (!anybody_waits() && atomic_load_explicit(&room.polling, memory_order_seq_cst))
        sock_interrupt();
    sched_ready(g);
}

static void happened(struct side *s, struct glist *out)
{
    struct g *g = take_locked(s);

    if (g == NULL) {
        s->ready = true;
        return;
    }
    g_set(g, G_RUNNABLE);
    glist_put(out, g);
}

/* hooks.poll: a thread without a P. */
static void poll(struct glist *out, int64_t ns)
{
    struct sock_event events[EVENTS];
    int n;

    if (ns != 0) {
        atomic_store_explicit(&room.polling, true, memory_order_seq_cst);
        atomic_thread_fence(memory_order_seq_cst);                              /* (A) */
        if (!anybody_waits())
            ns = 0;
    }
    n = sock_wait(events, EVENTS, ns);
    if (ns != 0)
        atomic_store_explicit(&room.polling, false, memory_order_seq_cst);
    for (int i = 0; i < n; i++) {
        struct netpoll *p = events[i].data;

        if (p == NULL)
            continue;
        lock_take(&p->lock);
        if (events[i].in)
            happened(&p->side[NETPOLL_IN], out);
        if (events[i].out)
            happened(&p->side[NETPOLL_OUT], out);
        lock_give(&p->lock);
    }
}

/* hooks.interrupt: the program ends. */
static void interrupt(void)
{
    if (atomic_load_explicit(&room.polling, memory_order_seq_cst))
        sock_interrupt();
}

/* Before there is a second thread. */
__attribute__((constructor)) static void fill_hooks(void)
{
    hooks.polling = anybody_waits;
    hooks.poll = poll;
    hooks.interrupt = interrupt;
}

static struct netpoll *make_locked(void)
{
    struct netpoll *n;

    if (room.pool.size == 0)
        fixalloc_init(&room.pool, sizeof *n, FIXALLOC_ALIGN);
    n = fixalloc_get(&room.pool);
    if (n == NULL)
        rt_throw("netpoll", "out of memory: no record for a descriptor");
    lock_init(&n->lock, LOCK_NETPOLL);
    for (int i = 0; i < NETPOLL_SIDES; i++)
        n->side[i].of = n;
    return n;
}

struct netpoll *netpoll_open(int fd)
{
    struct netpoll *n;
    int status;

    lock_take(&room.lock);
    n = room.free;
    if (n)
        room.free = n->next;
    else
        n = make_locked();
    lock_give(&room.lock);
    lock_take(&n->lock);
    n->shut = false;
    for (int i = 0; i < NETPOLL_SIDES; i++)
        n->side[i].ready = n->side[i].late = false;
    lock_give(&n->lock);
    status = sock_watch(fd, n);
    if (status == 0)
        return n;
    netpoll_free(n);
    errno = -status;
    return NULL;
}

void netpoll_free(struct netpoll *n)
{
    for (int i = 0; i < NETPOLL_SIDES; i++)
        netpoll_deadline(n, i, 0);
    lock_take(&room.lock);
    n->next = room.free;
    room.free = n;
    lock_give(&room.lock);
}

void netpoll_shut(struct netpoll *n)
{
    struct g *g[NETPOLL_SIDES];

    lock_take(&n->lock);
    n->shut = true;
    for (int i = 0; i < NETPOLL_SIDES; i++)
        g[i] = take_locked(&n->side[i]);
    lock_give(&n->lock);
    for (int i = 0; i < NETPOLL_SIDES; i++)
        wake(g[i]);
}

/* n is locked. Why a wait ends, or would end at once; an event is used up. */
static bool has_end_locked(struct netpoll *n, struct side *s, enum netpoll_end *end)
{
    *end = n->shut ? NETPOLL_CLOSED : s->late ? NETPOLL_LATE : NETPOLL_READY;
    if (*end != NETPOLL_READY)
        return true;
    if (!s->ready)
        return false;
    s->ready = false;
    return true;
}

enum netpoll_end netpoll_wait(struct netpoll *n, enum netpoll_side side)
{
    struct side *s = &n->side[side];
    enum netpoll_end end;

    lock_take(&n->lock);
    if (has_end_locked(n, s, &end)) {
        lock_give(&n->lock);
        return end;
    }
    if (s->g)
        rt_throw("netpoll", "two goroutines wait for one side of a descriptor");
    s->g = g_here();
    atomic_fetch_add_explicit(&room.waiting, 1, memory_order_seq_cst);
    sched_park(sched_unlock, &n->lock, WAIT_IO);
    lock_take(&n->lock);
    has_end_locked(n, s, &end);
    lock_give(&n->lock);
    return end;
}

/* The timer's: on g0. */
static void expire(void *arg, uint64_t seq)
{
    struct side *s = arg;
    struct g *g = NULL;

    lock_take(&s->of->lock);
    if (s->seq == seq) {
        s->late = true;
        g = take_locked(s);
    }
    lock_give(&s->of->lock);
    wake(g);
}

void netpoll_deadline(struct netpoll *n, enum netpoll_side side, int64_t when)
{
    struct side *s = &n->side[side];
    struct g *g = NULL;

    lock_take(&n->lock);
    s->seq++;
    timer_stop(&s->timer);
    s->late = when != 0 && when <= timer_now();
    if (s->late) {
        g = take_locked(s);
    } else if (when != 0) {
        s->timer.fn = expire;
        s->timer.arg = s;
        s->timer.seq = s->seq;
        timer_start(&s->timer, when);
    }
    lock_give(&n->lock);
    wake(g);
}

int netpoll_check(struct netpoll *n)
{
    int broken = 0;

    lock_take(&n->lock);
    for (int i = 0; i < NETPOLL_SIDES; i++) {
        const struct side *s = &n->side[i];

        if (s->ready && s->g)
            broken = 1;
        if (s->late && s->timer.at != 0)
            broken = 2;
        if (s->g && !anybody_waits())
            broken = 3;
    }
    lock_give(&n->lock);
    return broken;
}

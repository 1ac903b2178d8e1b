/*
 * chan.c - channels: goroutines hand values to each other.
 *
 * A channel is a ring of `cap` elements, and two queues of goroutines: those that wait to
 * receive because there is nothing, and those that wait to send because there is no room.
 *
 *     send:  closed?            panic
 *            a receiver waits?  write into its variable, wake it
 *            room in the ring?  put it there
 *            else               wait in sendq
 *     recv:  something there?   take it; when a sender waits, put its value into the gap
 *            a sender waits?    (no ring) read from its variable, wake it
 *            closed?            zero
 *            else               wait in recvq
 *
 * A value is copied straight into the variable of the goroutine that waits, which lies on
 * that goroutine's stack: it never visits the ring, and the sleeper has nothing more to do
 * when it wakes. The waker's word is g->param, the sudog, whose `success` says whether a
 * partner came or the channel was closed.
 *
 * Invariants, checked by chan_check:
 *   I1  one of the queues is empty, save for goroutines that wait in a select
 *   I2  who waits to receive finds the ring empty, who waits to send finds it full
 *   I3  tail is head + len, around the ring; len <= cap
 *   I4  closed never goes back to false, and then nobody waits
 *
 * Locks: c->lock (LOCK_CHAN), by plock: none at one P. A goroutine is made ready after it is
 * given up. Several channels are locked by rising address: select.c.
 *
 * Refused: a value in the ring and a wake-up for whoever comes. A third goroutine could take
 * it, the sleeper would sleep again, and first come would not be first served.
 * Refused: a ring without a lock. It is faster for one sender and one receiver, and has no
 * place for close, select and a queue of sleepers.
 *
 * Go: makechan, chansend, chanrecv, send, recv, closechan in runtime/chan.go. Module 43,
 * exercise 1.
 */
#include "chan.h"

#include "fatal.h"
#include "malloc.h"
#include "plock.h"
#include "sched.h"

#include <string.h>

#define LIKELY(cond) __builtin_expect(!!(cond), 1)

enum { HEADER = (sizeof(struct chan) + 15) & ~15u };
static const size_t LARGEST = (size_t)1 << 47;          /* bytes: an address space */

static const uint32_t at_0[] = {0};
const struct rtype chan_pointer = {"void *", sizeof(void *), 1, at_0};

static const uint32_t at_buf[] = {offsetof(struct chan, buf)};
static const struct rtype header_type = {"struct chan", sizeof(struct chan), 1, at_buf};

static inline uint32_t len_of(const struct chan *c)
{
    return atomic_load_explicit(&c->len, memory_order_relaxed);
}

static inline bool is_closed(const struct chan *c)
{
    return atomic_load_explicit(&c->closed, memory_order_relaxed);
}

static struct chan *make(size_t size, const struct rtype *type, int64_t cap)
{
    struct chan *c;
    size_t bytes;

    if (cap < 0 || cap > UINT32_MAX || __builtin_mul_overflow((size_t)cap, size, &bytes)
        || bytes > LARGEST)
        rt_panic("makechan: size out of range");
    if (type && type->nptr > 0) {
        c = gort_alloc(HEADER, &header_type);
        c->buf = bytes > 0 ? gort_alloc(bytes, type) : NULL;
        c->type = type;
    } else {                    /* no pointers: one object, which the collector leaves alone */
        c = gort_alloc(HEADER + bytes, NULL);
        c->buf = (unsigned char *)c + HEADER;
    }
    c->elem = size;
    c->cap = (uint32_t)cap;
    lock_init(&c->lock, LOCK_CHAN);
    return c;
}

struct chan *chan_make(size_t size, int64_t cap)
{
    return make(size, NULL, cap);
}

struct chan *chan_make_of(const struct rtype *type, int64_t cap)
{
    return make(type->size, type, cap);
}

/* Most elements are one word or none. */
static inline void copy(void *to, const void *from, size_t n)
{
    if (LIKELY(n == 8))
        memcpy(to, from, 8);
    else if (n > 0)
        memcpy(to, from, n);
}

static inline uint32_t after(const struct chan *c, uint32_t i)
{
    return i + 1 == c->cap ? 0 : i + 1;
}

static inline void put(struct chan *c, const void *v)
{
    copy(c->buf + c->tail * c->elem, v, c->elem);
    c->tail = after(c, c->tail);
    atomic_store_explicit(&c->len, len_of(c) + 1, memory_order_relaxed);
}

/* A pointer that was taken must not keep its object alive. */
static inline void take(struct chan *c, void *v)
{
    unsigned char *slot = c->buf + c->head * c->elem;

    if (v)
        copy(v, slot, c->elem);
    if (c->type)
        memset(slot, 0, c->elem);
    c->head = after(c, c->head);
    atomic_store_explicit(&c->len, len_of(c) - 1, memory_order_relaxed);
}

/* s was taken from its queue and has been served. */
static inline struct g *served(struct sudog *s, bool success)
{
    s->success = success;
    s->g->param = s;
    return s->g;
}

/* doc:send */
static inline enum chan_did send_locked(struct chan *c, const void *v, struct g **wake)
{
    struct sudog *s;

    *wake = NULL;
    if (is_closed(c))
        return CHAN_CLOSED;
    if (!waitq_is_empty(&c->recvq) && (s = waitq_take(&c->recvq)) != NULL) {
        if (s->elem)
            copy(s->elem, v, c->elem);
        *wake = served(s, true);
        return CHAN_DONE;
    }
    if (len_of(c) == c->cap)
        return CHAN_BLOCKS;
    put(c, v);
    return CHAN_DONE;
}
/* doc:end */

/* doc:recv */
static inline enum chan_did recv_locked(struct chan *c, void *v, struct g **wake)
{
    struct sudog *s = NULL;

    *wake = NULL;
    if (!waitq_is_empty(&c->sendq))
        s = waitq_take(&c->sendq);
    if (len_of(c) > 0) {
        take(c, v);
        if (s) {                        /* the ring was full: its value goes behind the others */
            put(c, s->elem);
            *wake = served(s, true);
        }
        return CHAN_DONE;
    }
    if (s) {
        if (v)
            copy(v, s->elem, c->elem);
        *wake = served(s, true);
        return CHAN_DONE;
    }
    if (!is_closed(c))
        return CHAN_BLOCKS;
    if (v)
        memset(v, 0, c->elem);
    return CHAN_CLOSED;
}
/* doc:end */

enum chan_did chan_send_locked(struct chan *c, const void *v, struct g **wake)
{
    return send_locked(c, v, wake);
}

enum chan_did chan_recv_locked(struct chan *c, void *v, struct g **wake)
{
    return recv_locked(c, v, wake);
}

/* Gives the lock up, and wakes whoever was served. */
static inline void leave(struct chan *c, struct g *wake)
{
    INVARIANT("chan", chan_check(c) == 0);
    plock_give(&c->lock);
    if (wake)
        sched_ready(wake);
}

/* c is locked: waits in q for a partner, whose variable is at v. False: c was closed. */
static bool wait_in(struct chan *c, struct waitq *q, const void *v, enum wait_reason why)
{
    struct g *g = g_here();
    struct sudog *s = &g->sudog;

    s->g = g;
    s->elem = (void *)v;
    s->select = false;
    waitq_put(q, s);
    INVARIANT("chan", chan_check(c) == 0);
    sched_park(plock_unlock, &c->lock, why);
    return s->success;
}

/* Another goroutine may come first, when somebody draws lots. */
static inline void point(void)
{
    if (gmp_attention())
        sched_point();
}

static _Noreturn void wait_for_ever(enum wait_reason why)
{
    for (;;)
        sched_park(NULL, NULL, why);
}

void chan_send(struct chan *c, const void *v)
{
    enum chan_did did;
    struct g *wake;

    if (c == NULL)
        wait_for_ever(WAIT_CHAN_SEND_NIL);
    point();
    plock_take(&c->lock);
    did = send_locked(c, v, &wake);
    if (LIKELY(did == CHAN_DONE))
        leave(c, wake);
    else if (did == CHAN_CLOSED)
        leave(c, NULL);
    else if (!wait_in(c, &c->sendq, v, WAIT_CHAN_SEND))
        did = CHAN_CLOSED;
    if (did == CHAN_CLOSED)
        rt_panic("send on closed channel");
}

bool chan_recv(struct chan *c, void *v)
{
    enum chan_did did;
    struct g *wake;

    if (c == NULL)
        wait_for_ever(WAIT_CHAN_RECV_NIL);
    point();
    plock_take(&c->lock);
    did = recv_locked(c, v, &wake);
    if (did == CHAN_BLOCKS)
        return wait_in(c, &c->recvq, v, WAIT_CHAN_RECV);
    leave(c, wake);
    return did == CHAN_DONE;
}

/* Looks without the lock: false only when there was a moment in the call in which a send
   would have had to wait. */
static inline bool may_send(const struct chan *c)
{
    /* acquire: nobody fills a closed channel, so one found full was full when it was open */
    return atomic_load_explicit(&c->closed, memory_order_acquire) || len_of(c) < c->cap
        || !waitq_is_empty(&c->recvq);
}

static inline bool may_recv(const struct chan *c)
{
    /* acquire: closed is looked at last, so a channel found open was open before, when it
       was found empty */
    return atomic_load_explicit(&c->len, memory_order_acquire) > 0
        || atomic_load_explicit(&c->sendq.first, memory_order_acquire) != NULL || is_closed(c);
}

bool chan_try_send(struct chan *c, const void *v)
{
    enum chan_did did;
    struct g *wake;

    if (c == NULL)
        return false;
    point();
    if (!may_send(c))
        return false;
    plock_take(&c->lock);
    did = send_locked(c, v, &wake);
    leave(c, wake);
    if (did == CHAN_CLOSED)
        rt_panic("send on closed channel");
    return did == CHAN_DONE;
}

bool chan_try_recv(struct chan *c, void *v, bool *ok)
{
    enum chan_did did;
    struct g *wake;

    if (c == NULL)
        return false;
    point();
    if (!may_recv(c))
        return false;
    plock_take(&c->lock);
    did = recv_locked(c, v, &wake);
    leave(c, wake);
    if (did == CHAN_BLOCKS)
        return false;
    if (ok)
        *ok = did == CHAN_DONE;
    return true;
}

/* Everyone in q leaves it, and comes first in the list of those to be woken. */
static struct g *drain(struct chan *c, struct waitq *q, struct g *list, bool receivers)
{
    struct sudog *s;

    while ((s = waitq_take(q)) != NULL) {
        if (receivers && s->elem)
            memset(s->elem, 0, c->elem);
        served(s, false)->link = list;
        list = s->g;
    }
    return list;
}

/* The one that came last is woken first, so that the one that came first is the next to
   run, as in Go. */
void chan_close(struct chan *c)
{
    struct g *list, *g;

    if (c == NULL)
        rt_panic("close of nil channel");
    point();
    plock_take(&c->lock);
    if (is_closed(c)) {
        plock_give(&c->lock);
        rt_panic("close of closed channel");
    }
    atomic_store_explicit(&c->closed, true, memory_order_relaxed);
    list = drain(c, &c->recvq, NULL, true);
    list = drain(c, &c->sendq, list, false);
    leave(c, NULL);
    while ((g = list) != NULL) {
        list = g->link;
        sched_ready(g);
    }
}

uint32_t chan_len(const struct chan *c)
{
    return c ? len_of(c) : 0;
}

uint32_t chan_cap(const struct chan *c)
{
    return c ? c->cap : 0;
}

/* True when somebody waits in q with nothing else to wait for. */
static bool has_plain(const struct waitq *q)
{
    const struct sudog *s = atomic_load_explicit(&q->first, memory_order_relaxed);

    while (s && s->select)
        s = s->next;
    return s != NULL;
}

int chan_check(const struct chan *c)
{
    uint32_t n = len_of(c);

    plock_assert_held(&c->lock);
    if (has_plain(&c->recvq) && has_plain(&c->sendq))
        return 1;
    if ((has_plain(&c->recvq) && n > 0) || (has_plain(&c->sendq) && n < c->cap))
        return 2;
    if (n > c->cap || (c->cap > 0 && ((uint64_t)c->head + n) % c->cap != c->tail))
        return 3;
    if (is_closed(c) && (has_plain(&c->recvq) || has_plain(&c->sendq)))
        return 4;
    return waitq_check(&c->recvq) || waitq_check(&c->sendq) ? 1 : 0;
}

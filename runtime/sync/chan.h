/*
 * chan.h - channels: goroutines hand values to each other.
 *
 * gort.h includes this. A program makes a channel, sends copies of values and receives them:
 *
 *     struct chan *c = chan_make(sizeof(int), 0);
 *     int v = 7;                              in another goroutine:
 *     chan_send(c, &v);                       while (chan_recv(c, &v)) ...
 *     chan_close(c);
 *
 * A channel is the heap's: nobody frees it. All these functions are for goroutines only.
 *
 * Go: makechan, chansend, chanrecv, closechan in runtime/chan.go.
 */
#ifndef GORT_CHAN_H
#define GORT_CHAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lock.h"
#include "rtype.h"
#include "waitq.h"

struct chan {
    /* Set by chan_make, then only read: */
    size_t elem;                /* bytes of an element */
    unsigned char *buf;         /* cap of them */
    const struct rtype *type;   /* of an element; NULL: it holds no pointers */
    uint32_t cap;

    /* lock protects the rest; len, closed and the queues' first are hints without it. */
    uint32_t head, tail;        /* where the next element is taken, and put */
    _Atomic uint32_t len;
    struct lock lock;           /* LOCK_CHAN */
    struct waitq recvq, sendq;  /* goroutines that wait to receive, to send */
    _Atomic bool closed;
};

/* An element that is one pointer into the heap, for chan_make_of. */
extern const struct rtype chan_pointer;

/* A channel for elements of `size` bytes that hold no pointers into the heap, with room for
   `cap` of them. Panics `makechan: size out of range` when that is negative or too much. */
struct chan *chan_make(size_t size, int64_t cap);

/* The same for elements of a type that says where its pointers are. */
struct chan *chan_make_of(const struct rtype *type, int64_t cap);

/* Sends a copy of *v; waits until there is room or a receiver. Panics `send on closed
   channel`, also when it is closed meanwhile. c NULL: waits for ever. */
void chan_send(struct chan *c, const void *v);

/* Receives into *v, or into nothing when v is NULL; waits until there is something. False
   when the channel is closed and empty: *v is zeroed. c NULL: waits for ever. */
bool chan_recv(struct chan *c, void *v);

/* The same without waiting. False when they would have waited; try_recv then leaves *v and
   *ok alone, else *ok is what chan_recv would have returned; ok may be NULL. */
bool chan_try_send(struct chan *c, const void *v);
bool chan_try_recv(struct chan *c, void *v, bool *ok);

/* No more is sent. Who waits to receive gets nothing, who waits to send panics. Panics
   `close of nil channel` and `close of closed channel`. */
void chan_close(struct chan *c);

/* Elements in the buffer, and how many fit in; 0 for NULL. */
uint32_t chan_len(const struct chan *c);
uint32_t chan_cap(const struct chan *c);

/* From here on: for the rooms that stand beside this one. */

enum chan_did {
    CHAN_BLOCKS,                /* nothing: the caller would have to wait */
    CHAN_DONE,
    CHAN_CLOSED,                /* send: must panic, after unlocking; recv: *v is zeroed */
};

struct g;                       /* gmp.h */

/* c is locked, save at one P: sends or receives when that needs no waiting. When *wake is
   not NULL then, the caller makes that goroutine ready after unlocking. */
enum chan_did chan_send_locked(struct chan *c, const void *v, struct g **wake);
enum chan_did chan_recv_locked(struct chan *c, void *v, struct g **wake);

/* The number of the first broken invariant of chan.c, 0 when all hold. With the lock. */
int chan_check(const struct chan *c);

#endif

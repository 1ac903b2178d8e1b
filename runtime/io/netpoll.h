/*
 * netpoll.h - a goroutine waits until a descriptor can be read or written.
 *
 * Go: pollDesc, poll_runtime_pollWait, poll_runtime_pollSetDeadline in runtime/netpoll.go.
 */
#ifndef GORT_NETPOLL_H
#define GORT_NETPOLL_H

#include <stdbool.h>
#include <stdint.h>

enum netpoll_side { NETPOLL_IN, NETPOLL_OUT, NETPOLL_SIDES };

enum netpoll_end {
    NETPOLL_READY,              /* try again: perhaps it can be done now */
    NETPOLL_LATE,               /* the deadline is over */
    NETPOLL_CLOSED,
};

struct netpoll;

/* A descriptor that is watched from now on, in both directions; it must not block. NULL, with
   errno set, when it cannot be watched. Only a goroutine. */
struct netpoll *netpoll_open(int fd);

/* Whoever waits gets NETPOLL_CLOSED, now and from now on. */
void netpoll_shut(struct netpoll *n);

/* Gives the record back. The descriptor is closed, or will not be used, and nobody waits. */
void netpoll_free(struct netpoll *n);

/* Waits until that side may be ready. One goroutine a side; a second one throws. */
enum netpoll_end netpoll_wait(struct netpoll *n, enum netpoll_side side);

/* From now on waiting on that side ends at `when`, a time of gort_now; 0: never. A time that
   is over ends it at once. */
void netpoll_deadline(struct netpoll *n, enum netpoll_side side, int64_t when);

/* The number of the first broken invariant of netpoll.c, 0 when all hold. */
int netpoll_check(struct netpoll *n);

#endif

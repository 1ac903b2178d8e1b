/*
 * net.c - TCP connections: whoever waits for one lets the other goroutines run.
 *
 * Everything is one loop: try; when the system says EAGAIN, wait in netpoll, and try again.
 *
 * A descriptor's number is used again as soon as it is closed. So net_close only says that
 * it is over, and whoever is the last to leave a call closes the descriptor; nobody enters
 * after the end.
 *
 * Invariant:
 *   I1  users is 2 for the connection itself and 2 for each call inside, plus CLOSED
 *
 * Refused: a buffer. Programs that want one put it in front.
 *
 * Go: Read, Write, Accept, Close in internal/poll/fd_unix.go; fd_mutex.go. Module 44.
 */
#include "net.h"

#include "malloc.h"
#include "netpoll.h"
#include "sock.h"
#include "start.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Calls here may go on in another thread, which has another errno: see gort.h. */
#undef errno
#define errno (*gort_errno())

enum { CLOSED = 1, USER = 2 };

struct net {
    int fd;                     /* set once */
    struct netpoll *poll;
    _Atomic uint32_t users;     /* I1 */
};

static void *fail(int64_t error)
{
    errno = (int)-error;
    return NULL;
}

struct net *net_adopt(int fd)
{
    struct netpoll *poll;
    struct net *c;

    if (!sock_nonblock(fd))
        return fail(-EBADF);
    poll = netpoll_open(fd);
    if (poll == NULL)
        return NULL;
    c = gort_alloc(sizeof *c, NULL);
    c->fd = fd;
    c->poll = poll;
    atomic_store_explicit(&c->users, USER, memory_order_relaxed);
    return c;
}

/* As net_adopt, for a descriptor of ours, or an error in its place. */
static struct net *own(int fd)
{
    struct net *c;

    if (fd < 0)
        return fail(fd);
    c = net_adopt(fd);
    if (c == NULL) {
        int why = errno;

        sock_close(fd);
        errno = why;
    }
    return c;
}

static bool enter(struct net *c)
{
    uint32_t n = atomic_load_explicit(&c->users, memory_order_relaxed);

    do {
        if (n & CLOSED) {
            errno = EBADF;
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&c->users, &n, n + USER,
                                                    memory_order_acquire,
                                                    memory_order_relaxed));
    return true;
}

static void leave(struct net *c)
{
    if (atomic_fetch_sub_explicit(&c->users, USER, memory_order_acq_rel) != (USER | CLOSED))
        return;
    sock_close(c->fd);
    netpoll_free(c->poll);
}

/* Waits after EAGAIN: 0 to try again, or an error. */
static int64_t wait_for(struct net *c, enum netpoll_side side)
{
    switch (netpoll_wait(c->poll, side)) {
    case NETPOLL_LATE:
        return -ETIMEDOUT;
    case NETPOLL_CLOSED:
        return -EBADF;
    default:
        return 0;
    }
}

/* n, or -1 with errno when it is an error. */
static int64_t answer(struct net *c, int64_t n)
{
    leave(c);
    if (n >= 0)
        return n;
    errno = (int)-n;
    return -1;
}

struct net *net_listen(const char *ip, uint16_t port)
{
    return own(sock_listen(ip, port));
}

struct net *net_accept(struct net *l)
{
    int64_t fd, wait = 0;

    if (!enter(l))
        return NULL;
    while ((fd = sock_accept(l->fd)) == -EAGAIN && (wait = wait_for(l, NETPOLL_IN)) == 0)
        continue;
    leave(l);
    return wait < 0 ? fail(wait) : own((int)fd);
}

struct net *net_connect(const char *ip, uint16_t port)
{
    struct net *c = own(sock_connect(ip, port));
    int64_t status;

    if (c == NULL)
        return NULL;
    do
        status = wait_for(c, NETPOLL_OUT);
    while (status == 0 && (status = sock_error(c->fd)) == -EAGAIN);
    if (status == 0)
        return c;
    net_close(c);
    return fail(status);
}

int64_t net_read(struct net *c, void *buf, size_t n)
{
    int64_t got, wait = 0;

    if (!enter(c))
        return -1;
    while ((got = sock_read(c->fd, buf, n)) == -EAGAIN && (wait = wait_for(c, NETPOLL_IN)) == 0)
        continue;
    return answer(c, wait < 0 ? wait : got);
}

int64_t net_write(struct net *c, const void *buf, size_t n)
{
    int64_t put = 0, wait = 0;
    size_t done = 0;

    if (!enter(c))
        return -1;
    while (done < n && wait == 0) {
        put = sock_write(c->fd, (const char *)buf + done, n - done);
        if (put >= 0)
            done += (size_t)put;
        else
            wait = put == -EAGAIN ? wait_for(c, NETPOLL_OUT) : put;
    }
    return answer(c, wait < 0 ? wait : (int64_t)done);
}

void net_shut(struct net *c)
{
    if (!enter(c))
        return;
    sock_shut(c->fd);
    leave(c);
}

int net_close(struct net *c)
{
    if (atomic_fetch_or_explicit(&c->users, CLOSED, memory_order_acq_rel) & CLOSED) {
        errno = EBADF;
        return -1;
    }
    netpoll_shut(c->poll);
    leave(c);
    return 0;
}

static void deadline(struct net *c, enum netpoll_side side, int64_t when)
{
    if (!enter(c))
        return;
    netpoll_deadline(c->poll, side, when);
    leave(c);
}

void net_read_deadline(struct net *c, int64_t when)
{
    deadline(c, NETPOLL_IN, when);
}

void net_write_deadline(struct net *c, int64_t when)
{
    deadline(c, NETPOLL_OUT, when);
}

uint16_t net_port(struct net *c)
{
    uint16_t port;

    if (!enter(c))
        return 0;
    port = sock_port(c->fd);
    leave(c);
    return port;
}

/*
 * sock.c - what the network asks of the operating system: sockets that never block, and the
 * one call that waits for all of them.
 *
 * Thin wrappers. One epoll descriptor for the process, made at the first use, and one eventfd
 * in it, so that a thread that waits can be called back.
 *
 * Invariants:
 *   I1  every descriptor made here does not block, and is closed in a child that executes
 *       another program
 *   I2  after sock_fail_at(call, n) exactly n - 1 calls succeed
 *
 * Refused: poll and select. They look at every descriptor in every call.
 *
 * Go: netpollinit, netpollopen, netpoll, netpollBreak in runtime/netpoll_epoll.go. Read with
 * module 44.
 */
#define _GNU_SOURCE             /* accept4 */
#include "sock.h"

#include "fatal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, EVENTS = 128, MILLISECOND = 1000000 };

static struct {
    pthread_once_t once;
    int epoll, event;           /* set by the once */
    _Atomic unsigned fail[SOCK_CALLS];
} room = {.once = PTHREAD_ONCE_INIT};

static bool fails(enum sock_call call)
{
    unsigned left = atomic_load_explicit(&room.fail[call], memory_order_relaxed);

    if (left == 0)
        return false;
    if (left > 1)
        atomic_store_explicit(&room.fail[call], left - 1, memory_order_relaxed);
    return left == 1;
}

void sock_fail_at(enum sock_call call, unsigned n)
{
    atomic_store_explicit(&room.fail[call], n, memory_order_relaxed);
}

static int result(int64_t n)
{
    return n < 0 ? -errno : (int)n;
}

static bool address(struct sockaddr_in *to, const char *ip, uint16_t port)
{
    *to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    return inet_pton(AF_INET, ip, &to->sin_addr) == 1;
}

static int new_socket(void)
{
    if (fails(SOCK_OPEN))
        return -EMFILE;
    return result(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/* Closes fd when `status`, the outcome of the last step, is an error. */
static int keep(int fd, int status)
{
    if (status >= 0)
        return fd;
    close(fd);
    return status;
}

static void set(int fd, int level, int option)
{
    setsockopt(fd, level, option, &(int){1}, sizeof(int));
}

int sock_listen(const char *ip, uint16_t port)
{
    struct sockaddr_in at;
    int fd, status;

    if (!address(&at, ip, port))
        return -EINVAL;
    fd = new_socket();
    if (fd < 0)
        return fd;
    set(fd, SOL_SOCKET, SO_REUSEADDR);
    status = result(bind(fd, (struct sockaddr *)&at, sizeof at));
    if (status == 0)
        status = result(listen(fd, BACKLOG));
    return keep(fd, status);
}

int sock_connect(const char *ip, uint16_t port)
{
    struct sockaddr_in to;
    int fd, status;

    if (!address(&to, ip, port))
        return -EINVAL;
    fd = new_socket();
    if (fd < 0)
        return fd;
    set(fd, IPPROTO_TCP, TCP_NODELAY);
    status = result(connect(fd, (struct sockaddr *)&to, sizeof to));
    return keep(fd, status == -EINPROGRESS || status == -EINTR ? 0 : status);
}

int sock_error(int fd)
{
    struct sockaddr_in peer;
    socklen_t size = sizeof(int), n = sizeof peer;
    int error = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return -errno;
    if (error == 0 && getpeername(fd, (struct sockaddr *)&peer, &n) != 0)
        return errno == ENOTCONN ? -EAGAIN : -errno;
    return -error;
}

int sock_accept(int fd)
{
    int new;

    if (fails(SOCK_ACCEPT))
        return -EMFILE;
    do
        new = result(accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
    while (new == -EINTR || new == -ECONNABORTED);
    if (new >= 0)
        set(new, IPPROTO_TCP, TCP_NODELAY);
    return new;
}

int64_t sock_read(int fd, void *buf, size_t n)
{
    ssize_t got;

    if (fails(SOCK_READ))
        return -ECONNRESET;
    do
        got = read(fd, buf, n);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : got;
}

/* A socket whose other side is gone answers EPIPE, without the signal. */
int64_t sock_write(int fd, const void *buf, size_t n)
{
    ssize_t put;

    if (fails(SOCK_WRITE))
        return -ECONNRESET;
    do {
        put = send(fd, buf, n, MSG_NOSIGNAL);
        if (put < 0 && errno == ENOTSOCK)
            put = write(fd, buf, n);
    } while (put < 0 && errno == EINTR);
    return put < 0 ? -errno : put;
}

void sock_shut(int fd)
{
    shutdown(fd, SHUT_WR);
}

void sock_close(int fd)
{
    close(fd);
}

uint16_t sock_port(int fd)
{
    struct sockaddr_in at = {0};
    socklen_t size = sizeof at;

    return getsockname(fd, (struct sockaddr *)&at, &size) == 0 ? ntohs(at.sin_port) : 0;
}

bool sock_nonblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

static void init(void)
{
    struct epoll_event e = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};

    room.epoll = epoll_create1(EPOLL_CLOEXEC);
    room.event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (room.epoll < 0 || room.event < 0
        || epoll_ctl(room.epoll, EPOLL_CTL_ADD, room.event, &e) != 0)
        rt_throw("sock", "the system gives no descriptor to wait for the network");
}

int sock_watch(int fd, void *data)
{
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                            .data.ptr = data};

    pthread_once(&room.once, init);
    return result(epoll_ctl(room.epoll, EPOLL_CTL_ADD, fd, &e));
}

/* Rounded up: rather a little late than again and again for nothing. */
static int milliseconds(int64_t ns)
{
    if (ns <= 0)
        return ns < 0 ? -1 : 0;
    return ns > (int64_t)1000 * 1000 * MILLISECOND
        ? 1000 * 1000
        : (int)((ns + MILLISECOND - 1) / MILLISECOND);
}

int sock_wait(struct sock_event *events, int n, int64_t ns)
{
    struct epoll_event e[EVENTS];
    uint64_t count;

    pthread_once(&room.once, init);
    n = epoll_wait(room.epoll, e, n < EVENTS ? n : EVENTS, milliseconds(ns));
    for (int i = 0; i < n; i++) {
        uint32_t what = e[i].events;

        events[i].data = e[i].data.ptr;
        events[i].in = (what & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        events[i].out = (what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
        if (e[i].data.ptr == NULL && read(room.event, &count, sizeof count) < 0)
            continue;           /* somebody else has read it */
    }
    return n < 0 ? 0 : n;
}

void sock_interrupt(void)
{
    uint64_t one = 1;

    pthread_once(&room.once, init);
    if (write(room.event, &one, sizeof one) < 0)
        return;                 /* full: it is readable, which is all that is wanted */
}

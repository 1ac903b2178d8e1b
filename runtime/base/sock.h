/*
 * sock.h - what the network asks of the operating system: sockets that never block, and the
 * one call that waits for all of them.
 *
 * The third part of os.h. Numbers returned are at least 0, or an error of errno.h, negated.
 *
 * Go: runtime/netpoll_epoll.go; internal/poll and syscall for the calls.
 */
#ifndef GORT_SOCK_H
#define GORT_SOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sock_call {
    SOCK_OPEN,
    SOCK_ACCEPT,
    SOCK_READ,
    SOCK_WRITE,
    SOCK_CALLS,                 /* how many there are */
};

/* A socket that listens on, or begins to connect to, an IPv4 address, `ip` as in
   "127.0.0.1", and port; listening on port 0 chooses one. -EINVAL for no address. A
   connection may be there only later: when the socket can be written, sock_error says how
   it went. */
int sock_listen(const char *ip, uint16_t port);
int sock_connect(const char *ip, uint16_t port);

/* How the connecting went: 0 or an error; -EAGAIN: it goes on still. */
int sock_error(int fd);

/* The next connection of a listening socket; -EAGAIN: none yet. */
int sock_accept(int fd);

/* Bytes read or written, 0 at the end of the input; -EAGAIN: none yet. */
int64_t sock_read(int fd, void *buf, size_t n);
int64_t sock_write(int fd, const void *buf, size_t n);

/* Nothing more is sent; the other side reads to the end. */
void sock_shut(int fd);
void sock_close(int fd);

/* The port that a socket is bound to; 0 when it is to none. */
uint16_t sock_port(int fd);

/* Reads and writes of fd, which is anyone's, do not block from now on. False: not a
   descriptor. */
bool sock_nonblock(int fd);

/* What became possible for a descriptor that is watched. */
struct sock_event {
    void *data;                 /* as given to sock_watch; NULL: sock_interrupt */
    bool in, out;               /* also on errors: the next read or write says which */
};

/* Begins to watch fd for both directions, each change once (edge-triggered). `data` is not
   NULL. 0 or an error: some descriptors, files above all, cannot be watched. */
int sock_watch(int fd, void *data);

/* Waits at most `ns`, for ever when it is -1, for something to happen to a watched one.
   Returns how many events there are, at most n. */
int sock_wait(struct sock_event *events, int n, int64_t ns);

/* Whoever is in sock_wait, or comes there next, returns at once. */
void sock_interrupt(void);

/* For tests: as os_fail_at; the failing call returns -EMFILE or -ECONNRESET. */
void sock_fail_at(enum sock_call call, unsigned n);

#endif

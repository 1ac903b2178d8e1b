/*
 * net.h - TCP connections: whoever waits for one lets the other goroutines run.
 *
 *     struct net *l = net_listen("127.0.0.1", 8080), *c;
 *     while ((c = net_accept(l)) != NULL)
 *         go(serve, c);
 *
 * What cannot be done returns NULL or -1 and says why in errno: ETIMEDOUT when the deadline
 * is over, EBADF when the connection is closed, also by another goroutine meanwhile. One
 * goroutine may read and another write at the same time. Only goroutines.
 *
 * Go: net.Listen, Accept, Dial, Read, Write, SetDeadline; internal/poll/fd_unix.go.
 */
#ifndef GORT_NET_H
#define GORT_NET_H

#include <stddef.h>
#include <stdint.h>

struct net;

/* A socket that listens at an IPv4 address; port 0: any free one. */
struct net *net_listen(const char *ip, uint16_t port);

/* The next connection of a listening one. */
struct net *net_accept(struct net *l);

/* A connection to an address. */
struct net *net_connect(const char *ip, uint16_t port);

/* Any descriptor that can be watched, as a pipe's: it is net_close's from now on. NULL when
   it cannot, and then it is still the caller's. */
struct net *net_adopt(int fd);

/* Reads at least 1 byte and at most n; 0 at the end. */
int64_t net_read(struct net *c, void *buf, size_t n);

/* Writes all n bytes; -1 when not all were written. */
int64_t net_write(struct net *c, const void *buf, size_t n);

/* The other side reads to the end; this one can still read. */
void net_shut(struct net *c);

/* Ends the connection, and whoever waits for it. -1, EBADF when it was closed. */
int net_close(struct net *c);

/* From now on waiting to read, or accept, and to write ends at `when`, a time of gort_now;
   0: never. */
void net_read_deadline(struct net *c, int64_t when);
void net_write_deadline(struct net *c, int64_t when);

/* The port of a listening one or of this side of a connection. */
uint16_t net_port(struct net *c);

#endif

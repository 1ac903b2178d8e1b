/*
 * http.c - an HTTP/1.1 server that says hello: one goroutine for each connection.
 *
 *     http [PORT]             8080 when it is not given; GOMAXPROCS as always
 *
 * It answers every request that it can read with the same page, keeps the connection until
 * the client ends it or says "Connection: close", and gives a client ten seconds for a
 * request. http.go beside it is the same program in Go.
 */
#include <gort.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REQUEST = 8192, PATIENCE = 10 };

static const char page[] = "HTTP/1.1 200 OK\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "Content-Length: 14\r\n"
                           "\r\n"
                           "Hello, world.\n";
static const char too_long[] = "HTTP/1.1 431 Request Header Fields Too Large\r\n"
                               "Content-Length: 0\r\n"
                               "Connection: close\r\n"
                               "\r\n";

static bool wants_close(const char *head)
{
    for (const char *at = head; (at = strstr(at, "\r\n")) != NULL; at += 2) {
        if (strncasecmp(at + 2, "connection: close", 17) == 0)
            return true;
    }
    return false;
}

/* Reads until the empty line that ends a request's head. Its length, 0 when the client has
   ended or is too slow, -1 when it is too long. *have counts what is in buf. */
static long read_head(struct net *c, char *buf, size_t *have)
{
    net_read_deadline(c, gort_now() + PATIENCE * INT64_C(1000000000));
    for (;;) {
        const char *end = strstr(buf, "\r\n\r\n");
        int64_t n;

        if (end)
            return end - buf + 4;
        if (*have == REQUEST)
            return -1;
        n = net_read(c, buf + *have, REQUEST - *have);
        if (n <= 0)
            return 0;
        *have += (size_t)n;
        buf[*have] = '\0';
    }
}

static void serve(void *arg)
{
    struct net *c = arg;
    char buf[REQUEST + 1] = "";
    size_t have = 0;
    bool last = false;

    while (!last) {
        long n = read_head(c, buf, &have);

        if (n < 0)
            net_write(c, too_long, sizeof too_long - 1);
        if (n <= 0)
            break;
        buf[n - 2] = '\0';              /* the head alone */
        last = wants_close(buf);
        if (net_write(c, page, sizeof page - 1) < 0)
            break;
        have -= (size_t)n;
        memmove(buf, buf + n, have + 1);
    }
    net_close(c);
}

static void run(void *port)
{
    struct net *l = net_listen("127.0.0.1", (uint16_t)atoi(port)), *c;

    if (l == NULL) {
        perror("http");
        exit(1);
    }
    printf("http://127.0.0.1:%u/\n", (unsigned)net_port(l));
    fflush(stdout);
    while ((c = net_accept(l)) != NULL)
        go(serve, c);
}

int main(int argc, char **argv)
{
    return gort_main(run, argc > 1 ? argv[1] : "8080");
}

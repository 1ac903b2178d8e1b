/*
 * gort.h - the one header for programs.
 *
 *     #include <gort.h>
 *
 * A program links the runtime's objects. What concerns memory may be called from any thread
 * and needs no start. Goroutines need gort_main:
 *
 *     static void run(void *arg) { go(worker, arg); gort_sleep(1000000); }
 *     int main(void) { return gort_main(run, NULL); }
 *
 * A goroutine has a stack of its own, 256 KiB, and may go on in another thread after any
 * call that waits. So keep no address of a thread-local variable over such a call; errno is
 * looked after here. A call that blocks in the system stands between gort_block and
 * gort_unblock, or it holds up the other goroutines of its thread.
 */
#ifndef GORT_H
#define GORT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alarm.h"             /* alarm_after, alarm_new, alarm_every */
#include "chan.h"              /* chan_make, chan_send, chan_recv, chan_close */
#include "cond.h"              /* cond_wait, cond_signal */
#include "context.h"           /* context_with_cancel, context_done */
#include "defer.h"             /* gort_defer, gort_recover */
#include "fatal.h"             /* rt_panic, fatal_try */
#include "memstats.h"          /* gort_read_memstats: what the heap has done */
#include "mutex.h"             /* mutex_lock, mutex_unlock */
#include "net.h"               /* net_listen, net_accept, net_read, net_write */
#include "once.h"              /* once_do */
#include "rtype.h"
#include "rwmutex.h"           /* rwmutex_rlock, rwmutex_lock */
#include "select.h"            /* gort_select */
#include "slice.h"
#include "start.h"             /* gort_main, go, gort_yield, gort_sleep and the others */
#include "strbuf.h"
#include "waitgroup.h"         /* waitgroup_add, waitgroup_done, waitgroup_wait */

/* The C library declares that errno has one address for all of a function, and compilers
   believe it; after a call that parks, the goroutine may be in another thread, where it has
   another one. */
#undef errno
#define errno (*gort_errno())

/* GORT_TYPE(node, struct node, left, right) defines the descriptor `node` of a type whose
   fields left and right are its only pointers into the heap: 1 to 16 fields, also in the
   middle (`pair.first`, `child[0]`). A field that is no pointer does not compile.
   GORT_NOSCAN(num, int64_t) defines the descriptor of a type without pointers. */
#define GORT_TYPE(var, T, ...)                                                          \
    static const uint32_t var##_ptroff[] = {GORT_EACH(GORT_OFF, T, __VA_ARGS__)};       \
    __attribute__((unused)) static const struct rtype var = {                           \
        #T, sizeof(T), sizeof var##_ptroff / sizeof var##_ptroff[0], var##_ptroff}
#define GORT_NOSCAN(var, T)                                                             \
    __attribute__((unused)) static const struct rtype var = {#T, sizeof(T), 0, NULL}

/* Zeroed memory for one value of `size` bytes, aligned as a type of that size may need.
   `type` says where its pointers are; NULL: it holds none, and the collector never looks
   inside. Never returns NULL: throws `out of memory`. The memory is the heap's; no one
   frees it by hand. All objects of size 0 share one address. */
void *gort_alloc(size_t size, const struct rtype *type);

/* new(T): a zeroed value of the type that `type` describes. */
#define gort_new(type) gort_alloc((type)->size, (type))

/* From here on: how GORT_TYPE works. GORT_OFF is a field's offset, and compiles only for a
   pointer: the class of the field's value is a pointer's, and the field is no array, which
   would become a pointer when its value is taken. */
#define GORT_FIELD(T, f) (((T *)0)->f)
#define GORT_IS_POINTER(T, f)                                                           \
    (__builtin_classify_type(GORT_FIELD(T, f)) == 5                                     \
     && __builtin_types_compatible_p(__typeof__(GORT_FIELD(T, f)),                      \
                                     __typeof__(((void)0, GORT_FIELD(T, f)))))
#define GORT_OFF(T, f)                                                                  \
    (offsetof(T, f) + 0 * sizeof(struct {                                               \
        _Static_assert(GORT_IS_POINTER(T, f), #f " of " #T " is no pointer");           \
        char gort_unused;                                                               \
    }))

/* GORT_EACH(M, T, a, b, c) is M(T, a), M(T, b), M(T, c), for up to 16. */
#define GORT_EACH(M, T, ...)                                                            \
    GORT_17TH(__VA_ARGS__, GORT_16, GORT_15, GORT_14, GORT_13, GORT_12, GORT_11,        \
              GORT_10, GORT_9, GORT_8, GORT_7, GORT_6, GORT_5, GORT_4, GORT_3, GORT_2,  \
              GORT_1, )(M, T, __VA_ARGS__)
#define GORT_17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, it, ...) it
#define GORT_1(M, T, f) M(T, f)
#define GORT_2(M, T, f, ...) M(T, f), GORT_1(M, T, __VA_ARGS__)
#define GORT_3(M, T, f, ...) M(T, f), GORT_2(M, T, __VA_ARGS__)
#define GORT_4(M, T, f, ...) M(T, f), GORT_3(M, T, __VA_ARGS__)
#define GORT_5(M, T, f, ...) M(T, f), GORT_4(M, T, __VA_ARGS__)
#define GORT_6(M, T, f, ...) M(T, f), GORT_5(M, T, __VA_ARGS__)
#define GORT_7(M, T, f, ...) M(T, f), GORT_6(M, T, __VA_ARGS__)
#define GORT_8(M, T, f, ...) M(T, f), GORT_7(M, T, __VA_ARGS__)
#define GORT_9(M, T, f, ...) M(T, f), GORT_8(M, T, __VA_ARGS__)
#define GORT_10(M, T, f, ...) M(T, f), GORT_9(M, T, __VA_ARGS__)
#define GORT_11(M, T, f, ...) M(T, f), GORT_10(M, T, __VA_ARGS__)
#define GORT_12(M, T, f, ...) M(T, f), GORT_11(M, T, __VA_ARGS__)
#define GORT_13(M, T, f, ...) M(T, f), GORT_12(M, T, __VA_ARGS__)
#define GORT_14(M, T, f, ...) M(T, f), GORT_13(M, T, __VA_ARGS__)
#define GORT_15(M, T, f, ...) M(T, f), GORT_14(M, T, __VA_ARGS__)
#define GORT_16(M, T, f, ...) M(T, f), GORT_15(M, T, __VA_ARGS__)

#endif

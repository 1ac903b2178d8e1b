/*
 * self.c - who runs here: what the runtime keeps for the thread that calls it.
 *
 * A thread-local struct, and a pthread key whose destructor runs when a plain thread
 * ends. The key's value says only that the destructor is wanted.
 *
 * The rule for thread-local state: compilers keep its address in a register over calls,
 * and a goroutine may continue on another thread after a call that parks. So everybody
 * asks self_get(), which is never inlined, and asks again after parking. self_cache() is
 * the one exception: gort_alloc reads it once, at its start, and never parks before it has
 * used it. A call less on every allocation.
 *
 * A destructor of another key may allocate after ours has run. The thread then gets a new
 * cache, sets the key again, and the C library runs the destructors once more.
 *
 * Go: getg in the compiler; acquirep, releasep in proc.go. Read with module 44.
 */
#include "self.h"

#include "fatal.h"

#include <pthread.h>
#include <stddef.h>

_Thread_local struct self self_here __attribute__((tls_model("initial-exec")));

static struct {
    pthread_once_t once;
    pthread_key_t key;
} room = {.once = PTHREAD_ONCE_INIT};

__attribute__((noinline)) struct self *self_get(void)
{
    __asm__ volatile("");       /* a call with an effect is not folded into another */
    return &self_here;
}

/* Runs on the thread that ends. */
static void thread_ends(void *unused)
{
    struct self *me = self_get();
    void (*leave)(struct self *) = me->leave;

    (void)unused;
    me->leave = NULL;
    if (leave)
        leave(me);
}

static void make_key(void)
{
    if (pthread_key_create(&room.key, thread_ends) != 0)
        rt_throw("self", "the C library has no thread-specific key left");
}

void self_on_leave(void (*leave)(struct self *))
{
    pthread_once(&room.once, make_key);
    self_get()->leave = leave;
    if (pthread_setspecific(room.key, &room) != 0)
        rt_throw("self", "out of memory: no thread-specific value");
}

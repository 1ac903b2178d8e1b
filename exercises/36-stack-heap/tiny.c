/*
 * tiny.c - where several small pointer-free objects go in one 16-byte block.
 *
 * Module 36, the advanced part. The contract of every function is in tiny.h; this file
 * is yours. Nothing here allocates, and nothing here reads or writes a block: the room
 * only computes addresses.
 *
 *     make check MOD=36 EX=adv
 */
#include "tiny.h"

#include "fatal.h"

/* TODO(adv): round t->used up to 8, 4 or 2 when size is a multiple of it. When the object
   then still ends within the block, it is placed: move used, count it. Else 0, and t
   stays as it was, without the rounding too. */
uintptr_t tiny_place(struct tiny *t, size_t size)
{
    (void)t;
    (void)size;
    rt_todo("adv", "tiny_place");
}

/* TODO(adv): the new object has the first bytes of `block`. Which of the two blocks has
   more room left now? That one is current from here on; on a tie, the old one. */
uintptr_t tiny_adopt(struct tiny *t, uintptr_t block, size_t size)
{
    (void)t;
    (void)block;
    (void)size;
    rt_todo("adv", "tiny_adopt");
}

/* TODO(adv): there is no current block any more. */
void tiny_forget(struct tiny *t)
{
    (void)t;
    rt_todo("adv", "tiny_forget");
}

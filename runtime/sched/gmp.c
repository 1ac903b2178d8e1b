/*
 * gmp.c - the three types of the scheduler: G, M and P. gmp.h explains them.
 *
 * The attention word is what makes the short way short: one load says that the world is not
 * to stop, no timer is due and nobody draws lots. Whoever sets a bit wakes or signals the
 * Ms that must see it.
 *
 * Orders:
 *   (A) gmp_attend's release pairs with the acquire of gmp_attends: who sees the bit sees
 *       what was written before it was set.
 *
 * Go: type schedt and the variables at the end of runtime/runtime2.go. Module 44.
 */
#include "gmp.h"

struct gmp gmp;

void gmp_attend(uint32_t bit)
{
    atomic_fetch_or_explicit(&gmp.attention, bit, memory_order_acq_rel);      /* (A) */
}

void gmp_ignore(uint32_t bit)
{
    atomic_fetch_and_explicit(&gmp.attention, ~bit, memory_order_acq_rel);
}

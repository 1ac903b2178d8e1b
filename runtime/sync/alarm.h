/*
 * alarm.h - something happens at a certain time: a channel gets a value, or a function runs.
 *
 *     struct chan *late = alarm_after(1000000000);
 *     struct chan_case cases[] = {CASE_RECV(answer, &v), CASE_RECV(late, NULL)};
 *
 * The value is the time, an int64_t of gort_now. The channel has room for one, as in Go 1.19:
 * a value that was not received stays there when the alarm is stopped. Alarms are the heap's:
 * nobody frees them. Only goroutines.
 *
 * Go: After, NewTimer, AfterFunc in time/sleep.go; NewTicker in time/tick.go.
 */
#ifndef GORT_ALARM_H
#define GORT_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "chan.h"
#include "timer.h"

struct alarm {
    struct chan *c;             /* where the time arrives; NULL: fn is called instead */
    void (*fn)(void *);
    void *arg;
    struct timer timer;
};

/* After ns nanoseconds the channel gets a value. */
struct chan *alarm_after(int64_t ns);

/* The same, with an alarm that can be stopped and set again. */
struct alarm *alarm_new(int64_t ns);

/* The channel gets a value every ns nanoseconds; who is slow misses some. Panics
   `non-positive interval for NewTicker`. */
struct alarm *alarm_every(int64_t ns);

/* After ns nanoseconds fn(arg) runs in a goroutine of its own. */
struct alarm *alarm_call(int64_t ns, void (*fn)(void *), void *arg);

/* Nothing more happens. False when it has happened already, or was stopped. */
bool alarm_stop(struct alarm *a);

/* From now on as if it were made now: after ns, or every ns when it was made by alarm_every.
   True when it was set before. */
bool alarm_reset(struct alarm *a, int64_t ns);

#endif

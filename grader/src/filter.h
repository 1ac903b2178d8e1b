/*
 * filter.h - what a subject may ask of the kernel.
 */
#ifndef GRADER_FILTER_H
#define GRADER_FILTER_H

#include <stdbool.h>

/* From now on the process may use memory that is not executable, the descriptors it has,
   locks, signals to itself, clocks and random numbers, and end itself. `words`, separated
   by blanks or commas, allow more: threads, timers, epoll, eventfd. Any other system call
   kills the process with SIGSYS; opening a file fails. There is no way back. False when
   the kernel refuses or a word is not known. */
bool filter_install(const char *words);

#endif

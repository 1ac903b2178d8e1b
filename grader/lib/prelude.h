/*
 * prelude.h - what a bare block of C in a lesson may use. A folder of lessons with a
 * prelude.h of its own has that one instead.
 */
#ifndef GRADER_PRELUDE_H
#define GRADER_PRELUDE_H

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gort.h>

#include "fatal.h"
#include "frames.h"
#include "mspan.h"
#include "tiny.h"

#endif

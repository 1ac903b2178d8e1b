/*
 * gotype.h - types: which are the same, how large they are, how they are printed.
 *
 * Sizes are those of amd64.
 *
 * Go: cmd/compile/internal/types/type.go, size.go, identity.go and fmt.go.
 */
#ifndef GORT_GOTYPE_H
#define GORT_GOTYPE_H

#include "gosrc.h"

/* What a chain of names stands for. Gives up on a name that stands for itself. */
struct gotype *gotype_under(struct gosrc *s, struct gotype *t);

struct gotype *gotype_new(struct gosrc *s, enum gokind kind, struct gotype *elem);

bool gotype_identical(struct gosrc *s, struct gotype *a, struct gotype *b);

/* Bytes; huge sizes saturate at GOTYPE_HUGE. Gives up on a type that contains itself. */
#define GOTYPE_HUGE ((int64_t)1 << 50)
int64_t gotype_size(struct gosrc *s, struct gotype *t);

bool gotype_pointers(struct gosrc *s, struct gotype *t);

/* Whether a value is one word that is a pointer, so that an interface holds it itself. */
bool gotype_direct(struct gosrc *s, struct gotype *t);

bool gotype_comparable(struct gosrc *s, struct gotype *t);

bool gotype_is_interface(struct gosrc *s, struct gotype *t);
bool gotype_is_string(struct gosrc *s, struct gotype *t);
bool gotype_is_integer(struct gosrc *s, struct gotype *t);
bool gotype_is_numeric(struct gosrc *s, struct gotype *t);
bool gotype_is_boolean(struct gosrc *s, struct gotype *t);
bool gotype_is_untyped(const struct gotype *t);

/* The type that an untyped constant takes by itself. */
struct gotype *gotype_default(struct gosrc *s, struct gotype *t);

/* As the compiler prints it. */
const char *gotype_print(struct gosrc *s, struct gotype *t);

/* Adds a method unless there is one of that name; keeps an interface's sorted. */
void gotype_add_method(struct gosrc *s, struct gotype *t, struct gomethod m);

#endif

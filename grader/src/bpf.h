/*
 * bpf.h - writes a seccomp filter rule by rule, and puts it on.
 *
 * A filter is a program for the kernel's BPF machine; struct bpf holds it while it grows.
 * Rules are tried in the order in which they were added. A system call that this
 * architecture does not have is NO_CALL, and its rules are left out.
 */
#ifndef GRADER_BPF_H
#define GRADER_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

enum { BPF_ROOM = 1024, NO_CALL = -1 };

#define BPF_ALLOW SECCOMP_RET_ALLOW
#define BPF_KILL SECCOMP_RET_KILL_PROCESS
#define BPF_FAIL(error) (SECCOMP_RET_ERRNO | (uint32_t)(error))

struct bpf {
    struct sock_filter code[BPF_ROOM];
    uint32_t n;
};

/* Begins: a call by another architecture's table kills the process. */
void bpf_begin(struct bpf *b);

/* The call `nr` gets this answer. */
void bpf_on(struct bpf *b, long nr, uint32_t answer);

/* The call `nr` gets this answer when (argument & mask) is `value`; arguments count from
   0, and their low 32 bits are looked at. */
void bpf_when(struct bpf *b, long nr, unsigned arg, uint32_t mask, uint32_t value,
              uint32_t answer);

/* The same when (argument & mask) is not `value`. */
void bpf_unless(struct bpf *b, long nr, unsigned arg, uint32_t mask, uint32_t value,
                uint32_t answer);

/* Every call from this number on gets this answer: what newer kernels brought. */
void bpf_from(struct bpf *b, long nr, uint32_t answer);

/* Ends with the answer to every other call, gives up new privileges, and puts the filter
   on this thread and all that it will start. False when the kernel refuses, or when the
   rules did not fit. */
bool bpf_install(struct bpf *b, uint32_t otherwise);

#endif

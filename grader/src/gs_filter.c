/*
 * gs_filter.c - the system calls that no program here needs.
 *
 * A compiler, a shell and Valgrind must run under this filter, so it is a deny-list; a
 * subject puts a strict allow-list of its own on top (filter.c). What only an attack
 * would try kills; what a tool might try and can live without fails. Calls that are newer
 * than this list do not exist.
 *
 * Landlock says nothing about a file's mode, owner and times, and before its third version
 * nothing about its length; about signals nothing before its sixth. Where it is the wall,
 * the filter refuses these.
 */
#include "gsand.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf.h"

/* Calls that x86-64 has and aarch64 has not. */
#ifndef SYS_fork
#define SYS_fork NO_CALL
#define SYS_vfork NO_CALL
#define SYS_open NO_CALL
#define SYS_creat NO_CALL
#define SYS_chmod NO_CALL
#define SYS_chown NO_CALL
#define SYS_lchown NO_CALL
#define SYS_utime NO_CALL
#define SYS_utimes NO_CALL
#define SYS_futimesat NO_CALL
#define SYS_iopl NO_CALL
#define SYS_ioperm NO_CALL
#endif

/* From Linux 5.1 on a number means the same everywhere; old headers lack the names. */
enum {
    CALL_PIDFD_SEND_SIGNAL = 424,
    CALL_IO_URING_SETUP = 425,
    CALL_IO_URING_ENTER = 426,
    CALL_IO_URING_REGISTER = 427,
    CALL_OPEN_TREE = 428,
    CALL_FSPICK = 433,
    CALL_CLONE3 = 435,
    CALL_OPENAT2 = 437,
    CALL_PIDFD_GETFD = 438,
    CALL_PROCESS_MADVISE = 440,
    CALL_MOUNT_SETATTR = 442,
    CALL_QUOTACTL_FD = 443,
    CALL_MEMFD_SECRET = 447,
    CALL_PROCESS_MRELEASE = 448,
    CALL_NEWER = 452,           /* the first that this list does not know */
};

/* fcntl and ioctl: who gets a descriptor's signals. */
enum { OWNER_OF_SOCKET = 0x8901, GROUP_OF_SOCKET = 0x8902 };

#define NEW_NAMESPACES                                                                  \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |      \
     CLONE_NEWPID | CLONE_NEWNET)

static const long killed[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, CALL_MOUNT_SETATTR,
    SYS_unshare, SYS_setns, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot,
    SYS_shmget, SYS_msgget, SYS_semget, SYS_mq_open,
    SYS_swapon, SYS_swapoff, SYS_acct, SYS_quotactl, CALL_QUOTACTL_FD, SYS_syslog,
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
    SYS_sethostname, SYS_setdomainname, SYS_iopl, SYS_ioperm,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_fanotify_init,
    SYS_move_pages, SYS_migrate_pages, CALL_PIDFD_GETFD, CALL_PROCESS_MADVISE,
    CALL_PROCESS_MRELEASE,
};

static const struct {
    long nr;
    int error;
} failing[] = {
    {CALL_CLONE3, ENOSYS},      /* its flags are out of a filter's sight */
    {CALL_IO_URING_SETUP, ENOSYS},
    {CALL_IO_URING_ENTER, ENOSYS},
    {CALL_IO_URING_REGISTER, ENOSYS},
    {CALL_MEMFD_SECRET, ENOSYS},
    {SYS_memfd_create, ENOSYS}, /* memory that no limit counts */
    {CALL_PIDFD_SEND_SIGNAL, EPERM},
    {SYS_rt_sigqueueinfo, EPERM},
    {SYS_rt_tgsigqueueinfo, EPERM},
    {SYS_setpriority, EPERM},
    {SYS_ioprio_set, EPERM},
    {SYS_sched_setscheduler, EPERM},
    {SYS_sched_setparam, EPERM},
    {SYS_sched_setattr, EPERM},
};

static const long closed_beside_landlock[] = {
    SYS_chmod, SYS_fchmod, SYS_fchmodat, SYS_chown, SYS_lchown, SYS_fchown, SYS_fchownat,
    SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
    SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
    SYS_utime, SYS_utimes, SYS_futimesat, SYS_utimensat, SYS_truncate,
};

static void beside_landlock(struct bpf *b)
{
    uint32_t self = (uint32_t)getpid(), truncating = O_TRUNC | O_ACCMODE;
    size_t i;

    for (i = 0; i < sizeof closed_beside_landlock / sizeof *closed_beside_landlock; i++)
        bpf_on(b, closed_beside_landlock[i], BPF_FAIL(EPERM));
    bpf_unless(b, SYS_kill, 0, ~0u, self, BPF_FAIL(EPERM));
    bpf_unless(b, SYS_tkill, 0, ~0u, self, BPF_FAIL(EPERM));
    bpf_unless(b, SYS_tgkill, 0, ~0u, self, BPF_FAIL(EPERM));
    bpf_when(b, SYS_fcntl, 1, ~0u, F_SETOWN, BPF_FAIL(EPERM));
    bpf_when(b, SYS_fcntl, 1, ~0u, F_SETOWN_EX, BPF_FAIL(EPERM));
    bpf_when(b, SYS_fcntl, 1, ~0u, F_SETSIG, BPF_FAIL(EPERM));
    bpf_when(b, SYS_ioctl, 1, ~0u, OWNER_OF_SOCKET, BPF_FAIL(EPERM));
    bpf_when(b, SYS_ioctl, 1, ~0u, GROUP_OF_SOCKET, BPF_FAIL(EPERM));
    /* The first versions let a file be cut that may only be read. */
    bpf_when(b, SYS_open, 1, truncating, O_TRUNC, BPF_FAIL(EACCES));
    bpf_when(b, SYS_openat, 2, truncating, O_TRUNC, BPF_FAIL(EACCES));
    bpf_on(b, CALL_OPENAT2, BPF_FAIL(ENOSYS));
}

/* No new process: a thread shares our memory, everything else is refused. */
static void one_process(struct bpf *b)
{
    bpf_on(b, SYS_fork, BPF_FAIL(EPERM));
    bpf_on(b, SYS_vfork, BPF_FAIL(EPERM));
    bpf_unless(b, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD, BPF_FAIL(EPERM));
}

bool gs_filter(bool strict, bool shut)
{
    struct bpf b;
    size_t i;
    long nr;

    bpf_begin(&b);
    bpf_from(&b, CALL_NEWER, BPF_FAIL(ENOSYS));
    for (i = 0; i < sizeof killed / sizeof *killed; i++)
        bpf_on(&b, killed[i], BPF_KILL);
    for (nr = CALL_OPEN_TREE; nr <= CALL_FSPICK; nr++)
        bpf_on(&b, nr, BPF_KILL);
    for (i = 0; i < sizeof failing / sizeof *failing; i++)
        bpf_on(&b, failing[i].nr, BPF_FAIL(failing[i].error));
    bpf_unless(&b, SYS_clone, 0, NEW_NAMESPACES, 0, BPF_FAIL(EPERM));
    bpf_unless(&b, SYS_prlimit64, 0, ~0u, 0, BPF_FAIL(EPERM));
    bpf_unless(&b, SYS_sched_setaffinity, 0, ~0u, 0, BPF_FAIL(EPERM));
    /* A socket of a namespace of our own reaches nobody but us: Criterion talks over one. */
    if (!shut)
        bpf_when(&b, SYS_socket, 0, ~0u, AF_UNIX, BPF_ALLOW);
    bpf_on(&b, SYS_socket, BPF_FAIL(EACCES));
    if (shut)
        beside_landlock(&b);
    if (strict)
        one_process(&b);
    return bpf_install(&b, BPF_ALLOW);
}

/*
 * ctx_amd64.S - the switch of stacks for x86-64, System V.
 *
 *   void ctx_jump(void **save, void *load)              rdi, rsi
 *   void ctx_begin(uintptr_t top, void (*fn)(void))     rdi, rsi; never returns
 *   ctx_entry                                           fn in r12, from ctx.c
 *
 * Saved: rbx, rbp, r12 to r15, mxcsr and the x87 control word; a call preserves these and no
 * others. The frame, from the stack pointer up: control words, r15, r14, r13, r12, rbx, rbp,
 * return address. Both stacks hold the same frame, so the unwind table stays true across
 * the change of rsp.
 *
 * It leaves by an indirect jump. A `ret` would be predicted from the calls of the stack that
 * was left, and wrongly each time.
 */
#if defined __x86_64__
        .text
        .globl  ctx_jump
        .type   ctx_jump, @function
        .p2align 4
ctx_jump:
        .cfi_startproc
        endbr64
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movl    (%rsp), %eax
        movzwl  4(%rsp), %edx
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        cmpl    (%rsp), %eax            /* loading them is slow, and they hardly ever differ */
        jne     1f
        cmpw    4(%rsp), %dx
        jne     1f
2:
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register rip, rcx
        jmp     *%rcx
        .cfi_restore rip
        .cfi_def_cfa_offset 64
        .cfi_offset rbp, -16
        .cfi_offset rbx, -24
        .cfi_offset r12, -32
        .cfi_offset r13, -40
        .cfi_offset r14, -48
        .cfi_offset r15, -56
1:      ldmxcsr (%rsp)
        fldcw   4(%rsp)
        jmp     2b
        .cfi_endproc
        .size   ctx_jump, .-ctx_jump

        .globl  ctx_entry
        .type   ctx_entry, @function
        .p2align 4
ctx_entry:
        .cfi_startproc
        .cfi_undefined rip              /* nobody called this: unwinding ends here */
        endbr64
        xorl    %ebp, %ebp
        call    *%r12
        ud2
        .cfi_endproc
        .size   ctx_entry, .-ctx_entry

        .globl  ctx_begin
        .type   ctx_begin, @function
        .p2align 4
ctx_begin:
        .cfi_startproc
        .cfi_undefined rip
        endbr64
        movq    %rdi, %rsp
        subq    $16, %rsp               /* as deep as ctx_make's first frame leaves it */
        movq    %rsi, %r12
        jmp     ctx_entry
        .cfi_endproc
        .size   ctx_begin, .-ctx_begin
#endif
        .section .note.GNU-stack,"",%progbits

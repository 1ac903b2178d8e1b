/*
 * ctx_arm64.S - the switch of stacks for aarch64, AAPCS64.
 *
 *   void ctx_jump(void **save, void *load)              x0, x1
 *   void ctx_begin(uintptr_t top, void (*fn)(void))     x0, x1; never returns
 *   ctx_entry                                           fn in x19, from ctx.c
 *
 * Saved: x19 to x28, x29 (frame pointer), x30 (return address), d8 to d15 and fpcr; a call
 * preserves these and no others. The frame, from the stack pointer up: x29, x30, x19 to
 * x28, d8 to d15, fpcr, padding; 176 bytes.
 */
#if defined __aarch64__
        .text
        .globl  ctx_jump
        .type   ctx_jump, %function
        .p2align 4
ctx_jump:
        .cfi_startproc
        hint    #34                     /* bti c */
        stp     x29, x30, [sp, #-176]!
        .cfi_def_cfa_offset 176
        .cfi_offset x29, -176
        .cfi_offset x30, -168
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        .cfi_offset x19, -160
        .cfi_offset x20, -152
        .cfi_offset x21, -144
        .cfi_offset x22, -136
        .cfi_offset x23, -128
        .cfi_offset x24, -120
        .cfi_offset x25, -112
        .cfi_offset x26, -104
        .cfi_offset x27, -96
        .cfi_offset x28, -88
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        mrs     x9, fpcr
        str     x9, [sp, #160]
        mov     x9, sp
        str     x9, [x0]
        mov     sp, x1
        ldr     x9, [sp, #160]
        msr     fpcr, x9
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #176
        .cfi_def_cfa_offset 0
        ret
        .cfi_endproc
        .size   ctx_jump, .-ctx_jump

        .globl  ctx_entry
        .type   ctx_entry, %function
        .p2align 4
ctx_entry:
        .cfi_startproc
        .cfi_undefined x30              /* nobody called this: unwinding ends here */
        hint    #36                     /* bti j */
        mov     x29, #0
        blr     x19
        brk     #0
        .cfi_endproc
        .size   ctx_entry, .-ctx_entry

        .globl  ctx_begin
        .type   ctx_begin, %function
        .p2align 4
ctx_begin:
        .cfi_startproc
        .cfi_undefined x30
        hint    #34
        mov     sp, x0
        mov     x19, x1
        b       ctx_entry
        .cfi_endproc
        .size   ctx_begin, .-ctx_begin
#endif
        .section .note.GNU-stack,"",%progbits

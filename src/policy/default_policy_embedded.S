/* The policy that an installation starts with, as it is. */
    .section .rodata
    .global answerable_default_policy_begin
    .global answerable_default_policy_end
    .balign 16
answerable_default_policy_begin:
    .incbin "policy/default_policy.txt"
answerable_default_policy_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits

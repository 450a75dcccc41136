/* The words of common passwords, embedded as they are. */
    .section .rodata
    .global answerable_common_passwords_begin
    .global answerable_common_passwords_end
    .balign 16
answerable_common_passwords_begin:
    .incbin "access/common_passwords.txt"
answerable_common_passwords_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits

/* The API's description, embedded as it is. */
    .section .rodata
    .global answerable_openapi_begin
    .global answerable_openapi_end
    .balign 16
answerable_openapi_begin:
    .incbin "http/openapi.json"
answerable_openapi_end:
    .byte 0
    .section .note.GNU-stack,"",@progbits

// SPDX-License-Identifier: BSL-1.0
// Start-up and exit of a bare-metal program that is run by qemu-user: it starts here, and ends with the exit system
// call, which reports its result.

extern "C" {
void __libc_init_array();
void _init() {}
int program_main() __asm__("main");

[[noreturn]] void exit_with(int code) {
#if defined(__riscv)
    register int result __asm__("a0") = code;
    register int exit_call __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(result), "r"(exit_call));
#else
    register int result __asm__("r0") = code;
    register int exit_call __asm__("r7") = 1;
    __asm__ volatile("svc 0" : : "r"(result), "r"(exit_call));
#endif
    __builtin_unreachable();
}

#if defined(__riscv)
extern char __bss_start[], __bss_end[];
#endif

[[noreturn]] void begin() {
#if defined(__riscv)
    // qemu-user leaves here what follows the initial values in the file: findings/picolibc_bss_is_not_zero.sh says why.
    for (char* byte = __bss_start; byte != __bss_end; ++byte) *byte = 0;
#endif
    __libc_init_array();
    exit_with(program_main());
}

#if defined(__riscv)
// Small data is addressed relative to gp, whose value the linker defines.
__asm__(".globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n.option pop\nj begin");
// Picolibc can neither exit nor print without functions of a board.
[[noreturn]] void __assert_func(const char*, int, const char*, const char*) { exit_with(134); }
#else
[[noreturn]] void _start() {
    begin();
}
#endif
}

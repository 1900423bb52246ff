// SPDX-License-Identifier: BSL-1.0
// What happens before and after main() in a program that has no operating system, but is run by qemu-user: it begins
// here, and ends with the system call for it, so that its result can be seen.

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
    // qemu-user leaves here what the file has behind the initial values: findings/picolibc_bss_is_not_zero.sh says why.
    for (char* byte = __bss_start; byte != __bss_end; ++byte) *byte = 0;
#endif
    __libc_init_array();
    exit_with(program_main());
}

#if defined(__riscv)
// Small data is addressed from gp, which the linker has set a place for.
__asm__(".globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n.option pop\nj begin");
// Picolibc has neither a way to end nor to print before a board gives it one.
[[noreturn]] void __assert_func(const char*, int, const char*, const char*) { exit_with(134); }
#else
[[noreturn]] void _start() {
    begin();
}
#endif
}

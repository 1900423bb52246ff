// SPDX-License-Identifier: BSL-1.0
// What happens before and after main() in a program that has no operating system, but is run by qemu-user: it begins
// here, and ends with the system call for it, so that its result can be seen.

extern "C" {
void __libc_init_array();
void _init() {}
int program_main() __asm__("main");

[[noreturn]] void _start() {
    __libc_init_array();
    register int result __asm__("r0") = program_main();
    register int exit_call __asm__("r7") = 1;
    __asm__ volatile("svc 0" : : "r"(result), "r"(exit_call));
    __builtin_unreachable();
}
}

// SPDX-License-Identifier: BSL-1.0
// Start-up of a RISC-V microcontroller, semihosting, and its counter of instructions.

#include "device.hpp"

// The processor begins at the first address of the flash memory.
__asm__(R"(
    .section .vectors, "ax"
    .globl start
start:
    .option push
    .option norelax
    .option arch, +zicsr
    la gp, __global_pointer$
    la sp, stack_end
    la t0, fault
    csrw mtvec, t0
    .option pop
    j begin
    .balign 4
fault:
    j end_by_fault
    .text
)");

extern "C" {
[[noreturn, gnu::used]] void begin() {
    board::run_program();
}
[[noreturn, gnu::used]] void end_by_fault() {
    board::finish(board::fault);
}
}

[[gnu::noinline]] std::uint32_t board::semihosting(std::uint32_t operation, const void* argument) {
    register std::uint32_t result __asm__("a0") = operation;
    register const void* given __asm__("a1") = argument;
    // These three, none of them compressed, in a place of their own.
    __asm__ volatile(
        ".option push\n .option norvc\n .balign 16\n slli zero, zero, 0x1f\n ebreak\n srai zero, zero, 7\n .option pop"
        : "+r"(result)
        : "r"(given)
        : "memory");
    return result;
}

std::uint32_t* board::stack_pointer() {
    std::uint32_t* result;
    __asm__ volatile("mv %0, sp" : "=r"(result));
    return result;
}

namespace {
std::uint32_t first;

/// The lower half is enough for four billion.
std::uint32_t counter() {
    std::uint32_t result;
#if defined(BOARD_IS_EMULATED)
    __asm__ volatile(".option push\n .option arch, +zicsr\n csrr %0, minstret\n .option pop" : "=r"(result));
#else
    __asm__ volatile(".option push\n .option arch, +zicsr\n csrr %0, mcycle\n .option pop" : "=r"(result));
#endif
    return result;
}
}  // namespace

void board::start_count() {
    first = counter();
}

std::uint32_t board::count() {
    return counter() - first;
}

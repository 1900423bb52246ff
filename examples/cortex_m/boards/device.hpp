// SPDX-License-Identifier: BSL-1.0
#pragma once
// What cortex_m.cpp and riscv.cpp share: the symbols of the linker script, the start of C++, printing and the stack.

#include "board.hpp"

extern "C" {
extern std::uint32_t data_initial[], data_begin[], data_end[], bss_begin[], bss_end[], stack_begin[], stack_end[];
extern void (*init_array_begin[])();
extern void (*init_array_end[])();
int program_main() __asm__("main");
}

namespace board {

/// Makes memory what C++ expects, and runs the program.
[[noreturn]] inline void run_program() {
    // volatile, or the compiler calls memcpy and memset, which take more flash than all else here.
    const std::uint32_t* from = data_initial;
    for (volatile std::uint32_t* to = data_begin; to != data_end; ++to) *to = *from++;
    for (volatile std::uint32_t* to = bss_begin; to != bss_end; ++to) *to = 0;
    for (auto constructor = init_array_begin; constructor != init_array_end; ++constructor) (*constructor)();
    finish(program_main());
}

/// A call of the debugger or emulator (Arm's "Semihosting for AArch32 and AArch64", which RISC-V uses as well).
std::uint32_t semihosting(std::uint32_t operation, const void* argument);

inline std::uint32_t* stack_pointer();

void print(const char* text) {
    semihosting(0x04, text);  // SYS_WRITE0
}

void print(std::uint32_t number, int width) {
    char text[12];
    char* first = text + sizeof(text) - 1;
    *first = 0;
    do {
        *--first = static_cast<char>('0' + number % 10);
        number /= 10;
        --width;
    } while (number > 0);
    while (width-- > 0 && first > text) *--first = ' ';
    print(first);
}

void finish(int code) {
    const std::uint32_t reason[2] = {0x20026, static_cast<std::uint32_t>(code)};  // ADP_Stopped_ApplicationExit
    semihosting(0x20, reason);                                                    // SYS_EXIT_EXTENDED
    for (;;) {}
}

std::uint32_t ram() {
    return static_cast<std::uint32_t>(4 * ((data_end - data_begin) + (bss_end - bss_begin)));
}

[[gnu::noinline]] std::uint32_t stack_of(void (*call)()) {
    constexpr std::uint32_t pattern = 0xdeadbeef;
    std::uint32_t* const top = stack_pointer();
    for (volatile std::uint32_t* word = stack_begin; word != top; ++word) *word = pattern;
    call();
    const volatile std::uint32_t* lowest = stack_begin;
    while (lowest != top && *lowest == pattern) ++lowest;
    if (lowest == stack_begin) {
        print("The stack is too small.\n");
        finish(1);
    }
    return static_cast<std::uint32_t>(4 * (top - lowest));
}

}  // namespace board

// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the programs need of a board. cortex_m.cpp, riscv.cpp and workstation.cpp implement it.

#include <cstddef>
#include <cstdint>

namespace board {

/// Writes to the terminal of the emulator or debugger (semihosting: a board without a debugger stops here).
void print(const char* text);
void print(std::uint32_t number, int width = 0);

/// Ends the program; 0 means success, and `fault` that the processor met an exception.
[[noreturn]] void finish(int code);
inline constexpr int fault = 70;

/// Instructions in the emulator, processor cycles on a board, since `start_count`. Not more than a second apart.
void start_count();
std::uint32_t count();

/// Bytes of .data and .bss.
std::uint32_t ram();

/// Bytes of stack that a call overwrites, found by filling the stack with a pattern before. Ends the program if the call
/// needs all that the linker script reserves.
std::uint32_t stack_of(void (*call)());

}  // namespace board

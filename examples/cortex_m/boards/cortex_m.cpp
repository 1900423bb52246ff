// SPDX-License-Identifier: BSL-1.0
// Start-up of any Cortex-M, semihosting, and SysTick as a stopwatch.

#include "device.hpp"

extern "C" [[noreturn]] void start();

namespace {

[[noreturn]] void fault() {
    board::finish(board::fault);
}

/// The first two words are loaded by the processor; after them come the handlers of exceptions. Interrupts of the
/// peripherals follow here when they are used.
[[gnu::section(".vectors"), gnu::used]] void (*const vectors[])() = {
    reinterpret_cast<void (*)()>(stack_end),
    start,
    fault,  // NMI
    fault,  // HardFault
    fault, fault, fault, nullptr, nullptr, nullptr, nullptr,
    fault,  // SVCall
    fault, nullptr,
    fault,  // PendSV
    fault,  // SysTick
};

volatile std::uint32_t& peripheral(std::uint32_t address) {
    return *reinterpret_cast<volatile std::uint32_t*>(address);
}

constexpr std::uint32_t systick_control = 0xe000e010, systick_reload = 0xe000e014, systick_value = 0xe000e018;
constexpr std::uint32_t whole_range = 0xffffff;

}  // namespace

extern "C" void start() {
#if defined(__ARM_FP)
    // CPACR: the floating-point unit is off after a reset.
    peripheral(0xe000ed88) = peripheral(0xe000ed88) | 0xf << 20;
    __asm__ volatile("dsb\n isb");
#endif
    board::run_program();
}

std::uint32_t board::semihosting(std::uint32_t operation, const void* argument) {
    register std::uint32_t result __asm__("r0") = operation;
    register const void* given __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(result) : "r"(given) : "memory");
    return result;
}

std::uint32_t* board::stack_pointer() {
    std::uint32_t* result;
    __asm__ volatile("mov %0, sp" : "=r"(result));
    return result;
}

void board::start_count() {
    peripheral(systick_reload) = whole_range;
    peripheral(systick_value) = 0;
    peripheral(systick_control) = 5;  // on, no interrupt, the clock of the processor
}

/// SysTick counts down, one a cycle. In the emulator a cycle is a fraction of a second of BOARD_HZ, and an instruction
/// takes 1 ns (`-icount shift=0`).
std::uint32_t board::count() {
    const std::uint32_t ticks = (whole_range + 1 - peripheral(systick_value)) & whole_range;
    if (peripheral(systick_control) & 0x10000) {
        print("SysTick went through its 24 bits.\n");
        finish(1);
    }
#if defined(BOARD_IS_EMULATED)
    return static_cast<std::uint32_t>(std::uint64_t{ticks} * 1'000'000'000 / BOARD_HZ);
#else
    return ticks;
#endif
}

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Replaces the global operator new by one that remembers the largest request: include it in one file of a program.

#include <cstddef>
#include <cstdlib>
#include <new>

namespace io_test {
inline std::size_t largest_allocation = 0;
}

// Not inlined: g++ would see a free() for something that came from `new` and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    io_test::largest_allocation = size > io_test::largest_allocation ? size : io_test::largest_allocation;
    if (void* const result = std::malloc(size == 0 ? 1 : size)) return result;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* pointer) noexcept {
    std::free(pointer);
}
[[gnu::noinline]] void operator delete(void* pointer, std::size_t) noexcept {
    std::free(pointer);
}

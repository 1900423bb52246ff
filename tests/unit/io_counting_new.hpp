// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Replaces the global operator new by one that records the largest request and the peak memory: include it in one file
/// of a program.

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace io_test {
inline std::size_t largest_allocation = 0;
inline std::size_t bytes_now = 0;
inline std::size_t most_bytes = 0;

/// The peak memory of a call, in addition to the memory in use before.
template <class F>
std::size_t peak_of(F&& call) {
    const std::size_t before = bytes_now;
    most_bytes = before;
    call();
    return most_bytes - before;
}
}  // namespace io_test

// Not inlined: g++ would see a free() for something that came from `new` and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    io_test::largest_allocation = size > io_test::largest_allocation ? size : io_test::largest_allocation;
    if (void* const result = std::malloc(size == 0 ? 1 : size)) {
        io_test::bytes_now += ::malloc_usable_size(result);
        io_test::most_bytes = io_test::bytes_now > io_test::most_bytes ? io_test::bytes_now : io_test::most_bytes;
        return result;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* pointer) noexcept {
    if (pointer != nullptr) io_test::bytes_now -= ::malloc_usable_size(pointer);
    std::free(pointer);
}
[[gnu::noinline]] void operator delete(void* pointer, std::size_t) noexcept {
    operator delete(pointer);
}

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Values that are opaque to the optimiser, for tests that compare run time with constant evaluation.

namespace test_support {

/// A copy whose value is hidden from the compiler, so that it cannot fold constants.
template <class Value>
Value opaque(const Value& value) {
    Value copy = value;
    Value* where = &copy;
    asm volatile("" : "+r"(where) : : "memory");
    return *where;
}

}  // namespace test_support

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Values that the compiler does not see through, for every test that compares run time with constant evaluation.

namespace test_support {

/// A copy of which the compiler knows nothing, so that it cannot compute ahead with it.
template <class Value>
Value opaque(const Value& value) {
    Value copy = value;
    Value* where = &copy;
    asm volatile("" : "+r"(where) : : "memory");
    return *where;
}

}  // namespace test_support

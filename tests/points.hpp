// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Points at which functions are tested.

#include <cstdint>

namespace test_support {

/// A generator of test points that is independent of the library (Marsaglia's xorshift).
struct points {
    std::uint64_t state = 88172645463325252;
    std::uint64_t operator()() {
        state ^= state << 13;
        state ^= state >> 7;
        return state ^= state << 17;
    }
    /// Uniform in [low, high).
    double between(double low, double high) {
        return low + (high - low) * (static_cast<double>((*this)() >> 11) * 0x1p-53);
    }
};

}  // namespace test_support

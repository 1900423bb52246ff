// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// All the same.

#include <ctnn/random.hpp>

#include <cstddef>

namespace ctnn {

/// Every value `value`.
struct constant {
    double value = 0;

    template <class T>
    constexpr T draw(random_engine&, std::size_t, std::size_t) const {
        return static_cast<T>(value);
    }
};

}  // namespace ctnn

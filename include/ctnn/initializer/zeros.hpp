// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Zeros.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Every element is 0: the initial value of biases.
struct zeros {
    template <class T>
    constexpr T draw(random_engine&, std::size_t, std::size_t) const {
        return T{};
    }
};

}  // namespace CTNN_NAMESPACE

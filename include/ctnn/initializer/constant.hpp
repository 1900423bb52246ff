// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A constant.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Every element is `value`.
struct constant {
    double value = 0;

    template <class T>
    constexpr T draw(random_engine&, std::size_t, std::size_t) const {
        return static_cast<T>(value);
    }
};

}  // namespace CTNN_NAMESPACE

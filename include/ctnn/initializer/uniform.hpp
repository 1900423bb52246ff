// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Uniformly distributed.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Each element uniformly distributed from `low` to `high`, -1 to 1 unless given.
struct uniform {
    double low = -1;
    double high = 1;

    template <class T>
    constexpr T draw(random_engine& engine, std::size_t, std::size_t) const {
        return draw_uniform<T>(engine, static_cast<T>(low), static_cast<T>(high));
    }
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Normally distributed.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Each element normally distributed, standard normal unless given.
struct normal {
    double mean = 0;
    double deviation = 1;

    template <class T>
    constexpr T draw(random_engine& engine, std::size_t, std::size_t) const {
        return draw_normal<T>(engine, static_cast<T>(mean), static_cast<T>(deviation));
    }
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Uniformly distributed, scaled by both fans.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Each element uniformly distributed from -a to a, a = sqrt(6 / (fan_in + fan_out)).
///
/// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
struct glorot_uniform {
    template <class T>
    constexpr T draw(random_engine& engine, std::size_t fan_in, std::size_t fan_out) const {
        const double bound = math::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
        return draw_uniform<T>(engine, static_cast<T>(-bound), static_cast<T>(bound));
    }
};

}  // namespace CTNN_NAMESPACE

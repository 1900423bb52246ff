// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Uniformly distributed, scaled for rectifiers.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Each element uniformly distributed from -a to a, a = sqrt(6 / fan_in).
///
/// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
struct he_uniform {
    template <class T>
    constexpr T draw(random_engine& engine, std::size_t fan_in, std::size_t) const {
        const double bound = math::sqrt(6.0 / static_cast<double>(fan_in));
        return draw_uniform<T>(engine, static_cast<T>(-bound), static_cast<T>(bound));
    }
};

}  // namespace CTNN_NAMESPACE

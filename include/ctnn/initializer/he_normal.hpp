// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Normally distributed, scaled for rectifiers.

#include <ctnn/config.hpp>
#include <ctnn/math/sqrt.hpp>
#include <ctnn/random.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Each element normally distributed with mean 0 and standard deviation sqrt(2 / fan_in), not truncated.
///
/// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
struct he_normal {
    template <class T>
    constexpr T draw(random_engine& engine, std::size_t fan_in, std::size_t) const {
        const double deviation = math::sqrt(2.0 / static_cast<double>(fan_in));
        return draw_normal<T>(engine, T{}, static_cast<T>(deviation));
    }
};

}  // namespace CTNN_NAMESPACE

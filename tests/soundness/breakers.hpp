// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Networks, with their parameters and boxes, that break verifiers which argue about real numbers.
///
/// visit.template given<network<...>>("name", parameters, lower, upper) is called with each.

#include <ctnn.hpp>

#include <cstddef>
#include <initializer_list>
#include <limits>

namespace soundness {

using namespace ctnn;

template <class T>
using values = std::initializer_list<T>;

/// y = (x + 2^24) - 2^24. In real numbers y = x, so that 0.4 <= y <= 0.6; in float every y is 0.
template <class Visit>
void visit_absorption(Visit& visit) {
    using absorbs = network<float, input<1>, dense<1>, dense<1>>;
    visit.template given<absorbs>("absorption", values<float>{1, 0x1p24F, 1, -0x1p24F}, {0.4F}, {0.6F});
}

/// Sums whose order decides: 1 + 1e8 - 1e8 is 1 or 0; in real numbers it is 1.
template <class Visit>
void visit_order(Visit& visit) {
    using sums = network<float, input<4>, dense<1>>;
    for (const float radius : {0.0F, 0x1p-20F, 0.5F}) {
        const float low = 1 - radius, high = 1 + radius;
        visit.template given<sums>("order", values<float>{1e8F, 1, -1e8F, 0x1p-24F, 0}, {low, low, low, low},
                                   {high, high, high, high});
    }
}

/// Products that underflow: in real numbers y > 0.
template <class Visit>
void visit_underflow(Visit& visit) {
    using tiny = network<float, input<2>, dense<2, relu>, dense<1>>;
    for (const float size : {1e-20F, 1e-10F, 1.0F})
        visit.template given<tiny>("underflow", values<float>{1e-30F, 1e-25F, 1e-20F, 3e-39F, 0, 0, 1e-5F, 1, 0},
                                   {0, 0}, {size, size});
}

/// Boxes near the largest float.
template <class Visit>
void visit_large(Visit& visit) {
    constexpr float most = std::numeric_limits<float>::max() / 8;
    using large = network<float, input<2>, dense<2, relu>, dense<1>>;
    visit.template given<large>("large", values<float>{1, -1, 1, 1, 0, 0, 1, -1, 0}, {0, 0}, {most, most});
}

/// States that are set to 0 because they are tiny.
template <class Visit>
void visit_settled_states(Visit& visit) {
    using tiny = network<float, input<1, 1>, simple_rnn<1, relu, last_step>>;
    visit.template given<tiny>("settled", values<float>{1e-30F, 0, 0}, {0.5F}, {1.0F});
    using cell = network<float, input<1, 1>, lstm<1, last_step>>;
    visit.template given<cell>("settled_cell", values<float>{0, 0, 1e-30F, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {0.5F}, {1.0F});
}

/// Deviations of which rounding in the mean takes a part.
template <class T, class Visit>
void visit_far_from_zero(Visit& visit) {
    using normalised = network<T, input<1, 5>, layer_norm<identity, epsilon<>, no_affine>>;
    constexpr T step = std::numeric_limits<T>::epsilon() * 512;
    random_engine engine{5};
    for (const T radius : {T(0), std::numeric_limits<T>::epsilon() * 500, T(0.01)})
        for (int k = 0; k < 10; ++k) {
            T lower[5], upper[5];
            for (std::size_t i = 0; i < 5; ++i) {
                const T center = T(1000.1) + static_cast<T>(engine() % 64) * step;
                lower[i] = center - radius;
                upper[i] = center + radius;
            }
            visit.template given<normalised>("layer_norm_far_from_0", values<T>{},
                                             {lower[0], lower[1], lower[2], lower[3], lower[4]},
                                             {upper[0], upper[1], upper[2], upper[3], upper[4]});
        }
}

template <class T, class Visit>
void visit_breakers(Visit& visit) {
    visit_far_from_zero<T>(visit);
    if constexpr (sizeof(T) == sizeof(float)) {
        visit_absorption(visit);
        visit_order(visit);
        visit_underflow(visit);
        visit_large(visit);
        visit_settled_states(visit);
    }
}

}  // namespace soundness

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does where several values are combined, in branches and in nodes of a graph: sums and concatenations.

#include <ctnn/config.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/integral_constant.hpp>

#include <cstddef>
#include <limits>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// The values that are combined, by their sizes.
template <std::size_t... Sizes>
struct combined_parts {
    static constexpr std::size_t count = sizeof...(Sizes), size[count]{Sizes...};

    /// Calls `f(hana::size_c<part>)` for each.
    template <class F>
    static constexpr void for_each(const F& f) {
        [&]<std::size_t... Part>(std::index_sequence<Part...>) {
            (f(boost::hana::size_c<Part>), ...);
        }
        (std::make_index_sequence<count>{});
    }
    template <class F>
    static constexpr void for_each_reversed(const F& f) {
        for_each([&](auto part) { f(boost::hana::size_c<count - 1 - part()>); });
    }
};

/// Values of `Sizes` elements that `Combine` combines into one. Arrays for one of them have `Widest` elements.
///
/// `interval(bounds_of, lower, upper)` asks for bounds of each by `bounds_of(part, lower, upper)`, and gives those of what
/// the program computes of them; false if that may overflow. `backward` turns rows of coefficients into those of the
/// parts, for `take(part, rows)`, and adds a lower bound of the rest to `bounds`. `influence` does the same with
/// magnitudes, and `derive` hands bounds of derivatives on. Combinations that are linear functions of the parts:
template <class T, class Combine, std::size_t Widest, std::size_t... Sizes>
class combination_prover {
    static constexpr std::size_t outputs = Combine::output_shape::size, widest = Widest;
    using each = combined_parts<Sizes...>;

    double error[outputs]{};

  public:
    static constexpr bool is_linear = true;

    template <class BoundsOf>
    constexpr bool interval(const BoundsOf& bounds_of, double* z_lower, double* z_upper) {
        double reach[outputs]{};
        bool finite = true;
        each::for_each([&](auto part) {
            double lower[widest]{}, upper[widest]{}, largest[widest]{};
            finite = finite && bounds_of(part, lower, upper);
            for (std::size_t i = 0; i < widest; ++i) largest[i] = larger(-lower[i], upper[i]);
            Combine::template write<part(), 1>(static_cast<const double*>(lower), z_lower);
            Combine::template write<part(), 1>(static_cast<const double*>(upper), z_upper);
            Combine::template write<part(), 1>(static_cast<const double*>(largest), reach);
        });
        for (std::size_t i = 0; i < outputs; ++i) {
            error[i] = gamma<T>(each::count) * reach[i] + own_error(reach[i]);
            z_lower[i] -= error[i];
            z_upper[i] += error[i];
            finite = finite && reach[i] * 2 < static_cast<double>((std::numeric_limits<T>::max)());
        }
        return finite;
    }

    template <std::size_t Rows, class Take>
    constexpr void backward(const double* a, double* bounds, const Take& take) const {
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < outputs; ++i) bounds[row] -= magnitude(a[row * outputs + i]) * error[i];
        each::for_each([&](auto part) {
            double of_part[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                Combine::template read<part(), 1>(a + row * outputs, of_part + row * each::size[part()]);
            take(part, of_part);
        });
    }
    template <class Take>
    constexpr void influence(const double* a, const Take& take) const {
        each::for_each([&](auto part) {
            double of_part[widest]{};
            Combine::template read<part(), 1>(a, of_part);
            take(part, of_part);
        });
    }
    template <class Take>
    constexpr void derive(const double* lower, const double* upper, const Take& take) const {
        each::for_each([&](auto part) {
            double of_lower[widest]{}, of_upper[widest]{};
            Combine::template read<part(), 1>(lower, of_lower);
            Combine::template read<part(), 1>(upper, of_upper);
            take(part, of_lower, of_upper);
        });
    }
};

}  // namespace CTNN_NAMESPACE::detail

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Sums of 8-bit integers of different scales, in float.

#include <ctnn/config.hpp>
#include <ctnn/math/strict.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::rounding {

/// a b + c, rounded once. The product of an integer of few bits and a float is exact in double; the sum, where it is not, gets
/// an odd last bit, so that it is rounded to float as if it were.
constexpr float fused_product(std::int32_t a, float b, float c) {
    using step = math::strict<double>;
    const step product = step{static_cast<double>(a)} * step{static_cast<double>(b)}, term = static_cast<double>(c),
               sum = product + term, of_term = sum - product;
    const double rest = ((product - (sum - of_term)) + (term - of_term)).value;
    auto bits = std::bit_cast<std::uint64_t>(sum.value);
    if (rest != 0 && bits % 2 == 0) bits += (rest > 0) == (sum.value > 0) ? 1 : ~std::uint64_t{0};
    return static_cast<float>(std::bit_cast<double>(bits));
}

/// q = rint(r_1 q_1 + (r_2 q_2 + (z_y - (r_1 z_1 + r_2 z_2)))) with r_i = s_i / s_y, in float, each product and sum as one step; of
/// q and z as numbers of the type `Integer`, `std::int8_t` or `std::uint8_t`.
///
/// For two terms the same integers as onnxruntime 1.30 on x86-64 (AVX-512 with VNNI).
template <class Integer, std::size_t Count>
struct float_sum {
    float ratios[Count], constant;

    friend constexpr bool operator==(const float_sum&, const float_sum&) = default;

    static constexpr std::int32_t offset = std::is_same_v<Integer, std::uint8_t> ? 128 : 0;

    constexpr void set(const quantization (&terms)[Count], quantization to) {
        using step = math::strict<float>;
        step zeros = 0.0f;
        for (std::size_t i = 0; i < Count; ++i) {
            const step ratio = step{terms[i].scale} / step{to.scale};
            ratios[i] = ratio.value;
            zeros = zeros + ratio * step{static_cast<float>(terms[i].zero_point + offset)};
        }
        constant = (step{static_cast<float>(to.zero_point + offset)} - zeros).value;
    }
    /// What q_i is multiplied with.
    constexpr double number(std::size_t i) const { return static_cast<double>(ratios[i]); }
    /// By how much q, before it is saturated, may be away from the sum of r_i (q_i - z_i) and z_y: integers of up to 256 in size
    /// meet two roundings for each term, and two more.
    constexpr double error() const {
        double reach = 256;
        for (const float ratio : ratios) reach += 256 * static_cast<double>(ratio);
        return 0.5 + static_cast<double>(4 * Count + 8) * reach / 16777216.0;
    }
    CTNN_INLINE constexpr std::int8_t operator()(const std::int8_t (&x)[Count]) const {
        float sum = constant;
        for (std::size_t i = Count; i-- > 0;) sum = fused_product(x[i] + offset, ratios[i], sum);
        return ctnn::detail::saturated(ctnn::detail::round_half_even(static_cast<double>(sum)) - offset);
    }
};

}  // namespace CTNN_NAMESPACE::rounding

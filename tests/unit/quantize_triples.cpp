// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE quantize_triples
#include <boost/test/unit_test.hpp>

#include "sanitized.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>

// Each rule of rescaling for millions of sums, multipliers and exponents, against its published definition: by division that
// truncates, remainders and masks, where ctnn shifts.

namespace {

using namespace ctnn;

#if defined(CTNN_TEST_SANITIZED)
constexpr int triples = 1'000'000;
#else
constexpr int triples = 20'000'000;
#endif

struct triple {
    std::int32_t sum, multiplier;
    int exponent;
};

/// Sums of all sizes that fit 32 bits after a shift by the exponent; a third of the multipliers is 2^30, which makes ties, and
/// some are the greatest.
triple drawn(std::uint64_t bits) {
    const int exponent = static_cast<int>(bits % 39) - 31, most = 31 - (exponent > 0 ? exponent : 0);
    bits /= 39;
    const int size = 1 + static_cast<int>(bits % static_cast<unsigned>(most));
    bits /= static_cast<unsigned>(most);
    const auto kind = bits % 16;
    bits /= 16;
    const auto sum = static_cast<std::int64_t>(bits % (std::uint64_t{1} << size)) * ((bits >> 33) % 2 != 0 ? 1 : -1);
    const auto multiplier = kind < 5    ? std::uint64_t{1} << 30
                            : kind == 5 ? 0x7fffffff
                                        : (std::uint64_t{1} << 30) + (bits * 0x9E3779B97F4A7C15u >> 34);
    return {static_cast<std::int32_t>(sum), static_cast<std::int32_t>(multiplier), exponent};
}

/// gemmlowp: the high half of the doubled product, rounded, then a division by a power of two, rounded.
std::int32_t by_gemmlowp(const triple& of) {
    const std::int64_t shifted = of.exponent > 0 ? of.sum * (std::int64_t{1} << of.exponent) : of.sum;
    const std::int64_t product = shifted * of.multiplier;
    const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
    const auto high = static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
    if (of.exponent >= 0) return high;
    const auto mask = static_cast<std::int32_t>((std::int64_t{1} << -of.exponent) - 1);
    const std::int32_t rest = high & mask, threshold = (mask >> 1) + (high < 0 ? 1 : 0);
    return (high >> -of.exponent) + (rest > threshold ? 1 : 0);
}
/// One division of the whole product, halves upwards.
std::int32_t by_one_division(const triple& of) {
    const std::int64_t divisor = std::int64_t{1} << (31 - of.exponent),
                       product = std::int64_t{of.sum} * of.multiplier + divisor / 2, rest = product % divisor;
    return static_cast<std::int32_t>((product - (rest < 0 ? rest + divisor : rest)) / divisor);
}

}  // namespace

BOOST_AUTO_TEST_CASE(twenty_million_triples) {
    random_engine engine{1};
    std::size_t twice_differ = 0, once_differ = 0, different_rules = 0;
    for (int i = 0; i < triples; ++i) {
        const triple one = drawn(engine());
        const std::int32_t twice = by_gemmlowp(one), once = by_one_division(one);
        twice_differ += rounding::twice::rescale(one.sum, one.multiplier, one.exponent) != twice;
        once_differ += rounding::once::rescale(one.sum, one.multiplier, one.exponent) != once;
        different_rules += twice != once;
    }
    BOOST_TEST(twice_differ == 0u);
    BOOST_TEST(once_differ == 0u);
    // That the draws reach where the rules differ.
    BOOST_TEST(different_rules > static_cast<std::size_t>(triples / 1000));
}

BOOST_AUTO_TEST_CASE(twenty_million_products_of_float) {
    random_engine engine{2};
    std::size_t differ = 0, ties = 0;
    rounding::half_even::factors<1> factors{};
    for (int i = 0; i < triples; ++i) {
        const std::uint64_t bits = engine();
        const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)) >> (bits >> 32) % 31;
        // Mantissas of few bits make ties.
        const auto mantissa = static_cast<float>(1 + (bits >> 40) % (i % 2 == 0 ? 4 : 1 << 23));
        const float factor = std::ldexp(mantissa, -static_cast<int>((bits >> 36) % 16) - (i % 2 == 0 ? 0 : 23));
        factors.set(0, static_cast<double>(factor));
        const float product = static_cast<float>(sum) * factor;
        // Halves to even by the remainder of a floor.
        const float floor = std::floor(product), rest = product - floor;
        const float nearest = rest > 0.5f || (rest == 0.5f && std::fmod(floor, 2.0f) != 0) ? floor + 1 : floor;
        const float expected = std::fmin(std::fmax(nearest, -4194304.0f), 4194304.0f);
        differ += static_cast<float>(factors(sum, 0)) != expected;
        ties += rest == 0.5f;
    }
    BOOST_TEST(differ == 0u);
    BOOST_TEST(ties > static_cast<std::size_t>(triples / 1000));
}

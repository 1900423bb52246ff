// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Seeded random numbers: the same in both phases, on every platform and with every set of flags.

#include <ctnn/config.hpp>
#include <ctnn/math/normal_quantile.hpp>
#include <ctnn/math/strict.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// SplitMix64: 64 random bits per call, from a state of 64 bits. Every seed is as good as any other. Not for
/// cryptography.
///
/// state = state + 0x9e3779b97f4a7c15 (2^64 divided by the golden ratio), then the bits of the state are mixed by two
/// rounds of shift, exclusive or and multiply. The period is 2^64.
///
/// It is a uniform random bit generator in the sense of the standard library.
///
/// *Source*: G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom number generators (2014); the constants of
/// the mixer are D. Stafford's variant 13.
struct random_engine {
    using result_type = std::uint64_t;

    std::uint64_t state = 0;

    constexpr result_type operator()() {
        state += 0x9e3779b97f4a7c15;
        std::uint64_t mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    static constexpr result_type (min)() { return 0; }
    static constexpr result_type (max)() { return ~result_type{0}; }

    friend constexpr bool operator==(const random_engine&, const random_engine&) = default;
};

/// A uniform value in [0, 1), a multiple of 2^-24 for `float` and of 2^-53 for `double`. Takes one draw of the engine.
template <class T>
constexpr T draw_uniform(random_engine& engine) {
    if constexpr (sizeof(T) == 4) {
        return static_cast<T>(engine() >> 40) * T(0x1p-24);
    } else {
        return static_cast<T>(engine() >> 11) * T(0x1p-53);
    }
}

/// A uniform value between `low` and `high`: low + (high - low) u, with u in [0, 1). Takes one draw of the engine.
///
/// It is `high` itself only by rounding.
template <class T>
constexpr T draw_uniform(random_engine& engine, T low, T high) {
    return (math::strict<T>(high - low) * draw_uniform<T>(engine) + low).value;
}

/// A normally distributed value: mean + deviation z, computed in `double` and rounded once. Takes one draw of the
/// engine.
///
/// z is the quantile of a probability with 52 random bits and a last bit of one, so |z| stays below 8.3.
template <class T>
constexpr T draw_normal(random_engine& engine, T mean = 0, T deviation = 1) {
    const double q = static_cast<double>(2 * (engine() >> 12) + 1) * 0x1p-53 - 0.5;
    const math::strict<double> z = math::normal_quantile(q), scaled = z * static_cast<double>(deviation);
    return static_cast<T>((scaled + static_cast<double>(mean)).value);
}

/// A uniform integer in [0, count); `count` is at least 1.
///
/// Rejection sampling: as many bits as count - 1 has are drawn until they are less than `count`, with fewer than two
/// draws of the engine on average.
constexpr std::uint64_t draw_below(random_engine& engine, std::uint64_t count) {
    const int unused_bits = std::countl_zero((count - 1) | 1);
    std::uint64_t drawn = engine() >> unused_bits;
    while (drawn >= count) drawn = engine() >> unused_bits;
    return drawn;
}

/// Permutes `count` elements uniformly at random.
///
/// *Source*: R. Durstenfeld, Algorithm 235: Random permutation (1964), known as the Fisher-Yates shuffle.
template <class T>
constexpr void shuffle(random_engine& engine, T* elements, std::size_t count) {
    for (std::size_t left = count; left > 1; --left) {
        const auto chosen = static_cast<std::size_t>(draw_below(engine, left));
        const T last = elements[left - 1];
        elements[left - 1] = elements[chosen];
        elements[chosen] = last;
    }
}

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
/// @file
/// Random numbers: pinned sequences, statistics with fixed seeds, and the same bits in both phases whatever the flags.
#define BOOST_TEST_MODULE random
#include <ctnn/random.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <tuple>
#include <type_traits>

using ctnn::random_engine;
using scalars = std::tuple<float, double>;

static_assert(std::uniform_random_bit_generator<random_engine>);

namespace {

/// The sum over the bins of (seen - expected)^2 / expected, for equally likely bins.
template <std::size_t Bins>
double chi_square(const std::array<int, Bins>& seen, int draws) {
    const double expected = static_cast<double>(draws) / Bins;
    double sum = 0;
    for (const int count : seen) sum += (count - expected) * (count - expected) / expected;
    return sum;
}

/// A hash of every bit of 100 draws of each kind.
template <class T>
constexpr std::uint64_t fingerprint(std::uint64_t seed) {
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    random_engine engine{seed};
    std::uint64_t result = 0;
    std::array<int, 10> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (int i = 0; i < 100; ++i) {
        result = result * 31 + std::bit_cast<bits>(ctnn::draw_uniform<T>(engine));
        result = result * 31 + std::bit_cast<bits>(ctnn::draw_uniform<T>(engine, T(-1.1), T(0.7)));
        result = result * 31 + std::bit_cast<bits>(ctnn::draw_normal<T>(engine, T(1.1), T(0.7)));
        result = result * 31 + ctnn::draw_below(engine, 10);
    }
    ctnn::shuffle(engine, order.data(), order.size());
    for (const int element : order) result = result * 31 + static_cast<std::uint64_t>(element);
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(engine_gives_the_published_sequence) {
    // The published outputs of SplitMix64 for this seed.
    constexpr std::array<std::uint64_t, 5> published{6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                                     4593380528125082431u, 16408922859458223821u};
    random_engine engine{1234567};
    for (const std::uint64_t wanted : published) BOOST_TEST(engine() == wanted);
}

// Pinned: changing any of these values changes every trained network of every user.
static_assert(fingerprint<float>(7) == 0x670a8006a55863f);
static_assert(fingerprint<double>(7) == 0x5b408b8fb8401008);

BOOST_AUTO_TEST_CASE(phases_agree_whatever_the_flags) {
    const volatile std::uint64_t seed = 7;
    BOOST_TEST(fingerprint<float>(seed) == 0x670a8006a55863f);
    BOOST_TEST(fingerprint<double>(seed) == 0x5b408b8fb8401008);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(uniform_numbers_are_uniform, T, scalars) {
    constexpr int draws = 500'000;
    random_engine engine{1};
    std::array<int, 100> seen{};
    double sum = 0, squares = 0;
    int inside = 0;
    for (int i = 0; i < draws; ++i) {
        const T u = ctnn::draw_uniform<T>(engine);
        inside += u >= 0 && u < 1;
        ++seen[std::min<std::size_t>(99, static_cast<std::size_t>(u * 100))];
        sum += static_cast<double>(u);
        squares += static_cast<double>(u) * static_cast<double>(u);
    }
    BOOST_TEST(inside == draws);
    const double mean = sum / draws;
    // Four standard errors; chi-square with 99 degrees of freedom is above 148.2 once in a thousand times.
    BOOST_TEST(std::abs(mean - 0.5) < 4 * std::sqrt(1.0 / 12 / draws));
    BOOST_TEST(std::abs(squares / draws - mean * mean - 1.0 / 12) < 4 * std::sqrt(1.0 / 180 / draws));
    BOOST_TEST(chi_square(seen, draws) < 148.2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(uniform_numbers_fill_their_interval, T, scalars) {
    random_engine engine{2};
    T smallest = 10, largest = -10;
    for (int i = 0; i < 100'000; ++i) {
        const T u = ctnn::draw_uniform<T>(engine, T(-3), T(5));
        smallest = u < smallest ? u : smallest;
        largest = u > largest ? u : largest;
    }
    BOOST_TEST(smallest >= -3);
    BOOST_TEST(largest < 5);
    BOOST_TEST(smallest < T(-2.999));
    BOOST_TEST(largest > T(4.999));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(normal_numbers_are_normal, T, scalars) {
    constexpr int draws = 500'000;
    random_engine engine{3};
    std::array<int, 100> seen{};
    double sum = 0, squares = 0, cubes = 0, fourths = 0;
    for (int i = 0; i < draws; ++i) {
        const double z = static_cast<double>(ctnn::draw_normal<T>(engine));
        sum += z;
        squares += z * z;
        cubes += z * z * z;
        fourths += z * z * z * z;
        const double below = std::erfc(-z / std::sqrt(2.0)) / 2;
        ++seen[std::min<std::size_t>(99, static_cast<std::size_t>(below * 100))];
    }
    // Four standard errors of each moment.
    BOOST_TEST(std::abs(sum / draws) < 4 * std::sqrt(1.0 / draws));
    BOOST_TEST(std::abs(squares / draws - 1) < 4 * std::sqrt(2.0 / draws));
    BOOST_TEST(std::abs(cubes / draws) < 4 * std::sqrt(15.0 / draws));
    BOOST_TEST(std::abs(fourths / draws - 3) < 4 * std::sqrt(96.0 / draws));
    BOOST_TEST(chi_square(seen, draws) < 148.2);
}

BOOST_AUTO_TEST_CASE(normal_numbers_are_moved_and_scaled) {
    random_engine standard{4}, moved{4}, single{4};
    for (int i = 0; i < 1000; ++i) {
        const double z = ctnn::draw_normal<double>(standard);
        const double x = ctnn::draw_normal(moved, 8.0, 2.0);
        BOOST_TEST(std::abs(x - (8 + 2 * z)) <= 4e-15);
        BOOST_TEST(ctnn::draw_normal(single, 8.0f, 2.0f) == static_cast<float>(x));
    }
}

BOOST_AUTO_TEST_CASE(quantile_inverts_the_distribution) {
    const auto check = [](double q) {
        const double z = ctnn::math::normal_quantile(q);
        BOOST_TEST(ctnn::math::normal_quantile(-q) == -z);
        // The tail probability, by the C library; its relative condition number grows like z^2.
        const long double tail = std::erfc(static_cast<long double>(z) / std::sqrt(2.0L)) / 2;
        const long double wanted = 0.5L - static_cast<long double>(q);
        BOOST_TEST(static_cast<double>(std::abs(tail - wanted) / wanted) < 1e-15 * (2 + z * z));
    };
    for (int i = 0; i < 10'000; ++i) check(i / 20'000.0);
    for (int exponent = 2; exponent <= 53; ++exponent) check(0.5 - std::ldexp(1.0, -exponent));
    for (const double q : {0.425, std::nextafter(0.425, 1.0)}) check(q);
    BOOST_TEST(ctnn::math::normal_quantile(0) == 0);
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_unbiased) {
    constexpr int draws = 500'000;
    random_engine engine{5};
    std::array<int, 10> seen{};
    int below = 0;
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t drawn = ctnn::draw_below(engine, 10);
        below += drawn < 10;
        ++seen[drawn % 10];
    }
    BOOST_TEST(below == draws);
    // Nine degrees of freedom: above 27.9 once in a thousand times.
    BOOST_TEST(chi_square(seen, draws) < 27.9);
    for (int i = 0; i < 100; ++i) BOOST_TEST(ctnn::draw_below(engine, 1) == 0u);
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(ctnn::draw_below(engine, (std::uint64_t{1} << 63) + 1) <= std::uint64_t{1} << 63);
}

BOOST_AUTO_TEST_CASE(every_order_is_as_likely) {
    constexpr int draws = 240'000;
    random_engine engine{6};
    std::array<int, 24> seen{};
    for (int i = 0; i < draws; ++i) {
        std::array<std::size_t, 4> order{0, 1, 2, 3};
        ctnn::shuffle(engine, order.data(), order.size());
        // The rank of the permutation among all 24, digit by digit.
        std::size_t rank = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            std::size_t smaller = 0;
            for (std::size_t j = k + 1; j < 4; ++j) smaller += order[j] < order[k];
            rank = rank * (4 - k) + smaller;
        }
        ++seen.at(rank);
    }
    // 23 degrees of freedom: above 49.7 once in a thousand times.
    BOOST_TEST(chi_square(seen, draws) < 49.7);
}

BOOST_AUTO_TEST_CASE(shuffling_keeps_every_element) {
    random_engine engine{7};
    std::array<int, 1000> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i);
    ctnn::shuffle(engine, values.data(), values.size());
    std::array<int, 1000> count{};
    int moved = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        ++count[static_cast<std::size_t>(values[i])];
        moved += values[i] != static_cast<int>(i);
    }
    for (const int times : count) BOOST_TEST(times == 1);
    BOOST_TEST(moved > 990);
    ctnn::shuffle(engine, values.data(), 1);
    ctnn::shuffle(engine, values.data(), 0);
}

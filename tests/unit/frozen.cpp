// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
#define BOOST_TEST_MODULE frozen
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

// tests/embedded/frozen.cpp compares frozen networks with quantised ones, layer by layer, on all processors.

namespace {

using namespace ctnn;
using test_support::opaque;

// --- The product of 32-bit integers by halves, as it is computed where there is no other

BOOST_AUTO_TEST_CASE(products_in_halves_are_exact) {
    random_engine engine{1};
    std::size_t differences = 0;
    for (int i = 0; i < 1000000; ++i) {
        const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(engine()) << 2) / 8 >> (i % 30);
        const auto m = static_cast<std::int32_t>(static_cast<std::uint32_t>(engine()) >> 1);
        const auto product = kernel::detail::multiply_halves(sum, m);
        const std::int64_t exact = std::int64_t{sum} * m, rest = exact -
                                                                 std::int64_t{product.high} * (std::int64_t{1} << 32) -
                                                                 std::int64_t{product.middle} * 65536;
        if (rest < 0 || rest > 65535) ++differences;
        if (product.high * 2 + (((product.middle >> 14) + 1) >> 1) != (exact + (std::int64_t{1} << 30)) >> 31)
            ++differences;
    }
    BOOST_TEST(differences == 0u);
    static_assert(kernel::rounded_doubled_high_product(-3, 1 << 30) == -1);
    static_assert(kernel::high_product(-1, 1) == -1);
}

// --- The packings of processors that this one is not

constexpr std::int8_t weight_of(std::size_t run, std::size_t i, std::size_t row) {
    return static_cast<std::int8_t>(static_cast<std::int32_t>((run * 31 + i * 7 + row * 13) % 255) - 127);
}
BOOST_AUTO_TEST_CASE(two_rows_share_a_lane) {
    constexpr auto packed = kernel::dsp_rows<2, 5, 3>::from(9, weight_of);
    constexpr std::size_t blocks = 2;
    for (std::size_t pair = 0; pair < 2; ++pair)
        for (std::size_t run = 0; run < 2; ++run)
            for (std::size_t i = 0; i < 4 * blocks; ++i) {
                const std::uint32_t word = packed.lanes[((pair * 2 + run) * blocks) * 2 + i / 2];
                const auto lane = static_cast<std::int16_t>(word >> (i % 2 * 16));
                const std::int32_t u = i < 5 ? weight_of(run, i, 2 * pair) : 0,
                                   w = i < 5 && pair == 0 ? weight_of(run, i, 1) : 0;
                BOOST_TEST(lane == 256 * u + w);
                BOOST_TEST(static_cast<std::int8_t>(lane & 0xff) == w);
            }
}
BOOST_AUTO_TEST_CASE(sums_of_bytes) {
    constexpr auto packed = kernel::byte_rows<2, 5, 6>::from(9, weight_of);
    std::uint8_t x[20];
    for (std::size_t i = 0; i < 20; ++i) x[i] = static_cast<std::uint8_t>(opaque(i) * 53);
    std::int32_t y[6];
    packed.sums<9, false>(x, y);
    for (std::size_t row = 0; row < 6; ++row) {
        std::int32_t expected = 0;
        for (std::size_t run = 0; run < 2; ++run)
            for (std::size_t i = 0; i < 5; ++i) expected += x[run * 9 + i] * weight_of(run, i, row);
        BOOST_TEST(y[row] == expected);
    }
}

// --- The form of weights follows from their values

template <std::size_t Zeros, std::int8_t Weight = 30>
struct source {
    static constexpr std::size_t rows = 32, runs = 1, length = 64, pitch = 64;
    static constexpr std::int8_t weight(std::size_t, std::size_t i, std::size_t row) {
        return i * rows + row < Zeros ? std::int8_t{0} : Weight;
    }
};
template <std::size_t Zeros, class Preference = prefer_size>
using matrix = detail::frozen_matrix<source<Zeros>, Preference>;
BOOST_AUTO_TEST_CASE(forms) {
    using detail::weight_form;
    static_assert(matrix<0>::form == weight_form::packed && matrix<0>::nonzero == 2048);
    static_assert(matrix<1900>::form == weight_form::list);
    static_assert(sizeof(matrix<1900>::list_type) == 32 + 2 * 148);
    static_assert(matrix<2048>::form == weight_form::code && matrix<2048>::nonzero == 0);
    static_assert(matrix<1900, prefer_speed>::form == weight_form::code);
    static_assert(matrix<1000, prefer_speed>::form == weight_form::packed);
    // Weights from -8 to 7 take half of the memory; a list of few takes less.
    using detail::frozen_matrix;
    static_assert(frozen_matrix<source<0, 7>, prefer_size>::form == weight_form::nibbles);
    static_assert(frozen_matrix<source<0, -8>, prefer_size>::form == weight_form::nibbles);
    static_assert(frozen_matrix<source<0, 8>, prefer_size>::form == weight_form::packed);
    static_assert(frozen_matrix<source<0, 7>, prefer_speed>::form == weight_form::packed);
    static_assert(frozen_matrix<source<1900, 7>, prefer_size>::form == weight_form::list);
}

// --- Networks of real numbers

using real_net = network<double, input<270>, dense<12, relu>, dense<9>, dense<3>>;
constexpr auto real = prune(initialize<real_net>(glorot_uniform{}, 2), 0.8);

BOOST_AUTO_TEST_CASE(real_numbers) {
    static_assert(std::is_empty_v<frozen<real>>);
    static_assert(detail::frozen_real_layer<real, 0>::is_list && detail::frozen_real_layer<real, 1>::is_list);
    // Fewer than eight outputs: their sums are those of lanes.
    static_assert(!detail::frozen_real_layer<real, 2>::is_list);
    constexpr frozen<real> device{};
    random_engine engine{3};
    tensor<double, shape<270>> x;
    for (auto& value : x) value = draw_uniform<double>(engine, -1.0, 1.0);
    const auto y = device(opaque(x)), expected = real(opaque(x));
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(y[i] == expected[i], boost::test_tools::tolerance(1e-13));
    // To the bit, whatever the order and the fusing of operations: all numbers are multiples of 1/16.
    static constexpr auto exact = [] {
        auto net = real;
        for_each_parameter(net, [](auto, const char*, auto& values) {
            for (double& value : values) value = static_cast<double>(static_cast<int>(value * 512)) / 16;
        });
        return net;
    }();
    for (auto& value : x) value = static_cast<double>(static_cast<int>(value * 16));
    BOOST_TEST((frozen<exact>{}(opaque(x)) == exact(opaque(x))));
    constexpr tensor<double, shape<270>> some{1, 2, 3};
    static_assert(frozen<exact>{}(some) == exact(some));
}

// --- Metrics take the device in place of the network

BOOST_AUTO_TEST_CASE(quantised_networks) {
    using net_type = network<float, input<4>, dense<6, relu>, dense<3, softmax>>;
    static constexpr auto net = initialize<net_type>(glorot_uniform{}, 4);
    static constexpr tensor<float, shape<3, 4>> x{1, 2, 3, 4, -1, 0, 1, 2, 0, 0, 0, -3};
    static constexpr auto q = quantize<rounding::twice>(net, calibrate(net, x));
    constexpr frozen<q> device{};
    static_assert(std::is_empty_v<decltype(device)>);
    constexpr tensor<std::int8_t, shape<4>> integers{1, -128, 127, 9};
    constexpr auto y = device(integers);
    static_assert(y == q(integers));
    BOOST_TEST((device(opaque(integers)) == y));
    constexpr auto probabilities = device(tensor<float, shape<4>>{1, 2, 3, 4});
    static_assert(probabilities == q(tensor<float, shape<4>>{1, 2, 3, 4}));
    BOOST_TEST((device(opaque(tensor<float, shape<4>>{1, 2, 3, 4})) == q(opaque(tensor<float, shape<4>>{1, 2, 3, 4}))));
    const tensor<std::uint8_t, shape<3>> labels{0, 1, 2};
    BOOST_TEST(accuracy(device, x, labels) == accuracy(q, x, labels));
}

}  // namespace

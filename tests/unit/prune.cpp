// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
#define BOOST_TEST_MODULE prune
#include <boost/test/unit_test.hpp>

#include "core_support.hpp"
#include "opaque.hpp"

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstddef>

namespace {

using namespace ctnn;
using test_support::opaque;

using net_type = network<float, input<4>, dense<5, ctnn::tanh>, dense<2>>;
constexpr net_type start = initialize<net_type>(glorot_uniform{}, 3);

template <std::size_t Layer>
constexpr std::size_t zeros_of(const net_type& net) {
    std::size_t result = 0;
    for (const float w : get<Layer>(net).weights) result += w == 0 ? 1 : 0;
    return result;
}

BOOST_AUTO_TEST_CASE(the_smallest_weights_become_zero) {
    constexpr auto half = prune(start, 0.5);
    static_assert(zeros_of<0>(half) == 10 && zeros_of<1>(half) == 5);
    static_assert(prune(start, 0) == start && zeros_of<0>(prune(start, 1)) == 20);
    static_assert(zeros_of<0>(prune(start, 0.99)) == 19);
    BOOST_TEST((prune(opaque(start), 0.5) == half));
    // What is left is as large as all that is gone, and unchanged.
    for (std::size_t i = 0; i < 20; ++i)
        for (std::size_t k = 0; k < 20; ++k) {
            const float kept = get<0>(half).weights[i], gone = get<0>(start).weights[k];
            if (kept == 0 || get<0>(half).weights[k] != 0) continue;
            BOOST_TEST((kept < 0 ? -kept : kept) >= (gone < 0 ? -gone : gone));
            BOOST_TEST(kept == get<0>(start).weights[i]);
        }
}

BOOST_AUTO_TEST_CASE(layers_share_the_zeros_of_a_whole_network) {
    constexpr auto pruned = prune(start, 0.3, whole_network{});
    static_assert(zeros_of<0>(pruned) + zeros_of<1>(pruned) == 9);
    static_assert(prune(start, 0.3, each_layer{}) == prune(start, 0.3));
}

BOOST_AUTO_TEST_CASE(of_equal_weights_the_first_become_zero) {
    net_type net{};
    get<0>(net).weights = {1, -1, 1, 1, 2, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
    const auto pruned = prune(net, 0.2);
    BOOST_TEST(get<0>(pruned).weights[0] == 0);
    BOOST_TEST(get<0>(pruned).weights[2] == 0);
    BOOST_TEST(get<0>(pruned).weights[3] == 1);
    BOOST_TEST(zeros_of<0>(pruned) == 4u);
}

// Training after pruning: the zeros stay, the others learn. In constants, at run time, with and without moments.
constexpr tensor<float, shape<6, 4>> x{1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1};
constexpr tensor<float, shape<6, 2>> t{1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1};

template <class Optimizer>
constexpr bool keeps_zeros_and_learns(const net_type& net, const Optimizer& optimizer) {
    const auto sparse = prune(net, 0.5);
    const auto trained = fit<mean_squared_error, 3>(sparse, x, t, optimizer, {.epochs = 20});
    for (std::size_t i = 0; i < 20; ++i)
        if ((get<0>(sparse).weights[i] == 0) != (get<0>(trained).weights[i] == 0)) return false;
    for (std::size_t i = 0; i < 10; ++i)
        if ((get<1>(sparse).weights[i] == 0) != (get<1>(trained).weights[i] == 0)) return false;
    return evaluate<mean_squared_error>(trained, x, t) < 0.9 * evaluate<mean_squared_error>(sparse, x, t);
}

constexpr net_type with_biases = [] {
    net_type net = start;
    get<0>(net).bias = {0.1f, 0.2f, -0.1f, 0.3f, 0.1f};
    get<1>(net).bias = {0.1f, -0.1f};
    return net;
}();

BOOST_AUTO_TEST_CASE(optimisers_keep_zeros) {
    static_assert(keeps_zeros_and_learns(with_biases, keep_zeros<adam>{{.learning_rate = 0.02}}));
    static_assert(keeps_zeros_and_learns(with_biases, keep_zeros<sgd>{{.learning_rate = 0.1}}));
    BOOST_TEST(keeps_zeros_and_learns(opaque(with_biases), keep_zeros<adam>{{.learning_rate = 0.02}}));
    BOOST_TEST(keeps_zeros_and_learns(opaque(with_biases), keep_zeros<sgd>{{.learning_rate = 0.1}}));
    BOOST_TEST(keeps_zeros_and_learns(opaque(with_biases), keep_zeros<sgd>{{.learning_rate = 0.05, .momentum = 0.5}}));
    BOOST_TEST(keeps_zeros_and_learns(opaque(with_biases), keep_zeros<rmsprop>{{.learning_rate = 0.01}}));
    // The others are trained as without it.
    BOOST_TEST(!keeps_zeros_and_learns(opaque(with_biases), adam{.learning_rate = 0.02}));
}

}  // namespace

// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of attention, of positional encoding, and of embedding, whose inputs are symbols.
#define BOOST_TEST_MODULE layers_attention
#include "laws/layers.hpp"

namespace {

using namespace ctnn;

struct attention {
    template <class T>
    using net = network<T, input<3, 4>, multi_head_attention<2>, dense<2, ctnn::tanh>>;
};
struct causal_attention {
    template <class T>
    using net = network<T, input<3, 2>, positional_encoding, multi_head_attention<1, causal_mask>, flatten>;
};
struct alone {
    template <class T>
    using net = network<T, input<1, 3>, positional_encoding, multi_head_attention<3>>;
};

using cases = std::tuple<attention, causal_attention, alone>;

/// A sequence of four symbols, one of them twice and one not at all.
template <class T>
using embedded = network<T, input<4>, embedding<4, 2>, flatten, dense<1>>;

template <class T>
struct embedded_results {
    using net = embedded<T>;
    T loss{};
    net gradient{};

    constexpr explicit embedded_results(std::uint64_t seed) {
        const laws::problem<net, mean_squared_error, 1> at{seed};
        const T x[]{0, 2, 2, 3}, t[]{1};
        gradient_pass<net, mean_squared_error> pass;
        loss = pass(at.net, {}, x, t, gradient);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}

BOOST_AUTO_TEST_CASE(later_steps_are_not_seen) {
    using net = network<double, input<3, 2>, multi_head_attention<1, causal_mask>>;
    const laws::problem<net, mean_squared_error, 1> at{laws::unknown(3)};
    tensor<double, shape<3, 2>> x{1, 2, 3, 4, 5, 6}, other{1, 2, 3, 4, -5, 60};
    const auto y = at.net(x), y_other = at.net(other);
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(y[i] == y_other[i]);
    BOOST_TEST(y[4] != y_other[4]);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(embedding_phases, T, decltype(std::tuple<float, double>{})) {
    constexpr embedded_results<T> constant{1};
    const embedded_results<T> computed{laws::unknown(1)};
    BOOST_TEST(laws::ulp_apart(&computed.loss, &constant.loss, 1) <= laws::ulp_allowed);
    BOOST_TEST(laws::ulp_apart(computed.gradient, constant.gradient) <= laws::ulp_allowed);
}

BOOST_AUTO_TEST_CASE(embedding_derivative) {
    const laws::problem<embedded<double>, mean_squared_error, 1> at{laws::unknown(2)};
    const tensor<double, shape<1, 4>> x{0, 2, 2, 3};
    const tensor<double, shape<1, 1>> t{1};
    BOOST_TEST(check_gradient<mean_squared_error>(at.net, x, t, {.inputs = false}).agrees(1e-6));

    embedded<double> gradient{};
    gradient_pass<embedded<double>, mean_squared_error> pass;
    pass(at.net, {}, x.data(), t.data(), gradient);
    const auto derivative = get<0>(gradient).weights;
    BOOST_TEST((derivative[2] == 0 && derivative[3] == 0));  // symbol 1 does not occur
}

// SPDX-License-Identifier: BSL-1.0
/// @file
/// A network is the composition of its layers, and a batch gives the same as its samples one by one.
#define BOOST_TEST_MODULE composition
#include "laws/support.hpp"

using ctnn::dense;
using ctnn::input;
using ctnn::network;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_network_is_its_layers, Activation, laws::activations) {
    using both = network<double, input<3>, dense<5, Activation>, dense<2, Activation, ctnn::no_bias>>;
    using first = network<double, input<3>, dense<5, Activation>>;
    using second = network<double, input<5>, dense<2, Activation, ctnn::no_bias>>;

    const laws::problem<both, ctnn::mean_squared_error, 1> at{laws::unknown(1)};
    const ctnn::tensor<double, ctnn::shape<3>> x{at.x[0], at.x[1], at.x[2]};
    first one{};
    second other{};
    ctnn::get<0>(one) = ctnn::get<0>(at.net);
    ctnn::get<0>(other) = ctnn::get<1>(at.net);
    BOOST_TEST(laws::ulp_apart(at.net(x), other(one(x))) <= laws::ulp_allowed);
}

template <class T, std::size_t Inputs, std::size_t Hidden, std::size_t Outputs, std::size_t Batch,
          class Last = ctnn::softmax>
struct sizes {
    using net = network<T, input<Inputs>, dense<Hidden, ctnn::tanh>, dense<Outputs, Last, ctnn::no_bias>>;
    static constexpr std::size_t batch = Batch;
};

using shapes = std::tuple<sizes<double, 1, 1, 1, 2, ctnn::sigmoid>, sizes<float, 3, 5, 7, 5>, sizes<double, 3, 35, 9, 8>,
                          sizes<float, 9, 37, 18, 33>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_batch_is_its_samples, Sizes, shapes) {
    using net = typename Sizes::net;
    const laws::problem<net, ctnn::mean_squared_error, Sizes::batch> at{laws::unknown(2)};
    const auto batch = at.net(at.x);
    for (std::size_t row = 0; row < Sizes::batch; ++row) {
        ctnn::tensor<typename net::value_type, typename net::input_shape> x;
        std::copy_n(at.x.data() + row * x.size(), x.size(), x.begin());
        const auto y = at.net(x);
        BOOST_TEST(laws::ulp_apart(y.data(), batch.data() + row * y.size(), y.size()) <= laws::ulp_allowed);
    }
}

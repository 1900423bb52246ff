// SPDX-License-Identifier: BSL-1.0
/// @file
/// The derivative for networks and batches of many sizes: one, odd, as wide as a vector register and wider.
#define BOOST_TEST_MODULE derivative_shapes
#include "laws/derivative.hpp"

/// A network of two layers, and a batch.
template <std::size_t Inputs, std::size_t Hidden, std::size_t Outputs, std::size_t Batch, class Bias = ctnn::with_bias>
struct sizes {
    using net = ctnn::network<double, ctnn::input<Inputs>, ctnn::dense<Hidden, ctnn::tanh, Bias>,
                              ctnn::dense<Outputs, ctnn::identity, Bias>>;
    static constexpr std::size_t batch = Batch;
};

using whole_ones = std::tuple<sizes<1, 1, 1, 1>, sizes<3, 5, 7, 8, ctnn::no_bias>, sizes<17, 8, 1, 1>, sizes<7, 33, 16, 2>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(whole_batches, Sizes, whole_ones) {
    laws::check_derivative<typename Sizes::net, ctnn::mean_squared_error, Sizes::batch>(laws::unknown(4));
}

using partly_used = std::tuple<sizes<2, 3, 2, 5>, sizes<9, 35, 3, 33, ctnn::no_bias>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(parts_of_batches, Sizes, partly_used) {
    for (const std::size_t used : {std::size_t{1}, Sizes::batch / 2, Sizes::batch - 1, Sizes::batch})
        laws::check_derivative<typename Sizes::net, ctnn::mean_squared_error, Sizes::batch>(laws::unknown(5), used);
}

BOOST_AUTO_TEST_CASE(what_is_not_used_does_not_count) {
    using net = ctnn::network<double, ctnn::input<3>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
    const laws::problem<net, ctnn::cross_entropy, 5> whole{laws::unknown(6)};
    laws::problem<net, ctnn::cross_entropy, 3> part{laws::unknown(6)};
    std::copy_n(whole.x.begin(), part.x.size(), part.x.begin());
    std::copy_n(whole.t.begin(), part.t.size(), part.t.begin());

    net of_whole{}, of_part{};
    ctnn::tensor<double, ctnn::shape<5, 3>> x_of_whole{};
    ctnn::tensor<double, ctnn::shape<3, 3>> x_of_part{};
    ctnn::gradient_pass<net, ctnn::cross_entropy, 5, true> pass_of_five;
    ctnn::gradient_pass<net, ctnn::cross_entropy, 3, true> pass_of_three;
    const double loss_of_whole =
        pass_of_five(whole.net, {}, whole.x.data(), whole.t.data(), of_whole, 3, x_of_whole.data());
    const double loss_of_part = pass_of_three(part.net, {}, part.x.data(), part.t.data(), of_part, 3, x_of_part.data());

    BOOST_TEST(laws::ulp_apart(&loss_of_whole, &loss_of_part, 1) <= laws::ulp_allowed);
    BOOST_TEST(laws::ulp_apart(of_whole, of_part) <= laws::ulp_allowed);
    BOOST_TEST(laws::ulp_apart(x_of_whole.data(), x_of_part.data(), x_of_part.size()) <= laws::ulp_allowed);
    for (std::size_t i = x_of_part.size(); i < x_of_whole.size(); ++i) BOOST_TEST(x_of_whole[i] == 0);
}

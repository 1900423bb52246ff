// SPDX-License-Identifier: BSL-1.0
/// @file
/// The derivative of every activation between layers, with and without bias.
#define BOOST_TEST_MODULE derivative_activations
#include "laws/derivative.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(between_layers, Activation, laws::activations) {
    using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, Activation>,
                              ctnn::dense<2, Activation, ctnn::no_bias>, ctnn::dense<1>>;
    laws::check_derivative<net, ctnn::mean_squared_error, 2>(laws::unknown(2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(behind_positive_values, Activation, laws::positive_activations) {
    using net = ctnn::network<double, ctnn::input<2>, ctnn::dense<3, ctnn::softplus>, ctnn::activation<Activation>,
                              ctnn::dense<1>>;
    laws::check_derivative<net, ctnn::mean_squared_error, 2>(laws::unknown(2));
}

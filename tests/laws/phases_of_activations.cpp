// SPDX-License-Identifier: BSL-1.0
/// @file
/// Constant evaluation and run time agree: every activation, in float with squared errors, in double with Huber's.
#define BOOST_TEST_MODULE phases_of_activations
#include "laws/phases.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(squared_errors, Ending, laws::endings_with<ctnn::mean_squared_error>) {
    laws::check_phases<float, Ending>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(huber, Ending, laws::endings_with<ctnn::huber>) {
    laws::check_phases<double, Ending>();
}

template <class T, class Activation>
using of_positive_values =
    ctnn::network<T, ctnn::input<1>, ctnn::dense<3, ctnn::softplus>, ctnn::activation<Activation>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(behind_positive_values, Activation, laws::positive_activations) {
    laws::check_layer_phases<of_positive_values<float, Activation>>();
    laws::check_layer_phases<of_positive_values<double, Activation>, ctnn::huber>();
}

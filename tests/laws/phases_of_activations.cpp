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

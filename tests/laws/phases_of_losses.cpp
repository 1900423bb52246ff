// SPDX-License-Identifier: BSL-1.0
/// @file
/// Constant evaluation and run time agree: every activation, in double with the absolute error, and in both types with
/// the cross-entropies that it can be combined with.
#define BOOST_TEST_MODULE phases_of_losses
#include "laws/phases.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(absolute_errors, Ending, laws::endings_with<ctnn::mean_absolute_error>) {
    laws::check_phases<double, Ending>();
}

using entropies = decltype(std::tuple_cat(std::declval<laws::endings_with<ctnn::binary_cross_entropy>>(),
                                          std::declval<laws::endings_with<ctnn::cross_entropy>>()));

BOOST_AUTO_TEST_CASE_TEMPLATE(entropy, Ending, entropies) {
    laws::check_phases<double, Ending>();
    laws::check_phases<float, Ending>();
}

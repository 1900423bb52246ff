// SPDX-License-Identifier: BSL-1.0
/// @file
/// The derivative of every loss, after a last layer of each kind.
#define BOOST_TEST_MODULE derivative_losses
#include "laws/derivative.hpp"

/// The identity, one whose derivative is computed from the output, one that needs the pre-activation, and the row
/// activations; losses that take logits add theirs.
using last_activations = std::tuple<ctnn::identity, ctnn::sigmoid, ctnn::silu, ctnn::softmax, ctnn::log_softmax>;

BOOST_AUTO_TEST_CASE_TEMPLATE(last_layer, Ending, laws::endings_of<last_activations>) {
    using net = ctnn::network<double, ctnn::input<1>, ctnn::dense<3, typename Ending::activation>>;
    laws::check_derivative<net, typename Ending::loss, 2>(laws::unknown(1));
}

// SPDX-License-Identifier: BSL-1.0
/// @file
/// Layers that scale, normalise and rearrange, and branches, forward and backward, against PyTorch.
#define BOOST_TEST_MODULE reference_layers_simple
#include "reference/check.hpp"
#include "reference/layer_vectors.hpp"

BOOST_AUTO_TEST_CASE_TEMPLATE(in_double, Case, reference::simple_cases) {
    reference::check_network<double, Case, ctnn::mean_squared_error>();
}

// Gradients in float are compared with those of constant evaluation by the laws of layers.
BOOST_AUTO_TEST_CASE_TEMPLATE(outputs_in_float, Case, reference::simple_cases) {
    reference::check_outputs<float, Case>();
}

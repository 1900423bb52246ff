// SPDX-License-Identifier: BSL-1.0
// A contract that the integers do not keep: their bound is 0.016.
// EXPECT: static assertion failed
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;
constexpr net_type net{.layers = {ctnn::layer_t<0, net_type>{.weights = {1, 0.5f, -0.25f, 1}, .bias = {}}}};
constexpr auto inputs = ctnn::box<float, ctnn::shape<2>>::all(-1, 1);
constexpr auto q = ctnn::quantize<ctnn::rounding::twice>(net, ctnn::calibrate(net, inputs));
static_assert(ctnn::error_bound(net, q, inputs) <= 0.01);

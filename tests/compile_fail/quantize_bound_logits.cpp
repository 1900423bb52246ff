// SPDX-License-Identifier: BSL-1.0
// Logits of a network whose outputs, after softmax, are integers.
// EXPECT: ctnn::error_bound: a network that ends in integers has no logits
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type net{};
constexpr auto inputs = ctnn::box<float, ctnn::shape<2>>::all(-1, 1);
constexpr auto ranges = ctnn::calibrate(net, inputs);
constexpr auto q = ctnn::quantize<ctnn::rounding::twice, ctnn::per_channel, ctnn::ends_in_integers>(net, ranges);
constexpr double bound = ctnn::error_bound<false>(net, q, inputs);

// SPDX-License-Identifier: BSL-1.0
// Integers of a network whose training has ended, in branches that run in float.
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

using net_type = ctnn::network<float, ctnn::input<2>,
                               ctnn::product<ctnn::branch<ctnn::dense<2>>, ctnn::branch<>>>;
constexpr auto trained = ctnn::without_fake_quantize(ctnn::fake_quantize<ctnn::weight_bits<4>>(net_type{}));
constexpr ctnn::tensor<float, ctnn::shape<1, 2>> samples{1, -1};
constexpr auto q = ctnn::quantize<ctnn::rounding::twice>(trained, ctnn::calibrate(trained, samples));

// SPDX-License-Identifier: BSL-1.0
// The same through a sum of branches.
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::sum<ctnn::branch<>, ctnn::branch<ctnn::dense<2>>>>;
constexpr net_type net{};
constexpr auto inputs = ctnn::box<float, ctnn::shape<2>>::all(-1, 1);
constexpr auto q = ctnn::quantize<ctnn::rounding::twice>(net, ctnn::calibrate(net, inputs));
constexpr double bound = ctnn::error_bound(net, q, inputs);

// SPDX-License-Identifier: BSL-1.0
// Ranges over a box of three inputs, for a network of two.
// EXPECT: ctnn::calibrate: the box has another shape than the network expects
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>
#include <ctnn/quantize/calibrate_box.hpp>
#include <ctnn/quantize/error_bound.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;
constexpr auto ranges = ctnn::calibrate(net_type{}, ctnn::box<float, ctnn::shape<3>>::all(-1, 1));

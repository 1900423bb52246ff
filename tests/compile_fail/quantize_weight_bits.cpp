// SPDX-License-Identifier: BSL-1.0
// Weights of one bit.
// EXPECT: ctnn::weight_bits: weights have 2 to 8 bits
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<2>>;
constexpr auto net = ctnn::fake_quantize<ctnn::weight_bits<1>>(net_type{});

// SPDX-License-Identifier: BSL-1.0
// A network of 2^70 multiply-accumulates, whose tensors are valid.
// EXPECT: ctnn::network: 64 bits are too few to count its multiply-accumulates

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1099511627776, 32768>, ctnn::dense<32768>>;
constexpr auto count = large::multiply_accumulates;

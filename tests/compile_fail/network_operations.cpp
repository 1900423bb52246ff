// SPDX-License-Identifier: BSL-1.0
// A network of 2^70 multiply-accumulates, whose tensors are valid.
// EXPECT: ctnn::network: the number of its multiply-accumulates exceeds 64 bits

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1099511627776, 32768>, ctnn::dense<32768>>;
constexpr auto count = large::multiply_accumulates;

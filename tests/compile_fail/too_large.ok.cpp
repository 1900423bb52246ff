// SPDX-License-Identifier: BSL-1.0
// The twin of too_large.cpp, without the mistake.

#include <ctnn.hpp>

using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
static_assert(sizeof(digits_net) <= 10000);

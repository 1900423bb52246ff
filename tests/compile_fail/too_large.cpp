// SPDX-License-Identifier: BSL-1.0
// A model of 9,640 bytes where 8,192 are free.
// EXPECT clang: 9640 <= 8192
// EXPECT gcc: (9640 <= 8192)
// ERRORS: 1

#include <ctnn.hpp>

using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;
static_assert(sizeof(digits_net) <= 8192);

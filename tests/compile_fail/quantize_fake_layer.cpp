// SPDX-License-Identifier: BSL-1.0
// A layer without weights that integers have.
// EXPECT: ctnn::fake_quantized: the layer is neither a dense layer nor a convolution
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

ctnn::network<float, ctnn::input<2, 4>, ctnn::fake_quantized<ctnn::flatten, ctnn::per_channel>> net{};

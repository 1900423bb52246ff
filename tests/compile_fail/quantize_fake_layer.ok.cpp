// SPDX-License-Identifier: BSL-1.0
// A layer with weights.
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

ctnn::network<float, ctnn::input<2, 4>, ctnn::fake_quantized<ctnn::dense<3>, ctnn::per_channel>> net{};

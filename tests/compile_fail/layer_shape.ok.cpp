// SPDX-License-Identifier: BSL-1.0
// The twin of layer_shape.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::network<float, ctnn::input<192>, ctnn::dense<4, ctnn::relu>, ctnn::dense<2, ctnn::softmax>> net{};
constexpr auto y = net(ctnn::tensor<float, ctnn::shape<192>>{});

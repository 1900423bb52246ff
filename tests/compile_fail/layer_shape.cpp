// SPDX-License-Identifier: BSL-1.0
// A dense layer takes a vector, or a sequence of them; an image has to be flattened first.
// EXPECT: ctnn::network: a layer cannot take the shape that the layer before it gives
// EXPECT: layer_number<0>
// EXPECT: shape<3, 8, 8>
// EXPECT: wants_rank<1
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<float, ctnn::input<3, 8, 8>, ctnn::dense<4, ctnn::relu>, ctnn::dense<2, ctnn::softmax>> net{};
constexpr auto y = net(ctnn::tensor<float, ctnn::shape<3, 8, 8>>{});

// SPDX-License-Identifier: BSL-1.0
// An activation in place of a layer.
// EXPECT: ctnn::network: after the input come layers, such as ctnn::dense<4, ctnn::tanh>
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<4>, ctnn::tanh, ctnn::dense<1>> net{};
constexpr auto y = net({0, 1});

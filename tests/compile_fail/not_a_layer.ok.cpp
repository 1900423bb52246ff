// SPDX-License-Identifier: BSL-1.0
// The twin of not_a_layer.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<4>, ctnn::dense<1>> net{};
constexpr auto y = net({0, 1});

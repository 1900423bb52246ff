// SPDX-License-Identifier: BSL-1.0
// The twin of empty_network.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> net{};
constexpr auto y = net({0, 1});

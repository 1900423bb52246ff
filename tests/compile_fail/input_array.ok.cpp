// SPDX-License-Identifier: BSL-1.0
// The twin of input_array.cpp, without the mistake.

#include <ctnn.hpp>

#include <array>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> net{};
constexpr auto y = net(std::array<double, 2>{});

// SPDX-License-Identifier: BSL-1.0
// The twin of input_span.cpp, without the mistake.

#include <ctnn.hpp>

#include <span>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> net{};
constexpr double x[2]{};
constexpr auto y = net(std::span<const double, 2>{x});

// SPDX-License-Identifier: BSL-1.0
// A span whose size is known only at run time.
// EXPECT: ctnn::network: the input has another shape than the network expects

#include <ctnn.hpp>

#include <span>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<1>> net{};
constexpr double x[2]{};
constexpr auto y = net(std::span<const double>{x});

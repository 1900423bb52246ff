// SPDX-License-Identifier: BSL-1.0
// A network of only an input.
// EXPECT: ctnn::network: a network has at least one layer
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>> net{};
constexpr auto y = net({0, 1});

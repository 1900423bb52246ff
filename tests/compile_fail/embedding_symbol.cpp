// SPDX-License-Identifier: BSL-1.0
// A value that is not a symbol, in a constant expression.
// EXPECT: ctnn::embedding: an input is not a symbol
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<1>, ctnn::embedding<3, 2>> net{};
constexpr auto y = net({3});

// SPDX-License-Identifier: BSL-1.0
// A number that is no symbol, in a constant.
// EXPECT: ctnn::embedding: a number that is no symbol
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<1>, ctnn::embedding<3, 2>> net{};
constexpr auto y = net({3});

// SPDX-License-Identifier: BSL-1.0
// A network that begins with a layer instead of an input.
// EXPECT: ctnn::network: the second argument is the input, such as ctnn::input<2>
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::dense<4>, ctnn::dense<1>> net{};

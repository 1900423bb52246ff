// SPDX-License-Identifier: BSL-1.0
// A network of integers.
// EXPECT: ctnn::network: the scalar type is float or double
// ERRORS: 1

#include <ctnn.hpp>

constexpr ctnn::network<int, ctnn::input<2>, ctnn::dense<4, ctnn::relu>, ctnn::dense<1>> net{};

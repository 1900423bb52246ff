// SPDX-License-Identifier: BSL-1.0
// A dense layer without outputs.
// EXPECT: ctnn::dense: a layer has at least one output
// ERRORS: 2

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<0>> net{};

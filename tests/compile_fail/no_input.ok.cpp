// SPDX-License-Identifier: BSL-1.0
// The twin of no_input.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<2>, ctnn::dense<4>, ctnn::dense<1>> net{};

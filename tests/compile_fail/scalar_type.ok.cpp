// SPDX-License-Identifier: BSL-1.0
// The twin of scalar_type.cpp, without the mistake.

#include <ctnn.hpp>

constexpr ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::relu>, ctnn::dense<1>> net{};

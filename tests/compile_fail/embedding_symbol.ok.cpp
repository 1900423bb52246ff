// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

constexpr ctnn::network<double, ctnn::input<1>, ctnn::embedding<3, 2>> net{};
constexpr auto y = net({2});

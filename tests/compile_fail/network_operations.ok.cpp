// SPDX-License-Identifier: BSL-1.0
// The twin of network_operations.cpp, without the mistake.

#include <ctnn.hpp>

using large = ctnn::network<float, ctnn::input<1048576, 32768>, ctnn::dense<32768>>;
constexpr auto count = large::multiply_accumulates;

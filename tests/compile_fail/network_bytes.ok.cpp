// SPDX-License-Identifier: BSL-1.0
// The twin of network_bytes.cpp, without the mistake.

#include <ctnn.hpp>

constexpr std::size_t wide = 1024;
using large = ctnn::network<float, ctnn::input<wide>, ctnn::dense<wide>, ctnn::dense<wide>, ctnn::dense<wide>,
                            ctnn::dense<wide>, ctnn::dense<wide>>;
constexpr std::size_t count = large::parameter_count;

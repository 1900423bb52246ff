// SPDX-License-Identifier: BSL-1.0
// A network of five layers of 2^58 bytes and more: an object has at most 2^60.
// EXPECT: ctnn::network: its parameters have more bytes than an object can have

#include <ctnn.hpp>

constexpr std::size_t wide = 268435456;
using large = ctnn::network<float, ctnn::input<wide>, ctnn::dense<wide>, ctnn::dense<wide>, ctnn::dense<wide>,
                            ctnn::dense<wide>, ctnn::dense<wide>>;
constexpr std::size_t count = large::parameter_count;

// SPDX-License-Identifier: BSL-1.0
// A batch of 2^54 samples.
// EXPECT: ctnn: a training step keeps more bytes than an object can have

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1024>, ctnn::dense<1024>>;
constexpr std::size_t bytes = ctnn::workspace_bytes<net_type, 18014398509481984>;

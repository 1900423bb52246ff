// SPDX-License-Identifier: BSL-1.0
// The twin of workspace_bytes.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<1024>, ctnn::dense<1024>>;
constexpr std::size_t bytes = ctnn::workspace_bytes<net_type, 1024>;

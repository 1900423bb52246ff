// SPDX-License-Identifier: BSL-1.0
// The twin of ensemble_of_none.cpp, without the mistake.

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
using committee = ctnn::ensemble<net_type, 1>;

// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

using net_type = ctnn::network<float, ctnn::input<2, 4>, ctnn::linear_resize<ctnn::axis<1>, 8, ctnn::half_pixel>>;
net_type net{};

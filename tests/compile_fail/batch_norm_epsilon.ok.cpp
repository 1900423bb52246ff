// SPDX-License-Identifier: BSL-1.0

#include <ctnn.hpp>

#include <ratio>

using net_type = ctnn::network<double, ctnn::input<4, 3>, ctnn::batch_norm<ctnn::relu, ctnn::axis<1>, std::ratio<1, 10>, ctnn::epsilon<std::ratio<1, 1000>>>>;
constexpr net_type net{};
constexpr auto y = net(ctnn::tensor<double, net_type::input_shape>{});

// SPDX-License-Identifier: BSL-1.0
// The twin of check_gradient_float.cpp, without the mistake.

#include <ctnn.hpp>
#include <ctnn/check/gradient.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<1>>;
constexpr ctnn::tensor<float, ctnn::shape<1, 2>> inputs{1, 2};
constexpr ctnn::tensor<float, ctnn::shape<1, 1>> targets{1};
bool right = ctnn::check_gradient<ctnn::mean_squared_error>(net_type{}, inputs, targets).agrees();

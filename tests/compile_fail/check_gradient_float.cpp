// SPDX-License-Identifier: BSL-1.0
// Finite differences of a loss with 7 digits.
// EXPECT: ctnn: check_gradient needs a network of double, because finite differences in float are too inaccurate
// EXPECT: value_type_is<float>
// ERRORS: 1

#include <ctnn.hpp>
#include <ctnn/check/gradient.hpp>

using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
constexpr ctnn::tensor<float, ctnn::shape<1, 2>> inputs{1, 2};
constexpr ctnn::tensor<float, ctnn::shape<1, 1>> targets{1};
bool right = ctnn::check_gradient<ctnn::mean_squared_error>(net_type{}, inputs, targets).agrees();

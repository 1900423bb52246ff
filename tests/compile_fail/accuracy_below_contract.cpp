// SPDX-License-Identifier: BSL-1.0
// A model with an accuracy of 3/4 whose contract requires at least 95%.
// EXPECT gcc: (7.5e-1 >= 9.
// EXPECT clang: 0.75 >=
// ERRORS: 1

#include <ctnn.hpp>

// Class 0 below zero, class 1 above.
using one_input = ctnn::network<double, ctnn::input<1>, ctnn::dense<1, ctnn::sigmoid>>;
constexpr one_input classifier = [] {
    one_input net{};
    ctnn::get<0>(net).weights = {1};
    return net;
}();
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> held_out_inputs{-2, -1, 1, -2};
constexpr ctnn::tensor<int, ctnn::shape<4>> held_out_labels{0, 0, 1, 1};
constexpr double accuracy = ctnn::accuracy(classifier, held_out_inputs, held_out_labels);
static_assert(accuracy >= 0.95);

// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// Training by `fit` with all its features, in the compiler and in the program.

#include "support.hpp"

#include <cstddef>

namespace {

/// With shuffling, clipping, warm-up, cool-down, validation and early stopping; the batch size does not divide the
/// samples.
using net_type = ctnn::network<float, ctnn::input<3>, ctnn::dense<9, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;
constexpr net_type start = ctnn::initialize<net_type>(ctnn::glorot_normal{}, 8);
constexpr auto inputs = phases::numbers<float, ctnn::shape<6, 3>>(6);
constexpr ctnn::tensor<int, ctnn::shape<6>> labels{0, 1, 1, 0, 1, 0};

template <class Inputs, class Labels>
constexpr auto train(const net_type& first, const Inputs& x, const Labels& t) {
    return ctnn::fit<ctnn::cross_entropy, 4>(first, x, t, ctnn::adamw{.learning_rate = 0.05},
                                             {.epochs = 12,
                                              .seed = 9,
                                              .schedule = ctnn::cosine_decay(0.1).after_warm_up(2),
                                              .clip_value = 0.3,
                                              .clip_norm = 0.5,
                                              .validation_inputs = x,
                                              .validation_targets = t,
                                              .patience = 10});
}
constexpr auto constant = train(start, inputs, labels);

}  // namespace

int main() {
    const auto computed =
        train(phases::opaque(start), phases::opaque(inputs), phases::opaque(labels));
    phases::compare_networks<net_type>("fit", constant, computed);
    for (std::size_t i = 0; i < constant.history.count; ++i) {
        phases::compare_number("loss of fit", constant.history.loss[i], computed.history.loss[i]);
        phases::compare_number("validation loss of fit", constant.history.validation_loss[i],
                               computed.history.validation_loss[i]);
    }
    return phases::verdict(256);
}

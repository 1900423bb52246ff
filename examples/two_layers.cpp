// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// A network with one hidden layer, y = sigmoid(W2 sigmoid(W1 x)), trained at compile time in 1500 steps. That exceeds
// the default limits of constant evaluation, so the build raises them for this program (ctnn_raise_constexpr_limits).
#include <ctnn.hpp>

#include <cstddef>
#include <cstdio>

using two_layers = ctnn::network<double, ctnn::input<3>,
                                 ctnn::dense<4, ctnn::sigmoid, ctnn::no_bias>,
                                 ctnn::dense<1, ctnn::sigmoid, ctnn::no_bias>>;

// Exclusive or of the first two inputs. The third is always 1: its weights replace the biases.
constexpr ctnn::tensor<double, ctnn::shape<4, 3>> inputs{0, 0, 1,
                                                         0, 1, 1,
                                                         1, 0, 1,
                                                         1, 1, 1};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{0, 1, 1, 0};

// Full-batch gradient descent on the sum of the four squared errors, with a learning rate of 1. The library's loss is
// their mean, a quarter of the sum: four times the rate gives the same step.
constexpr auto trained = ctnn::fit<ctnn::mean_squared_error, 4>(
    ctnn::initialize<two_layers>(ctnn::uniform{.low = 0, .high = 1}, /*seed*/ 1), inputs, targets,
    ctnn::sgd{.learning_rate = 4}, {.epochs = 1500, .shuffle = false});

constexpr auto predictions = trained(inputs);
static_assert(ctnn::near(predictions, targets, 0.03));

int main() {
    std::printf("loss after the first and the last steps: %.4f %.6f\n", trained.history.loss[0],
                trained.history.loss[trained.history.count - 1]);
    for (std::size_t row = 0; row < 4; ++row) {
        std::printf("%g %g %g -> %.3f, wanted %g\n", inputs(row, 0), inputs(row, 1), inputs(row, 2), predictions[row],
                    targets[row]);
    }
}

// SPDX-License-Identifier: BSL-1.0
// Training of a layer before trees.
// EXPECT: ctnn::decision_trees: trees have no derivative, so layers before them cannot be trained
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<3>, ctnn::decision_trees<1, 2, 4>, ctnn::dense<1>>;
void train(ctnn::trainer<net_type, ctnn::mean_squared_error, ctnn::sgd>& training, const double* x, const double* t) {
    training.step(x, t);
}

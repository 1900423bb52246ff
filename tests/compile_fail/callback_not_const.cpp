// SPDX-License-Identifier: BSL-1.0
// A const callback whose member is not const.
// EXPECT: ctnn::fit: a member of the callback cannot be called with the const report that it receives
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
struct watcher {
    void epoch(const ctnn::epoch_report&) {}
    void step(const ctnn::step_report&) const {}
};
constexpr watcher watching{};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{}, {.epochs = 3}, watching);
}

// SPDX-License-Identifier: BSL-1.0
// A callback whose member does not have the name that fit calls.
// EXPECT: ctnn::fit: the callback would never be called: it is a function of const ctnn::epoch_report& or const ctnn::step_report&, or has a member epoch or step that is one
// ERRORS: 1

#include <ctnn.hpp>

using net_type = ctnn::network<double, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<1>>;
constexpr net_type net{};
constexpr ctnn::tensor<double, ctnn::shape<4, 2>> inputs{};
constexpr ctnn::tensor<double, ctnn::shape<4, 1>> targets{};
struct watcher {
    void on_epoch(const ctnn::epoch_report&) {}
};
inline auto train() {
    return ctnn::fit<ctnn::mean_squared_error>(net, inputs, targets, ctnn::sgd{}, {.epochs = 3}, watcher{});
}

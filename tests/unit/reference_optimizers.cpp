// SPDX-License-Identifier: BSL-1.0
/// @file
/// Three steps of each optimiser, against PyTorch.
#define BOOST_TEST_MODULE reference_optimizers
#include "reference/check.hpp"
#include "reference/vectors.hpp"

template <class T, class Case>
void check_steps() {
    using training = reference::training;
    using net = typename training::net<T>;
    using inputs = ctnn::tensor<T, ctnn::batch_of<training::batch, typename net::input_shape>>;
    using targets = ctnn::tensor<T, ctnn::batch_of<training::batch, typename net::output_shape>>;
    using optimizer = std::remove_const_t<decltype(Case::optimizer)>;

    const auto x = reference::to_tensor<inputs>(training::inputs);
    const auto t = reference::to_tensor<targets>(training::targets);
    ctnn::trainer<net, training::loss, optimizer, training::batch> trainer{
        reference::to_network<net>(training::parameters), Case::optimizer};
    T losses[3];
    losses[0] = trainer.step(x, t);
    reference::check("after one step, parameter", reference::to_row<net::parameter_count>(trainer.network()),
                     Case::after_1);
    losses[1] = trainer.step(x, t);
    reference::check("after two steps, parameter", reference::to_row<net::parameter_count>(trainer.network()),
                     Case::after_2);
    losses[2] = trainer.step(x, t);
    reference::check("after three steps, parameter", reference::to_row<net::parameter_count>(trainer.network()),
                     Case::after_3);
    reference::check("loss", losses, Case::losses);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(steps, Case, reference::optimizer_cases) {
    check_steps<float, Case>();
    check_steps<double, Case>();
}

// SPDX-License-Identifier: BSL-1.0
/// @file
/// The laws of recurrent layers.
#define BOOST_TEST_MODULE layers_recurrent
#include "laws/layers.hpp"

namespace {

using namespace ctnn;

struct plain {
    template <class T>
    using net = network<T, input<4, 2>, simple_rnn<3>, simple_rnn<2, gelu, last_step>>;
};
struct gated {
    template <class T>
    using net = network<T, input<3, 2>, gru<3>, gru<2, last_step>>;
};
struct gated_before {
    template <class T>
    using net = network<T, input<3, 1>, gru<2, reset_before>, gru<3, reset_before, last_step>>;
};
struct remembering {
    template <class T>
    using net = network<T, input<3, 2>, lstm<3>, lstm<2, last_step>>;
};
struct one_step {
    template <class T>
    using net = network<T, input<1, 1>, lstm<1>, gru<1>, simple_rnn<1>, gru<1, reset_before>>;
};

struct begun {
    template <class T>
    using net = network<T, input<3, 2>, simple_rnn<2, initial_state>, lstm<2, initial_state>,
                        bidirectional<gru<1, reset_before, initial_state>>, gru<2, last_step, initial_state>>;
};

struct activated {
    template <class T>
    using net =
        network<T, input<3, 2>, lstm<2, softsign, gate_activation<hard_sigmoid>>,
                lstm<2, cell_activation<elu>, gate_activation<softsign>>, gru<2, leaky_relu>,
                gru<2, reset_before, last_step, gate_activation<clipped<sigmoid, std::ratio<3, 2>>>, ctnn::exp>>;
};

struct both_ways {
    template <class T>
    using net =
        network<T, input<3, 2>, bidirectional<gru<2>>, dense<2, ctnn::tanh>, bidirectional<simple_rnn<1, last_step>>>;
};
struct truncated {
    // Truncated gradients are not derivatives of the loss: only the phases are compared.
    template <class T>
    using net = network<T, input<4, 1>, gru<2, truncation<2>>, lstm<1, truncation<3>>, simple_rnn<2, truncation<1>>,
                        gru<1, truncation<2>, initial_state>>;
};

using cases = std::tuple<plain, gated, gated_before, remembering, one_step, begun, activated, both_ways>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of, Case, cases) {
    laws::check_layer<Case>();
}

BOOST_AUTO_TEST_CASE(truncated_phases) {
    laws::check_layer_phases<truncated::net<double>>();
    laws::check_layer_phases<truncated::net<float>>();
}

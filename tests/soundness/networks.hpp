// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The networks of which bounds are kept: every kind of layer and activation that a proof can go through.
///
/// `visit` is called with each network type and its name: visit.template operator()<network<...>>("name").

#include <ctnn.hpp>

#include <ratio>

namespace soundness {

using namespace ctnn;

template <class T, class Activation, class Visit>
void visit_activation(Visit& visit, const char* name) {
    visit.template operator()<network<T, input<3>, dense<6, Activation>, dense<4, Activation>, dense<2>>>(name);
}

template <class T, class... Activations>
using activations_alone = network<T, input<1>, concatenate<axis<0>, branch<activation<Activations>>...>>;

template <class T, class Visit>
void visit_activations(Visit& visit) {
    visit_activation<T, relu>(visit, "relu");
    visit_activation<T, leaky_relu>(visit, "leaky_relu");
    visit_activation<T, relu6>(visit, "relu6");
    visit_activation<T, clip<std::ratio<-1>, unbounded>>(visit, "clip");
    visit_activation<T, ctnn::tanh>(visit, "tanh");
    visit_activation<T, sigmoid>(visit, "sigmoid");
    visit_activation<T, softplus>(visit, "softplus");
    visit_activation<T, softsign>(visit, "softsign");
    visit_activation<T, silu>(visit, "silu");
    visit_activation<T, gelu>(visit, "gelu");
    visit_activation<T, gelu_tanh>(visit, "gelu_tanh");
    visit_activation<T, elu>(visit, "elu");
    visit_activation<T, elu_with<std::ratio<1, 2>>>(visit, "elu_with");
    visit_activation<T, selu>(visit, "selu");
    visit_activation<T, hard_sigmoid>(visit, "hard_sigmoid");
    visit_activation<T, hard_swish>(visit, "hard_swish");
    visit_activation<T, clipped<ctnn::tanh, std::ratio<4, 5>>>(visit, "clipped");
    // Other names are other boxes.
    using alone = activations_alone<T, relu, leaky_relu, relu6, clip<std::ratio<-1>, unbounded>, ctnn::tanh, sigmoid,
                                    softplus, softsign, silu, gelu, gelu_tanh, elu, elu_with<std::ratio<1, 2>>, selu,
                                    hard_sigmoid, hard_swish>;
    for (const char* name : {"activations_alone", "activations_alone_2", "activations_alone_3"})
        visit.template operator()<alone>(name);
}

template <class T, class Visit>
void visit_affine_layers(Visit& visit) {
    visit.template
    operator()<network<T, input<4>, dense<16, relu>, dense<16, relu>, dense<16, relu>, dense<16, relu>, dense<3>>>(
        "deep");
    visit.template operator()<network<T, input<5>, dense<7, relu, no_bias>, dense<2, identity, no_bias>>>("no_bias");
    visit.template operator()<network<T, input<3, 4>, dense<4, ctnn::tanh>, flatten, dense<2>>>("sequence");
    visit.template operator()<network<T, input<2, 12>, conv1d<3, window<3>, relu, same>,
                                      conv1d<4, window<2>, stride<2>, ctnn::tanh>, flatten, dense<2>>>("conv1d");
    visit.template operator()<network<T, input<2, 6>, conv1d<4, window<3>, groups<2>, causal, dilation<2>, no_bias>,
                                      activation<relu>, flatten, dense<2>>>("conv1d_groups");
    visit.template
    operator()<network<T, input<1, 6, 6>, conv2d<3, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<2>>>(
        "conv2d");
    visit.template operator()<network<T, input<2, 4, 4>, average_pool2d<window<2>>, flatten, dense<4, relu>, dense<2>>>(
        "average_pool2d");
    visit.template
    operator()<network<T, input<2, 7>, max_pool1d<window<3>, stride<2>, padding<pad<1>>>, flatten, dense<2>>>(
        "max_pool1d");
    visit.template
    operator()<network<T, input<2, 8>, average_pool1d<window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "average");
    visit.template operator()<network<T, input<3, 4, 4>, global_average_pool, dense<2>>>("global_average");
    visit.template operator()<network<T, input<3, 4, 4>, conv2d<2, window<1>, relu>, global_max_pool, dense<2>>>(
        "global_maximum");
    visit.template
    operator()<network<T, input<3, 4>, conv1d_transpose<2, window<3>, stride<2>>, activation<relu>, flatten, dense<2>>>(
        "transposed");
    visit.template operator()<network<T, input<2, 2, 3>, conv2d_transpose<2, window<2, 3>, stride<2, 1>>,
                                      activation<relu>, flatten, dense<2>>>("transposed_images");
    visit.template operator()<network<T, input<4>, scale<relu>, dense<4, relu>, dense<2>>>("scale");
    visit.template operator()<network<T, input<4, 3>, batch_norm<relu>, flatten, dense<2>>>("batch_norm");
    visit.template operator()<network<T, input<2, 3>, linear_resize<axis<1>, 7>,
                                      linear_resize<axis<0>, 5, align_corners>, flatten, dense<3, ctnn::tanh>>>(
        "resized");
    visit.template operator()<network<T, input<2, 3>, reflect_pad<pad<1>, pad<2, 1>>, edge_pad<pad<2>>,
                                      wrap_pad<pad<0, 1>>, flatten, dense<3, ctnn::tanh>>>("paddings");
    visit.template operator()<network<T, input<2, 3>, permute<1, 0>, zero_pad<pad<1>, pad<0>>, slice<axis<0>, 1, 3>,
                                      upsample<2, 1>, reverse, flatten, dense<4, relu>, dense<2>>>("rearrangements");
    visit.template
    operator()<network<T, input<6>, reshape<2, 3>, dropout<std::ratio<1, 2>>, flatten, dense<4, relu>, dense<2>>>(
        "dropout");
}

template <class T, class Visit>
void visit_branches(Visit& visit) {
    visit.template operator()<network<T, input<4>, residual<dense<4, relu>>, activation<relu>,
                                      residual<dense<4, ctnn::tanh>, dense<4>>, dense<2>>>("residual");
    visit.template
    operator()<network<T, input<3>, sum<branch<dense<4, relu>>, branch<dense<2, relu>, dense<4>>, branch<dense<4>>>,
                       activation<relu>, dense<2>>>("sum");
    visit.template
    operator()<network<T, input<2, 3>, concatenate<axis<0>, branch<>, branch<conv1d<3, window<2>, same, relu>>>,
                       flatten, dense<4, relu>, dense<2>>>("concatenate");
    visit.template operator()<network<T, input<3>, sum<branch<>, branch<residual<dense<3, relu>>, dense<3, relu>>>,
                                      dense<4, relu>, concatenate<axis<0>, branch<dense<2>>, branch<>>, dense<2>>>(
        "nested");
    visit.template
    operator()<network<T, input<3>, product<branch<dense<4>>, branch<dense<4, sigmoid>>>, dense<4, relu>, dense<2>>>(
        "product");
    visit.template
    operator()<network<T, input<3>, product<branch<>, branch<dense<3, ctnn::tanh>>, branch<dense<3>>>, dense<2>>>(
        "product_of_three");
    visit.template operator()<network<T, input<2, 3>, matmul<branch<dense<4>>, branch<dense<4>, permute<1, 0>>>,
                                      activation<relu>, flatten, dense<2>>>("matmul");
    visit
        .template operator()<network<T, input<2, 2, 3>, matmul<branch<>, branch<permute<0, 2, 1>>>, flatten, dense<2>>>(
            "several_matrices");
    visit.template
    operator()<network<T, input<3>,
                       graph<node<"a", from<"input">, dense<4, relu>>, node<"b", from<"a">, dense<4, ctnn::tanh>>,
                             node<"joined", sum<from<"a">, from<"b">>, activation<relu>>,
                             node<"out", product<from<"joined">, from<"b">>, dense<2>>>>>("graph");
}

template <class T, class Visit>
void visit_intervals(Visit& visit) {
    visit.template operator()<network<T, input<4>, dense<4>, prelu<>, dense<2>>>("prelu");
    visit.template operator()<network<T, input<2, 3>, prelu<axis<1>>, flatten, dense<4, relu>, prelu<>, dense<2>>>(
        "prelu_of_an_axis");
    visit.template operator()<network<T, input<6>, dense<6>, layer_norm<ctnn::tanh>, dense<3>>>("layer_norm");
    visit.template operator()<network<T, input<3, 4>, layer_norm<identity, epsilon<>, no_affine>, flatten, dense<2>>>(
        "layer_norm_without_parameters");
    visit.template operator()<network<T, input<1, 2>, layer_norm<>>>("layer_norm_of_two");
    visit.template operator()<network<T, input<5, 3>, simple_rnn<4>, flatten, dense<2>>>("simple_rnn");
    visit.template operator()<network<T, input<6, 2>, simple_rnn<4, relu, last_step>, dense<2>>>(
        "simple_rnn_with_relu");
    visit.template operator()<network<T, input<5, 3>, gru<4>, flatten, dense<2>>>("gru");
    visit.template operator()<network<T, input<5, 3>, gru<4, reset_before, last_step>>>("gru_with_reset_before");
    visit.template operator()<network<T, input<5, 3>, dense<3, relu>, lstm<4, last_step>, dense<2>>>("lstm");
    visit.template operator()<network<T, input<5, 3>, lstm<4>>>("every_step_of_lstm");
    visit.template operator()<network<T, input<4, 2>, bidirectional<gru<3, last_step>>, dense<2>>>("bidirectional");
    visit.template
    operator()<network<T, input<4, 2>, lstm<3, softsign, gate_activation<hard_sigmoid>, cell_activation<elu>>,
                       gru<3, relu, gate_activation<clipped<sigmoid, std::ratio<1, 2>>>>>>("other_activations");
    visit.template operator()<network<T, input<3, 2>, gru<3, initial_state>, lstm<3, initial_state>,
                                      simple_rnn<3, initial_state, last_step>>>("initial_states");
    visit.template operator()<network<T, input<4>, dense<4, softmax>, dense<2>>>("softmax");
    visit.template operator()<network<T, input<2, 4>, dense<3>, activation<softmax>>>("softmax_of_rows");
    visit.template operator()<network<T, input<4>, dense<4, log_softmax>>>("log_softmax");
    visit.template operator()<network<T, input<3>, dense<2, reciprocal>, dense<2>>>("reciprocal");
    visit.template operator()<network<T, input<3>, dense<2, softplus>, activation<reciprocal>, dense<2>>>(
        "reciprocal_of_softplus");
}

/// One layer, so that no other one's margins hide that its own are too small.
template <class T, class Visit>
void visit_layers_alone(Visit& visit) {
    visit.template operator()<network<T, input<4>, dense<2>>>("dense_alone");
    visit.template operator()<network<T, input<4>, prelu<>>>("prelu_alone");
    visit.template operator()<network<T, input<4>, product<branch<>, branch<>>>>("square_alone");
    visit.template operator()<network<T, input<4>, product<branch<>, branch<>, branch<>>>>("cube_alone");
    visit.template operator()<network<T, input<3, 3>, matmul<branch<>, branch<>>>>("matmul_alone");
    visit.template operator()<network<T, input<3, 5>, layer_norm<identity, epsilon<>, no_affine>>>("layer_norm_alone");
    visit.template operator()<network<T, input<4>, activation<softmax>>>("softmax_alone");
    visit.template operator()<network<T, input<4>, activation<log_softmax>>>("log_softmax_alone");
    visit.template operator()<network<T, input<4>, activation<reciprocal>>>("reciprocal_alone");
}

/// Some that tests/random_networks/generate.py draws from seed 14.
template <class T, class Visit>
void visit_random_networks(Visit& visit) {
    visit.template operator()<network<
        T, input<4, 1, 4>,
        product<branch<sum<branch<layer_norm<sigmoid>>, branch<layer_norm<silu, epsilon<>, no_affine>>, branch<>>,
                       prelu<axis<1>>>,
                branch<scale<relu6, axis<0>>>, branch<>>,
        prelu<axis<2>>, layer_norm<gelu_tanh, epsilon<>, no_affine>>>("random_1");
    visit.template operator()<
        network<T, input<1, 3>, conv1d<1, window<1>, causal, sigmoid>, activation<leaky_relu>,
                sum<branch<>, branch<scale<relu, axis<0>>, dropout<std::ratio<1, 8>>>, branch<scale<silu, axis<0>>>>,
                conv1d<2, window<3>, causal, dilation<2>, relu>, permute<1, 0>>>("random_2");
    visit.template operator()<
        network<T, input<3, 3>, average_pool1d<window<1>, stride<2>>, upsample<2, 1>,
                matmul<branch<prelu<axis<0>>, permute<1, 0>>,
                       branch<sum<branch<simple_rnn<2, ctnn::tanh>, dropout<std::ratio<1, 6>>>,
                                  branch<average_pool1d<window<2>, stride<2>, padding<pad<1, 1>>>>, branch<>>>>>>(
        "random_3");
    visit.template operator()<network<
        T, input<3, 4, 1>, upsample<3>, conv2d<3, window<3, 3>, selu, same, dilation<2, 2>, stride<2, 3>, groups<3>>,
        conv2d<6, window<1, 1>, hard_swish, groups<3>, no_bias, stride<3, 2>, padding<pad<0, 1>, pad<1, 2>>>>>(
        "random_4");
    visit.template
    operator()<network<T, input<5, 2>, scale<selu, axis<1>>,
                       concatenate<axis<1>, branch<scale<silu, axis<1>>, sum<branch<scale<relu, axis<1>>>, branch<>>>,
                                   branch<>, branch<slice<axis<1>, 0, 2>, dropout<std::ratio<1, 8>>>>,
                       activation<sigmoid>>>("random_5");
    visit.template
    operator()<network<T, input<5, 1>, conv1d_transpose<1, window<2>, selu, same, stride<2>, dilation<2>>,
                       conv1d_transpose<2, window<2>, elu, stride<3>, same>,
                       average_pool1d<window<2>, stride<3>, padding<pad<1, 0>>, count_include_pad>>>("random_6");
    visit.template operator()<
        network<T, input<3, 1>, prelu<axis<1>>,
                product<branch<lstm<1>>, branch<scale<hard_sigmoid, axis<1>>, simple_rnn<1, ctnn::tanh>>, branch<>>,
                activation<ctnn::tanh>>>("random_7");
}

template <class T, class Visit>
void visit_networks(Visit& visit) {
    visit_activations<T>(visit);
    visit_affine_layers<T>(visit);
    visit_branches<T>(visit);
    visit_intervals<T>(visit);
    visit_layers_alone<T>(visit);
    if constexpr (sizeof(T) == sizeof(float)) visit_random_networks<T>(visit);
}

}  // namespace soundness

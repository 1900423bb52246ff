// A network as a user declares it, without weights.
#pragma once
#include <ctnn.hpp>

using keras_net = ctnn::network<float, ctnn::input<12, 1>, ctnn::permute<1, 0>,
                                ctnn::conv1d<4, ctnn::window<3>, ctnn::dilation<2>, ctnn::causal, ctnn::tanh>,
                                ctnn::permute<1, 0>, ctnn::gru<6>, ctnn::lstm<5>, ctnn::dense<1>>;

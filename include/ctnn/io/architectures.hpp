// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The network types that the captures in circulation have.

#include <ctnn/activation/leaky_relu.hpp>
#include <ctnn/io/capture_network.hpp>
#include <ctnn/io/player.hpp>

#include <cstddef>

namespace ctnn::io {

namespace detail {

/// The WaveNets that Neural Amp Modeler trains: two arrays, the first with `First` channels.
template <std::size_t First, std::size_t Second, class FirstDilations, class SecondDilations>
using nam_wavenet = wavenet_network<wavenet_array<First, window<3>, FirstDilations, conv1d<Second, window<1>, no_bias>>,
                                    wavenet_array<Second, window<3>, SecondDilations, conv1d<1, window<1>>>>;
using ten_dilations = dilations<1, 2, 4, 8, 16, 32, 64, 128, 256, 512>;
using seven_dilations = dilations<1, 2, 4, 8, 16, 32, 64>;
using thirteen_dilations = dilations<128, 256, 512, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512>;

/// Its WaveNet of the second architecture: one array, windows of 6 and 15, a head with a window of 16.
template <std::size_t Channels>
using nam_wavenet_2 = wavenet_network<
    wavenet_array<Channels, windows<6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 15, 15, 6, 6, 6, 6, 6, 6, 6>,
                  dilations<1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239, 1, 13, 1, 3, 7, 17, 41, 101, 239>,
                  conv1d<1, window<16>, causal>, leaky_relu>>;

}  // namespace detail

/// Neural Amp Modeler's WaveNets of its first architecture, by its names of their sizes.
using nam_standard = detail::nam_wavenet<16, 8, detail::ten_dilations, detail::ten_dilations>;
using nam_lite = detail::nam_wavenet<12, 6, detail::seven_dilations, detail::thirteen_dilations>;
using nam_feather = detail::nam_wavenet<8, 4, detail::seven_dilations, detail::thirteen_dilations>;
using nam_nano = detail::nam_wavenet<4, 2, detail::seven_dilations, detail::thirteen_dilations>;

/// Those of its second one, which come in one file (`player_options::channels` chooses).
using nam_a2 = detail::nam_wavenet_2<8>;
using nam_a2_small = detail::nam_wavenet_2<3>;

/// Those, and LSTMs of the usual sizes.
using nam_architectures =
    architectures<nam_standard, nam_lite, nam_feather, nam_nano, nam_a2, nam_a2_small, lstm_capture<3>, lstm_capture<8>,
                  lstm_capture<12>, lstm_capture<16>, lstm_capture<20>, lstm_capture<24>, lstm_capture<32>,
                  lstm_capture<40>, lstm_capture<8, 2>, lstm_capture<12, 2>, lstm_capture<16, 2>, lstm_capture<20, 2>,
                  lstm_capture<24, 2>>;

/// One recurrent layer of the sizes that GuitarML and AIDA-X train, with up to two controls.
using pedal_architectures =
    architectures<lstm_capture<8>, lstm_capture<12>, lstm_capture<16>, lstm_capture<20>, lstm_capture<24>,
                  lstm_capture<32>, lstm_capture<40>, lstm_capture<64>, lstm_capture<20, 1, 2>, lstm_capture<40, 1, 2>,
                  lstm_capture<20, 1, 3>, lstm_capture<40, 1, 3>, gru_capture<4>, gru_capture<8>, gru_capture<12>,
                  gru_capture<16>, gru_capture<20>, gru_capture<24>, gru_capture<32>, gru_capture<40>>;

}  // namespace ctnn::io

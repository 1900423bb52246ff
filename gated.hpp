// Written by ctnn::io::header_file; do not edit: it is regenerated.
#pragma once

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstdint>

namespace my {

using gated_real_type = ctnn::network<float, ctnn::input<3, 2>,
                                      ctnn::lstm<2>,
                                      ctnn::gru<1>,
                                      ctnn::gru<1, ctnn::reset_before>>;
using gated_type = ctnn::quantized<gated_real_type, ctnn::rounding::twice, ctnn::per_tensor, ctnn::ends_in_integers>;

inline constexpr gated_type gated = gated_type::from({.input = {0x1.010102p-6f, -1},
    .layers = gated_type::quantized_layers::parameters{.layers = {
        gated_type::quantized_layers::parameters::layer<0>{.weights = {
                -126, 65, 34, -127, -127, 61, -119, 127, -3, 127, 59, 63, -9, -73, 71, 98},
            .bias = {0, 0, 0, 0, 0, 0, 0, 0},
            .scales = {
                0x1.eb1b42p-8f, 0x1.0df384p-7f, 0x1.666ccap-8f, 0x1.eb5874p-8f},
            .recurrent_weights = {
                -62, -127, -110, 29, 93, 127, 70, -127, 39, 125, -95, -127, 41, 108, 80, 92},
            .recurrent_scales = {
                0x1.f4ab4ap-8f, 0x1.df24f2p-8f, 0x1.135d96p-7f, 0x1.8672f2p-8f},
            .output = {0x1.6ba81ap-9f, -32},
            .cell = {0x1p-15f, 0},
            .cell_limit = 32768},
        gated_type::quantized_layers::parameters::layer<1>{.weights = {-127, 127, -54, -118, -8, 127},
            .bias = {0, 0, 0},
            .scales = {0x1.c5e796p-8f, 0x1.230a42p-7f, 0x1.ef1b56p-9f},
            .recurrent_weights = {-127, -127, -127},
            .recurrent_bias = {0, 0, 0},
            .recurrent_scales = {0x1.b2dd94p-9f, 0x1.d1e22cp-9f, 0x1.32600cp-7f},
            .output = {0x1.9bb23cp-12f, 37}},
        gated_type::quantized_layers::parameters::layer<2>{.weights = {127, 127, 127},
            .bias = {0, 0, 0},
            .scales = {0x1.c9b468p-13f, 0x1.7195ep-8f, 0x1.3e784ap-7f},
            .recurrent_weights = {-127, 127},
            .recurrent_scales = {0x1.467edap-8f, 0x1.053686p-9f},
            .candidate_weights = {127},
            .candidate_scales = {0x1.60a246p-7f},
            .output = {0x1.291828p-12f, 51}}}}});

static_assert(sizeof(gated) == 372);
static_assert(gated_type::multiply_accumulates == 141);

inline constexpr ctnn::tensor<std::int8_t, ctnn::shape<3, 2>> gated_check_input{17, 62, 120, -15, -15, 67};

inline constexpr ctnn::tensor<std::int8_t, ctnn::shape<3, 1>> gated_check_output{-20, 67, 80};

constexpr bool gated_answers() {
    return gated(gated_check_input) == gated_check_output;
}
static_assert(gated_answers(), "gated no longer computes the recorded outputs");

}  // namespace my

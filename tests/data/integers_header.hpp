// Written by ctnn::io::header_file; do not edit: it is regenerated.
#pragma once

#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstdint>

namespace my {

using q_real_type = ctnn::network<float, ctnn::input<2>,
                                  ctnn::dense<2, ctnn::relu>>;
using q_type = ctnn::quantized<q_real_type, ctnn::rounding::once, ctnn::per_tensor, ctnn::ends_in_integers>;

inline constexpr q_type q = q_type::from({.input = {0x1p-1f, -3},
    .layers = q_type::quantized_layers::parameters{.layers = {
        q_type::quantized_layers::parameters::layer<0>{.matrix = {.weights = {1, -2, 3, 127},
                .bias = {100, -5},
                .scales = {0x1p-2f}},
            .linear = {0x1p+0f, -128},
            .output = {0x1p+0f, -128}}}}});

static_assert(sizeof(q) == 52);
static_assert(q_type::multiply_accumulates == 4);

inline constexpr ctnn::tensor<std::int8_t, ctnn::shape<2>> q_check_input{17, 62};

inline constexpr ctnn::tensor<std::int8_t, ctnn::shape<2>> q_check_output{-89, 127};

constexpr bool q_answers() {
    return q(q_check_input) == q_check_output;
}
static_assert(q_answers(), "q no longer computes the recorded outputs");

}  // namespace my

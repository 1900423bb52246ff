// Written by ctnn::io::header_file; do not edit: it is regenerated.
#pragma once

#include <ctnn.hpp>

#include <cstdint>

namespace my::small {

using model_type = ctnn::network<float, ctnn::input<2>,
                                 ctnn::dense<1, ctnn::relu>,
                                 ctnn::dense<2, ctnn::identity, ctnn::no_bias>>;

inline constexpr model_type model{.layers = {
    ctnn::layer_t<0, model_type>{
        .weights = {0x1p-1f, -0x0p+0f},
        .bias = {0x1p+0f}},
    ctnn::layer_t<1, model_type>{
        .weights = {0x1.99999ap-4f, -0x1.8p+1f}}}};

static_assert(model_type::parameter_count == 5);
static_assert(model_type::parameter_bytes == 20);
static_assert(sizeof(model) == 20);
static_assert(model_type::multiply_accumulates == 4);

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_input{0x1.8p-1f, 0x1.8p-1f};

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_output{0x1.19999ap-3f, -0x1.08p+2f};

// The outputs may differ where multiply-adds are fused, hence the tolerance.
constexpr bool model_answers() {
    return ctnn::near(model(model_check_input), model_check_output, 1e-4f);
}
static_assert(model_answers(), "model no longer computes the recorded outputs");

}  // namespace my::small

// Written by ctnn::io::header_file; do not edit: it is regenerated.
#pragma once

#include <ctnn.hpp>

#include <cstdint>

namespace exclusive_or {

using model_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<4, ctnn::tanh>, ctnn::dense<2, ctnn::softmax>>;

inline constexpr model_type model{
    .layers = {
        ctnn::layer_t<0, model_type>{.weights = {0x1.3b915cp+0f, 0x1.b65196p+1f, 0x1.d991d6p+1f, 0x1.688d82p+1f,
                                                 -0x1.8f5ab4p+1f, 0x1.c0dcb2p+1f, 0x1.c6a4d8p+1f, 0x1.4e0f98p-1f},
                                     .bias = {-0x1.5e0ceep-3f, -0x1.43e8a2p+0f, -0x1.58011p+0f, -0x1.07786ep+1f}},
        ctnn::layer_t<1, model_type>{.weights = {-0x1.979d52p+1f, 0x1.abf7cap+1f, -0x1.6d1f7p+1f, 0x1.6f9222p+1f,
                                                 -0x1.4011eap+1f, 0x1.3c3bf8p+1f, 0x1.8e79p+1f, -0x1.f41ac4p+1f},
                                     .bias = {0x1.028634p+1f, -0x1.028632p+1f}}}};

static_assert(model_type::parameter_count == 22);
static_assert(model_type::parameter_bytes == 88);
static_assert(sizeof(model) == 88);
static_assert(model_type::multiply_accumulates == 16);

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_input{0x1.8p-1f, 0x1.8p-1f};

inline constexpr ctnn::tensor<float, ctnn::shape<2>> model_check_output{0x1.e395b6p-1f, 0x1.c6a488p-5f};

// The outputs may differ where multiply-adds are fused, hence the tolerance.
constexpr bool model_answers() {
    return ctnn::near(model(model_check_input), model_check_output, 1e-4f);
}
static_assert(model_answers(), "model no longer computes the recorded outputs");

}  // namespace exclusive_or

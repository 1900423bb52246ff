// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// ONNX activations that are operators themselves and are used in recurrent operators too.

#include <cmath>

namespace ctnn_import {

inline double onnx_sigmoid(double x) {
    return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}
inline double onnx_tanh(double x) {
    return std::tanh(x);
}
inline double onnx_relu(double x) {
    return x < 0 ? 0 : x;
}

}  // namespace ctnn_import

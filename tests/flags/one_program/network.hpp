// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A function for each part of the program, and the same network in all of them.

#include <ctnn.hpp>

namespace one_program {

float plain(float x), wide(float x), loose(float x);

namespace {

/// Everything in it except ctnn's templates is local to this part.
[[maybe_unused]] float output(float x) {
    using net = ctnn::network<float, ctnn::input<64>, ctnn::dense<64, ctnn::tanh>, ctnn::dense<3, ctnn::softmax>>;
    static const net trained = ctnn::initialize<net>(ctnn::glorot_uniform{}, 1);
    ctnn::tensor<float, ctnn::shape<64>> inputs{};
    inputs[0] = x;
    return trained(inputs)[2];
}

}  // namespace

}  // namespace one_program

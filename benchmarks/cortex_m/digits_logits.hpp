// SPDX-License-Identifier: BSL-1.0
// The 64-32-10 of the digits without its softmax.
#pragma once

#include "digits_model.hpp"

using logits_type = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10>>;
inline constexpr logits_type digits_logits = [] {
    logits_type result{};
    ctnn::get<0>(result).weights = ctnn::get<0>(digits::model).weights;
    ctnn::get<0>(result).bias = ctnn::get<0>(digits::model).bias;
    ctnn::get<1>(result).weights = ctnn::get<1>(digits::model).weights;
    ctnn::get<1>(result).bias = ctnn::get<1>(digits::model).bias;
    return result;
}();

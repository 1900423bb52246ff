// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The network for the digits, in ctnn.

#include "digits.hpp"

#include <ctnn.hpp>

#include <cstddef>

using digits_net = ctnn::network<float, ctnn::input<64>, ctnn::dense<32, ctnn::relu>, ctnn::dense<10, ctnn::softmax>>;

constexpr digits_net digits_start() {
    digits_net net{};
    for (std::size_t i = 0; i < 64; ++i)
        for (std::size_t o = 0; o < 32; ++o) ctnn::get<0>(net).weights.values[i * 32 + o] = digits::weights1[i][o];
    for (std::size_t i = 0; i < 32; ++i)
        for (std::size_t o = 0; o < 10; ++o) ctnn::get<1>(net).weights.values[i * 10 + o] = digits::weights2[i][o];
    return net;
}

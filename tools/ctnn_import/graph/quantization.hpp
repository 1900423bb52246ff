// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How the integers of a tensor stand for real numbers.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ctnn_import {

/// real = scale (integer - zero point), with one scale for the tensor, or one for each index of an axis. No scales: the
/// numbers are what they are.
struct quantization {
    std::vector<double> scales;             ///< finite and above 0; floats in the file
    std::vector<std::int64_t> zero_points;  ///< as many as scales, each a value of the tensor's type
    std::size_t axis = 0;                   ///< of the scales, if there are several

    bool exists() const { return !scales.empty(); }
    friend bool operator==(const quantization&, const quantization&) = default;
};

}  // namespace ctnn_import

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Cost estimates of networks, for reports and to tell what fits into constant evaluation.

#include "spec/network.hpp"

#include <cstdint>

namespace ctnn_import {

struct cost {
    std::int64_t parameters = 0, multiply_accumulates = 0;
    double steps = 0;  ///< of constant evaluation, for one sample, as counted by clang: an upper estimate
};

/// Steps are those of the table in docs/layers.md plus a margin of one half.
cost cost_of(const layer& what);
cost cost_of(const chain& layers);

/// clang's default limit for one constant.
inline constexpr double default_steps = 1048576;

}  // namespace ctnn_import

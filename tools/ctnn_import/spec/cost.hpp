// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How much work a network is: for reports, and to know what fits into a constant.

#include "spec/network.hpp"

#include <cstdint>

namespace ctnn_import {

struct cost {
    std::int64_t parameters = 0, multiply_accumulates = 0;
    double steps = 0;  ///< of constant evaluation, for one sample, as clang counts them: an upper estimate
};

/// Steps are those of the table in docs/layers.md, and half as many again.
cost cost_of(const layer& what);
cost cost_of(const chain& layers);

/// clang's default limit for one constant.
inline constexpr double default_steps = 1048576;

}  // namespace ctnn_import

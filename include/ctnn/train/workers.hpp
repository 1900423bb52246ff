// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Who computes the jobs that a training is divided into.

#include <ctnn/config.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// Workers that do one job after another in the calling thread. Workers are any object for which `workers(count, f)` calls
/// f(0) ... f(count - 1) once each, in any order and in any threads, and returns when all have returned.
struct in_order {
    template <class F>
    constexpr void operator()(std::size_t count, F&& f) const {
        for (std::size_t i = 0; i < count; ++i) f(i);
    }
};

}  // namespace CTNN_NAMESPACE

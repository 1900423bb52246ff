// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A gain whose changes cannot be heard as steps.

#include <cmath>
#include <cstddef>

/// Multiplies a signal by a gain that follows its control within some 20 ms. The bits do not depend on the sizes of blocks.
class smooth_gain {
  public:
    explicit smooth_gain(double sample_rate) : share_{static_cast<float>(1 - std::exp(-1 / (0.005 * sample_rate)))} {}

    /// It begins where its control is.
    void reset() noexcept { now_ = -1; }

    /// y may be x.
    void apply(const float* x, float* y, std::size_t count, float decibels) noexcept {
        const float target = factor(decibels);
        if (now_ < 0) now_ = target;
        for (std::size_t t = 0; t < count; ++t) {
            now_ += share_ * (target - now_);
            y[t] = x[t] * now_;
        }
    }

    static float factor(float decibels) noexcept { return std::pow(10.0F, decibels / 20); }

  private:
    float share_, now_ = -1;
};

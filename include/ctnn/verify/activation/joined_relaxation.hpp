// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof needs of the activations of several outputs.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/joined_activation.hpp>
#include <ctnn/config.hpp>
#include <ctnn/verify/activation/relaxation.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

template <class... Parts>
struct activation_model<joined_activation<Parts...>> {
    static constexpr bool is_known = (... && activation_model<typename Parts::activation>::is_known);

    template <class T, std::size_t Width>
    static constexpr void over_row(const double* lower, const double* upper, relaxation* lines) {
        (over_part<T, Parts>(lower + Parts::offset, upper + Parts::offset, lines + Parts::offset), ...);
    }

  private:
    template <class T, class Part>
    static constexpr void over_part(const double* lower, const double* upper, relaxation* lines) {
        using relaxed = activation_model<typename Part::activation>;
        if constexpr (elementwise_activation<typename Part::activation, double>)
            for (std::size_t i = 0; i < Part::size; ++i) lines[i] = relaxed::template over<T>(lower[i], upper[i]);
        else
            for (std::size_t at = 0; at < Part::size; at += Part::width)
                relaxed::template over_row<T, Part::width>(lower + at, upper + at, lines + at);
    }
};

}  // namespace CTNN_NAMESPACE

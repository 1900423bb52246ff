// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A loss for each output of a network that has several.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/joined_activation.hpp>
#include <ctnn/config.hpp>
#include <ctnn/loss/rule.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

template <class... Losses>
struct losses;

namespace detail {

/// `losses`, for outputs with these activations.
template <class Losses, class Activation>
struct losses_of_parts;
template <class... Losses, class... Parts>
struct losses_of_parts<losses<Losses...>, joined_activation<Parts...>> {
    const losses<Losses...>& given;

    /// The weighted sum of the losses of one sample; with `Gradient`, also dz[i] = scale dL/dz[i].
    template <std::size_t Width, bool Gradient, class T>
    CTNN_INLINE constexpr T sample(const T* z, const T* target, T scale, T* dz) const {
        T total{};
        [&]<std::size_t... Index>(std::index_sequence<Index...>) CTNN_INLINE {
            ((total +=
              static_cast<T>(given.weights[Index]) *
              part<Gradient, Parts>(boost::hana::at_c<Index>(given.each), z + Parts::offset, target + Parts::offset,
                                    scale * static_cast<T>(given.weights[Index]) / static_cast<T>(Parts::rows),
                                    dz + Parts::offset)),
             ...);
        }
        (std::index_sequence_for<Parts...>{});
        return total;
    }

  private:
    /// The mean loss of the rows of one output.
    template <bool Gradient, class Part, class Loss, class T>
    CTNN_INLINE static constexpr T part(const Loss& loss, const T* z, const T* target, T scale, T* dz) {
        using activation = typename Part::activation;
        constexpr std::size_t rows = Part::rows, width = Part::width;
        T total{};
        if constexpr (Loss::template takes_logits<activation>) {
            for (std::size_t row = 0; row < rows; ++row)
                total += loss.template sample<width, Gradient>(z + row * width, target + row * width, scale,
                                                               dz + row * width);
        } else {
            T y[Part::size]{};
            activate<activation, rows, width>(z, y);
            for (std::size_t row = 0; row < rows; ++row)
                total += loss.template sample<width, Gradient>(static_cast<const T*>(y) + row * width,
                                                               target + row * width, scale, dz + row * width);
            if constexpr (Gradient)
                activate_backward<activation, rows, width>(static_cast<const T*>(y), static_cast<const T*>(y), dz);
        }
        return total / static_cast<T>(rows);
    }
};

/// Whether each loss goes with the activation of its output, and has enough outputs to compare.
template <class Losses, class Activation>
inline constexpr bool losses_accept = false;
template <class... Losses, class... Parts>
requires(sizeof...(Losses) ==
         sizeof...(Parts)) inline constexpr bool losses_accept<losses<Losses...>, joined_activation<Parts...>> =
    (... && loss_fits<Losses, typename Parts::activation, Parts::width>);

}  // namespace detail

/// L = w_0 L_0 + w_1 L_1 + ..., a loss for each output of a graph with several, in the order of its `outputs`.
///
/// Members: `weights`, one each; `each`, the losses themselves, for those with values, such as `huber`. An output that is
/// a sequence contributes the mean over its steps.
/// *Errors*: "ctnn: this loss does not go with the activation of the last layer", if there are not as many losses as
/// outputs, or one does not go with its output.
/// *Example*: `fit(net, x, t, adam{}, {.epochs = 100}, losses<cross_entropy, mean_squared_error>{{1, 0.5}})`.
template <class... Losses>
struct losses {
    double weights[sizeof...(Losses)];
    boost::hana::tuple<Losses...> each{};

    /// All weights are 1, unless given.
    constexpr losses() {
        for (double& weight : weights) weight = 1;
    }
    constexpr losses(const double (&chosen_weights)[sizeof...(Losses)]) : losses(chosen_weights, Losses{}...) {}
    constexpr losses(const double (&chosen_weights)[sizeof...(Losses)], const Losses&... losses_of_outputs)
        : each{losses_of_outputs...} {
        for (std::size_t i = 0; i < sizeof...(Losses); ++i) weights[i] = chosen_weights[i];
    }

    template <class Activation>
    static constexpr bool accepts = detail::losses_accept<losses, Activation>;
    /// Activations are applied here, where a loss does not take logits.
    template <class Activation>
    static constexpr bool takes_logits = true;

    /// The loss of a row of all outputs.
    template <class Activation>
    constexpr auto bound_to() const {
        return detail::losses_of_parts<losses, Activation>{*this};
    }
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Robust classification: no input of an L-infinity ball changes the predicted class.

#include <ctnn/activation/softmax.hpp>
#include <ctnn/config.hpp>
#include <ctnn/metric/data_rule.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/prove.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// The negation of "class `label` is predicted": another output is as large, or within `margin` of it.
template <std::size_t Outputs>
constexpr auto other_class(std::size_t label, double margin) {
    normal_form<Outputs - 1, 1, Outputs> result{};
    for (std::size_t d = 0, other = 0; d < Outputs - 1; ++d, ++other) {
        if (other == label) ++other;
        result.counts[d] = 1;
        result.rows[d][0].coefficients[other] = 1;
        result.rows[d][0].coefficients[label] = -1;
        result.rows[d][0].constant = margin;
    }
    return result;
}

/// What a proof about classes needs of a network.
template <class Net>
struct class_rule {
    using chain_type = typename Net::chain_type;
    using last_activation = typename chain_type::template layer<chain_type::count - 1>::activation;
    static constexpr std::size_t outputs = Net::output_shape::size;
    /// One over all outputs; behind others, proofs are refused.
    static constexpr bool has_softmax = std::is_same_v<last_activation, softmax> && Net::output_shape::last == outputs;

    static constexpr bool is_met() {
        static_assert(outputs > 1, "ctnn::robust: the network has several outputs, one for each class");
        if constexpr (outputs > 1)
            return is_classifier_of<Net>() && can_be_proved<Net>;
        else
            return false;
    }
    static constexpr auto negation(std::size_t label) { return other_class<outputs>(label, has_softmax ? 0x1p-16 : 0); }
};

}  // namespace detail

/// Searches for a proof that a network predicts class `label` for every input of a box: that output is larger than each
/// other one.
///
/// Behind softmax it is the logits that are compared, with a margin of 2^-16, which rounding in softmax does not close.
/// *Errors*: as for `predict` and `prove`, and "ctnn::robust: the network has several outputs, one for each class".
template <class Net>
constexpr auto prove_class(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                           std::size_t label, const prove_options& options = {}, call_site at = call_site::here()) {
    using rule = detail::class_rule<Net>;
    if constexpr (rule::is_met()) {
        detail::require_valid(inside.is_valid(), at);
        detail::require(label < rule::outputs, "ctnn: a label is not a class of the network", at);
        if (inside.is_valid() && label < rule::outputs)
            return detail::search_for<!rule::has_softmax>(
                net, rule::negation(label), [&](auto& here) { return here.decide(inside, options.boxes); });
    }
    return detail::proof_of<Net>{verdict::undecided, {}, 0, detail::no_bound};
}

/// Whether a network is proved to predict class `label` for every input within `radius` of x in each element.
/// *Example*: `static_assert(robust(digits::model, image, 7, 0.05f));`
template <class Net>
constexpr bool robust(const Net& net, const tensor<typename Net::value_type, typename Net::input_shape>& x,
                      std::size_t label, typename Net::value_type radius, const prove_options& options = {},
                      call_site at = call_site::here()) {
    return prove_class(net, ball(x, radius), label, options, at).outcome == verdict::proved;
}

/// The share of samples for which a network is robust: a lower bound of its accuracy under every perturbation of at most
/// `radius` in each element.
///
/// *Errors*: as for `accuracy` and `robust`.
template <class Net, class Inputs, class Labels>
constexpr double certified_accuracy(const Net& net, const Inputs& inputs, const Labels& labels,
                                    typename Net::value_type radius, const prove_options& options = {},
                                    call_site at = call_site::here()) {
    using T = typename Net::value_type;
    using rule = detail::class_rule<Net>;
    if constexpr (rule::is_met() && detail::class_data_fits<Net, Inputs, Labels>()) {
        const auto all = as_samples(inputs);
        const auto classes = as_samples(labels);
        auto negation = rule::negation(0);
        const auto count_certified = [&](auto& here) {
            std::size_t certified = 0;
            for (std::size_t i = 0; i < all.count; ++i) {
                tensor<T, typename Net::input_shape> x{};
                for (std::size_t k = 0; k < Net::input_shape::size; ++k) x[k] = static_cast<T>(all[i][k]);
                const auto inside = ball(x, radius);
                const auto label = static_cast<std::size_t>(*classes[i]);
                detail::require_valid(inside.is_valid(), at);
                detail::require(label < rule::outputs, "ctnn: a label is not a class of the network", at);
                if (!inside.is_valid() || label >= rule::outputs) continue;
                negation = rule::negation(label);
                certified += here.decide(inside, options.boxes) == verdict::proved ? 1 : 0;
            }
            return certified;
        };
        const std::size_t certified = detail::with_search<!rule::has_softmax>(net, negation, count_certified);
        return static_cast<double>(certified) / static_cast<double>(all.count);
    } else {
        return 0;
    }
}

}  // namespace CTNN_NAMESPACE

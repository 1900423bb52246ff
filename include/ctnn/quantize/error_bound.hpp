// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// How far a network of integers is from the network of real numbers, at most, for all inputs of a box.

#include <ctnn/activation/activate.hpp>
#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/convert.hpp>
#include <ctnn/network.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/quantize/bound/branches_difference.hpp>
#include <ctnn/quantize/bound/difference_lines.hpp>
#include <ctnn/quantize/bound/layer_kinds.hpp>
#include <ctnn/quantize/bound/network_difference.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/quantization.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/layer/interval_model.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// Whether the error of a quantised layer can be bounded. It is false where it is named in an error.
template <class Layer>
inline constexpr bool has_error_bound = false;

namespace detail {

/// What an error message names.
template <class Layer, class Quantised>
struct quantised_as {};

}  // namespace detail

template <class Layer, class Quantised>
inline constexpr bool has_error_bound<detail::quantised_as<Layer, Quantised>> =
    (!is_composite<Layer> || detail::combines_branches<Quantised>)&&detail::is_bounded_kind<Quantised>;

namespace detail {

template <class Chain, class Quantised, std::size_t Index = 0>
constexpr bool has_error_bounds();
template <class Layer, class Quantised>
constexpr bool have_branches_error_bounds() {
    if constexpr (combines_branches<Quantised>) return []<std::size_t... Branch>(std::index_sequence<Branch...>) {
            return (... &&
                    has_error_bounds<typename Layer::template chain_at<Branch>, quantised_branch<Quantised, Branch>>());
        }
    (std::make_index_sequence<Layer::branch_count>{});
    else return true;
}

template <class Chain, class Quantised, std::size_t Index>
constexpr bool has_error_bounds() {
    if constexpr (Index == Chain::count) {
        return true;
    } else {
        using layer = typename Chain::template layer<Index>;
        using quantised_layer = typename Quantised::template layer<Index>;
        constexpr bool is_known = has_error_bound<quantised_as<layer, quantised_layer>>;
        static_assert(has_error_bound<quantised_as<layer, quantised_layer>>,
                      "ctnn::error_bound: the error of this kind of layer cannot be bounded");
        constexpr bool goes_on = is_known && have_branches_error_bounds<layer, quantised_layer>();
        return goes_on && has_error_bounds<Chain, Quantised, (goes_on ? Index + 1 : Chain::count)>();
    }
}

/// Whether the layers that run in float are those of the network, and means keep the quantisation.
template <class Chain, class Quantised>
constexpr bool have_same_layers(const typename Chain::storage& net, const Quantised& quantised) {
    const auto is_same = [](const auto& of_net, const auto& other) {
        using layer = std::remove_cvref_t<decltype(of_net)>;
        using quantised_layer = std::remove_cvref_t<decltype(other)>;
        if constexpr (runs_in_float<quantised_layer>)
            return of_net == other.layer;
        else if constexpr (combines_branches<quantised_layer>)
            return [&]<std::size_t... Branch>(std::index_sequence<Branch...>) {
                return (... &&
                        have_same_layers<typename layer::template chain_at<Branch>>(
                            layer::template storage_of<Branch>(of_net), boost::hana::at_c<Branch>(other.branches)));
            }
        (std::make_index_sequence<layer::branch_count>{});
        else if constexpr (requires { other.mean; }) return !other.mean.is_rescaled;
        else return true;
    };
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        return (... && is_same(Chain::template at<Index>(net), boost::hana::at_c<Index>(quantised.layers)));
    }
    (std::make_index_sequence<Chain::count>{});
}

/// The difference of what a quantised input represents and the input, anywhere between `lower` and `upper`.
template <class Rounding>
constexpr interval input_difference(const quantization& to, double lower, double upper, float first, float last) {
    const double error = quantization_error(to, larger(magnitude(lower), magnitude(upper))),
                 from_lower = to.lower() - lower, from_upper = to.upper() - upper;
    const interval by_steps = outer_difference(
        {to.number(Rounding::quantize(first, to)), to.number(Rounding::quantize(last, to))}, {lower, upper});
    return {larger(by_steps.lower, smaller(0, from_upper) - error),
            smaller(by_steps.upper, larger(0, from_lower) + error)};
}

}  // namespace detail

/// For each output, a bound of |q(x) - net(x)| for all inputs x of a box, where both are what the programs compute.
///
/// The quantisation of inputs and weights, the rounding of sums, tables and saturation are in it, entry by entry, and the
/// rounding of the network's own arithmetic, with any of the supported compilers and flags. It is infinite where a value may
/// overflow, where q's layers in float are not those of the network, where a mean of a file changes the quantisation, or where a sum
/// or concatenation has other factors than those of its scales. The bound is one of real numbers: a subtraction in float is rounded
/// once more. Without `Activated`, it is one of the logits, where q ends in sums.
/// *Cost*: that of `bounds`, and for each unit of a hidden layer but the first, and for each output, four backward passes; eight for
/// each output of branches.
/// *Errors*: "ctnn: a proof cannot go through this kind of layer", "ctnn: a proof cannot go through this activation",
/// "ctnn::error_bound: the error of this kind of layer cannot be bounded", "ctnn::error_bound: a network that ends in
/// integers has no logits"; as a precondition, "ctnn::box: each lower bound is at most its upper bound, and both are finite".
/// *Example*: `error_bounds(model, q, box<float, shape<64>>::all(0, 16))[3] < 2`.
template <bool Activated = true, class Net, class Rounding, class Granularity, class End>
constexpr auto error_bounds(const Net& net, const quantized<detail::network_of<Net>, Rounding, Granularity, End>& q,
                            const box<typename Net::value_type, typename Net::input_shape>& inside,
                            call_site at = call_site::here()) {
    using T = typename Net::value_type;
    using plain = detail::network_of<Net>;
    using quantised = quantized<plain, Rounding, Granularity, End>;
    using real_chain = detail::real_chain_of<Net>;
    constexpr std::size_t inputs = Net::input_shape::size, outputs = Net::output_shape::size;
    tensor<double, typename Net::output_shape> result{};
    for (double& bound : result) bound = detail::no_bound;
    constexpr bool has_logits = Activated || quantised::has_sums;
    static_assert(has_logits, "ctnn::error_bound: a network that ends in integers has no logits");
    if constexpr (has_logits && detail::can_be_proved<Net>) {
        if constexpr (detail::has_error_bounds<typename Net::chain_type, typename quantised::quantized_layers>()) {
            detail::require(inside.is_valid(),
                            "ctnn::box: each lower bound is at most its upper bound, and both are finite", at);
            const plain& of = net;
            if (!inside.is_valid() || !detail::have_same_layers<typename Net::chain_type>(of.layers, q.layers))
                return result;
            using real_net = decltype(convert<double>(of));
            using prover = detail::network_difference<T, Rounding, real_chain, typename quantised::quantized_layers>;
            const real_net real = convert<double>(of);
            real_net magnitudes = real;
            detail::chain_prover<T, real_chain>::make_magnitudes(magnitudes.layers);
            detail::interval x[inputs]{}, d[inputs]{};
            for (std::size_t i = 0; i < inputs; ++i) {
                x[i] = {static_cast<double>(inside.lower[i]), static_cast<double>(inside.upper[i])};
                d[i] = detail::input_difference<Rounding>(q.input, x[i].lower, x[i].upper,
                                                          static_cast<float>(inside.lower[i]),
                                                          static_cast<float>(inside.upper[i]));
            }
            detail::with_placed<prover>([&](prover& here) {
                if (!here.template bound<Activated>(real.layers, magnitudes.layers, q.layers, q.input, x, d)) return;
                for (std::size_t i = 0; i < outputs; ++i) {
                    const detail::interval error = here.output(i);
                    // Outputs of q that are dequantised are rounded to T.
                    const double rounding = quantised::has_sums
                                                ? 0
                                                : 2 * detail::unit_roundoff<T> *
                                                      detail::larger(detail::magnitude(q.output.lower()),
                                                                     detail::magnitude(q.output.upper()));
                    result[i] = detail::larger(-error.lower, error.upper) + rounding;
                }
            });
        }
    }
    return result;
}

/// The largest of these bounds. *Example*: `static_assert(error_bound(model, q, pixels) <= 3.5);`
template <bool Activated = true, class Net, class Rounding, class Granularity, class End>
constexpr double error_bound(const Net& net, const quantized<detail::network_of<Net>, Rounding, Granularity, End>& q,
                             const box<typename Net::value_type, typename Net::input_shape>& inside,
                             call_site at = call_site::here()) {
    double result = 0;
    for (const double bound : error_bounds<Activated>(net, q, inside, at)) result = bound > result ? bound : result;
    return result;
}

}  // namespace CTNN_NAMESPACE

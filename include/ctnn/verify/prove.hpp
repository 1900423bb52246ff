// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Proofs of properties over boxes, bounds of outputs, and counterexamples.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/train/place.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/network/provable.hpp>
#include <ctnn/verify/network/prover.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/search.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE {

/// The effort of a search: how many boxes it may bound.
struct prove_options {
    std::size_t boxes = 1000;
};

/// The outcome of a search: `counterexample` is an input of the box that refutes the property, if it is refuted; `boxes`, how
/// many were bounded; `gap`, if it is undecided, by how much the bounds of the worst part of the box fall short of a proof: the
/// difference between both sides of the nearest inequality, infinite where nothing is known.
template <class T, class Shape>
struct proof {
    verdict outcome;
    tensor<T, Shape> counterexample;
    std::size_t boxes;
    double gap;
};

/// Whether an outcome is no refutation, and no search that spent its budget. They are false where they are named in an
/// error, with the counterexample.
template <auto Proof>
inline constexpr bool has_no_counterexample = Proof.outcome != verdict::refuted;
template <auto Proof>
inline constexpr bool is_decided = Proof.outcome != verdict::undecided;

namespace detail {
template <auto Proof>
constexpr bool check_proof() {
    static_assert(has_no_counterexample<Proof>,
                  "ctnn::proved: the property is refuted, by the input that the message shows");
    static_assert(is_decided<Proof>, "ctnn::proved: the property is not proved within the budget of boxes");
    return Proof.outcome == verdict::proved;
}
}  // namespace detail

/// Whether an outcome of `prove` is a proof; if not, the compiler's message says why, with the counterexample:
/// `static_assert(proved<prove(policy, states, output<0> > output<1>)>);`
///
/// *Errors*: "ctnn::proved: the property is refuted, by the input that the message shows", "ctnn::proved: the property is
/// not proved within the budget of boxes".
template <auto Proof>
inline constexpr bool proved = detail::check_proof<Proof>();

namespace detail {

constexpr void require_valid(bool is_valid, call_site at) {
    require(is_valid, "ctnn::box: each lower bound is at most its upper bound, and both are finite", at);
}

/// `f(search)`.
template <bool Activated, class Net, class NormalForm, class F>
constexpr auto with_search(const Net& net, const NormalForm& negation, F&& f) {
    const network_of<Net>& plain = net;
    return with_placed<search<network_of<Net>, NormalForm, Activated>>(f, plain, negation);
}
template <class Net>
using proof_of = proof<typename Net::value_type, typename Net::input_shape>;

/// The proof, or none, that `decide(search)` finds for a negation.
template <bool Activated, class Net, class NormalForm, class F>
constexpr proof_of<Net> search_for(const Net& net, const NormalForm& negation, F&& decide) {
    return with_search<Activated>(net, negation, [&](auto& here) {
        const verdict outcome = decide(here);
        return proof_of<Net>{outcome, here.counterexample(), here.boxes(),
                             outcome == verdict::undecided ? here.gap() : 0};
    });
}
/// Requires that a property and a box fit the network, and returns whether they do.
template <class Net, property Property, class Box>
constexpr bool require_fit(const Box& inside, const Property& wanted, call_site at) {
    const bool has_outputs = outputs_named(wanted) <= Net::output_shape::size;
    require(has_outputs, "ctnn::prove: the property names an output that the network does not have", at);
    require_valid(inside.is_valid(), at);
    return inside.is_valid() && has_outputs;
}
/// The proof of a property over a box, if they fit the network.
template <class Net, property Property, class Box, class F>
constexpr proof_of<Net> search_property(const Net& net, const Box& inside, const Property& wanted, call_site at,
                                        F&& decide) {
    if constexpr (can_be_proved<Net>)
        if (require_fit<Net>(inside, wanted, at))
            return search_for<true>(net, normalised<Net::output_shape::size>(!wanted), decide);
    return {verdict::undecided, {}, 0, no_bound};
}

}  // namespace detail

/// Searches for a proof that the outputs of a network have a property for every input of a box: `verdict::proved`,
/// `refuted` by the counterexample, or `undecided` within the budget.
///
/// A proof is about the values that the program computes: net(x) for every x of T in the box, with any of the supported
/// compilers and flags, fused or not, at every vector width.
/// *Cost*: a box as `prover` says, at most `options.boxes` of them.
/// *Errors*: "ctnn: a proof cannot go through this kind of layer", "ctnn: a proof cannot go through this activation"; as
/// preconditions, "ctnn::prove: the property names an output that the network does not have", "ctnn::box: each lower bound is
/// at most its upper bound, and both are finite".
/// *Example*: `prove(policy, states, output<0> > output<1>).outcome == verdict::proved`.
template <class Net, property Property>
constexpr auto prove(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                     const Property& wanted, const prove_options& options = {}, call_site at = call_site::here()) {
    return detail::search_property(net, inside, wanted, at,
                                   [&](auto& here) { return here.decide(inside, options.boxes); });
}

/// Whether it is proved. *Example*: `static_assert(proves(policy, states, output<0> > output<1>));`
template <class Net, property Property>
constexpr bool proves(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                      const Property& wanted, const prove_options& options = {}, call_site at = call_site::here()) {
    return prove(net, inside, wanted, options, at).outcome == verdict::proved;
}

/// Lower and upper bounds of each output over a box.
template <class Shape>
struct output_bounds {
    tensor<double, Shape> lower, upper;
};

/// Bounds of the outputs that the program computes for the inputs of a box, without bisection: infinite where a value may
/// overflow. *Cost* and *Errors* as for `prove`.
template <class Net>
constexpr auto bounds(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                      call_site at = call_site::here()) {
    output_bounds<typename Net::output_shape> result{};
    for (std::size_t i = 0; i < Net::output_shape::size; ++i) {
        result.lower[i] = -detail::no_bound;
        result.upper[i] = detail::no_bound;
    }
    if constexpr (detail::can_be_proved<Net>) {
        detail::require_valid(inside.is_valid(), at);
        const auto improve = [&](prover<detail::network_of<Net>>& here) {
            layer_bounds<detail::network_of<Net>> of_layers;
            if (!inside.is_valid() || !here.bound(inside, of_layers)) return;
            for (std::size_t i = 0; i < Net::output_shape::size; ++i) {
                double one[Net::output_shape::size]{}, slopes[Net::input_shape::size]{};
                one[i] = 1;
                const double lower = here.output_bound(one, slopes);
                one[i] = -1;
                const double upper = here.output_bound(one, slopes);
                result.lower[i] =
                    detail::is_bound(lower) ? detail::larger(here.output_lower(i), lower) : here.output_lower(i);
                result.upper[i] =
                    detail::is_bound(upper) ? -detail::larger(-here.output_upper(i), upper) : here.output_upper(i);
            }
        };
        detail::with_placed<prover<detail::network_of<Net>>>(improve, net);
    }
    return result;
}

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Counterexamples alone, without a proof.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/tensor.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/search.hpp>

#include <cstddef>
#include <optional>

namespace CTNN_NAMESPACE {

/// The effort of a search for counterexamples: from `starts` points of the box, the center and random ones, `steps` along the
/// gradient.
struct falsify_options {
    std::size_t starts = 100, steps = 8;
};

/// An input of the box whose outputs, as the network computes them, do not have the property; or none that was found, which
/// proves nothing.
///
/// *Cost*: a forward pass and the gradient for each step. *Errors*: as for `prove`.
/// *Example*: `const auto x = falsify(policy, states, output<0> > output<1>); if (x) use(*x);`
template <class Net, property Property>
constexpr auto falsify(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                       const Property& wanted, const falsify_options& options = {}, call_site at = call_site::here()) {
    const auto found = detail::search_property(net, inside, wanted, at, [&](auto& here) {
        return here.find_counterexample(inside, options.starts, options.steps) ? verdict::refuted : verdict::undecided;
    });
    std::optional<tensor<typename Net::value_type, typename Net::input_shape>> result;
    if (found.outcome == verdict::refuted) result = found.counterexample;
    return result;
}

}  // namespace CTNN_NAMESPACE

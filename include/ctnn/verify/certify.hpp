// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Proofs with certificates: a search at run time finds the bisections, a constant expression repeats the proof.

#include <ctnn/config.hpp>
#include <ctnn/precondition.hpp>
#include <ctnn/verify/box.hpp>
#include <ctnn/verify/certificate.hpp>
#include <ctnn/verify/property.hpp>
#include <ctnn/verify/prove.hpp>
#include <ctnn/verify/search.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// A proof and its certificate, which has no cuts if the outcome is another.
template <class T, class Shape, std::size_t Capacity>
struct certified_proof : proof<T, Shape> {
    ctnn::certificate<Capacity> certificate;
};

/// Searches like `prove` and keeps how the box was bisected, up to `Capacity` boxes: what takes more is undecided.
///
/// *Cost* and *Errors*: as for `prove`.
/// *Example*: `const auto found = certify<10000>(net, states, property, {.boxes = 10000});` at run time;
/// `static_assert(proves(net, states, property, baked));` with the certificate as a constant.
template <std::size_t Capacity, class Net, property Property>
constexpr auto certify(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                       const Property& wanted, const prove_options& options = {}, call_site at = call_site::here()) {
    certified_proof<typename Net::value_type, typename Net::input_shape, Capacity> result{};
    std::size_t size = 0;
    const auto decide = [&](auto& here) {
        here.record(result.certificate.cuts, Capacity);
        const verdict outcome = here.decide(inside, options.boxes);
        size = here.recorded();
        return outcome;
    };
    static_cast<detail::proof_of<Net>&>(result) = detail::search_property(net, inside, wanted, at, decide);
    if (result.outcome == verdict::proved)
        result.certificate.size = size;
    else
        result.certificate = {};
    return result;
}

/// Repeats a proof by its certificate, without a search: `verdict::proved` if every part of the box is proved by its bounds,
/// or by those of a few boxes more where they are rounded otherwise than when it was found. Whatever the certificate is, what
/// is proved holds.
///
/// *Cost*: a box for each of its cuts. *Errors*: as for `prove`.
template <class Net, property Property>
constexpr auto prove(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                     const Property& wanted, certificate_view given, call_site at = call_site::here()) {
    return detail::search_property(net, inside, wanted, at, [&](auto& here) { return here.follow(inside, given); });
}

/// Whether it is proved. *Example*: `static_assert(proves(policy, states, output<0> > output<1>, baked));`
template <class Net, property Property>
constexpr bool proves(const Net& net, const box<typename Net::value_type, typename Net::input_shape>& inside,
                      const Property& wanted, certificate_view given, call_site at = call_site::here()) {
    return prove(net, inside, wanted, given, at).outcome == verdict::proved;
}

}  // namespace CTNN_NAMESPACE

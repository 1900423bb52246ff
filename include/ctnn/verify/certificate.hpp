// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Certificates: how the box of a proof was bisected, so that the proof can be repeated without the search.

#include <ctnn/config.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE {

/// The bisections of a proof, the box first, then all of its lower half and all of its upper half: `cuts` has for each box
/// the number of the input that is bisected, or `whole` if its bounds prove the property.
///
/// It is no claim: `prove` with a certificate bounds each of these boxes again. For another network, box or property it
/// proves nothing that does not hold.
template <std::size_t Capacity>
struct certificate {
    static constexpr std::uint32_t whole = 0xffffffff;

    std::size_t size;
    std::uint32_t cuts[Capacity];
};

namespace detail {

/// A box that was left to another search, in cuts of which more than one search makes a certificate.
inline constexpr std::uint32_t left_open = 0xfffffffe;

/// Where a search writes its cuts, if anywhere.
struct cut_recorder {
    std::uint32_t* cuts = nullptr;
    std::size_t capacity = 0, size = 0;

    constexpr bool is_full() const { return cuts != nullptr && size == capacity; }
    /// The place of the next box.
    constexpr std::size_t add() { return size++; }
    constexpr void set(std::size_t place, std::uint32_t cut) {
        if (cuts != nullptr) cuts[place] = cut;
    }
};

/// The cuts that a proof follows.
struct cut_reader {
    const std::uint32_t *next, *end;
};

}  // namespace detail

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Certificates: how the box of a proof was bisected, so that the proof can be repeated without the search.

#include <ctnn/config.hpp>

#include <concepts>
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

/// The cuts of a certificate that is stored elsewhere: a `certificate`, or a container of cuts whose size only the program
/// knows. It has to outlive the view.
class certificate_view {
  public:
    template <std::size_t Capacity>
    constexpr certificate_view(const certificate<Capacity>& of)
        : begin_{of.cuts}, end_{of.cuts + (of.size < Capacity ? of.size : Capacity)} {}
    template <class Cuts>
    requires requires(const Cuts& of) {
        { of.data() } -> std::convertible_to<const std::uint32_t*>;
        { of.size() } -> std::convertible_to<std::size_t>;
    }
    constexpr certificate_view(const Cuts& of) : begin_{of.data()}, end_{of.data() + of.size()} {}

    constexpr const std::uint32_t* begin() const { return begin_; }
    constexpr const std::uint32_t* end() const { return end_; }
    constexpr std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }

  private:
    const std::uint32_t *begin_, *end_;
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

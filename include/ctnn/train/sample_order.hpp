// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The order of the samples in an epoch.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::detail {

/// The indices of samples whose count is not a constant: they are allocated.
class allocated_order {
  public:
    constexpr explicit allocated_order(std::size_t sample_count)
        : indices_{new std::uint32_t[sample_count]}, count_{sample_count} {
        for (std::size_t i = 0; i < sample_count; ++i) indices_[i] = static_cast<std::uint32_t>(i);
    }
    allocated_order(const allocated_order&) = delete;
    allocated_order& operator=(const allocated_order&) = delete;
    constexpr ~allocated_order() { delete[] indices_; }

    constexpr std::size_t operator[](std::size_t index) const { return indices_[index]; }
    constexpr void shuffle(random_engine& engine) { ctnn::shuffle(engine, indices_, count_); }

  private:
    std::uint32_t* indices_;
    std::size_t count_;
};

/// The same for a constant count.
template <std::size_t Count>
class order_of {
  public:
    constexpr explicit order_of(std::size_t) {
        for (std::size_t i = 0; i < Count; ++i) indices_[i] = static_cast<std::uint32_t>(i);
    }

    constexpr std::size_t operator[](std::size_t index) const { return indices_[index]; }
    constexpr void shuffle(random_engine& engine) { ctnn::shuffle(engine, indices_, Count); }

  private:
    std::uint32_t indices_[Count];
};

}  // namespace CTNN_NAMESPACE::detail

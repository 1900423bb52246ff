// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The order in which samples are seen.

#include <ctnn/config.hpp>
#include <ctnn/random.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>

namespace CTNN_NAMESPACE::detail {

/// The indices of `count` samples. Where the source is a tensor their number is a constant, and nothing is allocated.
template <class Source>
class sample_order {
  public:
    constexpr explicit sample_order(std::size_t sample_count)
        : indices_{new std::uint32_t[sample_count]}, count_{sample_count} {
        for (std::size_t i = 0; i < sample_count; ++i) indices_[i] = static_cast<std::uint32_t>(i);
    }
    sample_order(const sample_order&) = delete;
    sample_order& operator=(const sample_order&) = delete;
    constexpr ~sample_order() { delete[] indices_; }

    constexpr std::size_t operator[](std::size_t index) const { return indices_[index]; }
    constexpr void shuffle(random_engine& engine) { ctnn::shuffle(engine, indices_, count_); }

  private:
    std::uint32_t* indices_;
    std::size_t count_;
};

template <class T, std::size_t Count, std::size_t... Extents>
class sample_order<tensor<T, shape<Count, Extents...>>> {
  public:
    constexpr explicit sample_order(std::size_t) {
        for (std::size_t i = 0; i < Count; ++i) indices_[i] = static_cast<std::uint32_t>(i);
    }

    constexpr std::size_t operator[](std::size_t index) const { return indices_[index]; }
    constexpr void shuffle(random_engine& engine) { ctnn::shuffle(engine, indices_, Count); }

  private:
    std::uint32_t indices_[Count];
};

}  // namespace CTNN_NAMESPACE::detail

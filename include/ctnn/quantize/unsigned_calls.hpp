// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Integers without sign in and out of networks of integers.

#include <ctnn/config.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace CTNN_NAMESPACE::detail {

/// The call with integers from 0 to 255, as cameras and many files have them: q + 128 for each input q, and for each output if
/// those have 8 bits. Their zero points are 128 more. `Network` is called with the integers of quantised networks.
template <class Network, class Shape>
struct unsigned_calls {
    friend constexpr bool operator==(const unsigned_calls&, const unsigned_calls&) = default;

    constexpr auto operator()(const tensor<std::uint8_t, Shape>& x) const {
        tensor<std::int8_t, Shape> integers{};
        for (std::size_t i = 0; i < Shape::size; ++i) integers[i] = static_cast<std::int8_t>(x[i] - 128);
        const auto y = static_cast<const Network&>(*this)(integers);
        using output = std::remove_const_t<decltype(y)>;
        if constexpr (std::is_same_v<typename output::value_type, std::int8_t>) {
            tensor<std::uint8_t, typename output::shape_type> result{};
            for (std::size_t i = 0; i < output::size(); ++i) result[i] = static_cast<std::uint8_t>(y[i] + 128);
            return result;
        } else {
            return y;
        }
    }
};

}  // namespace CTNN_NAMESPACE::detail

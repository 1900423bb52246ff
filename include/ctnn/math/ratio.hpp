// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A std::ratio as a floating-point value.

#include <ctnn/config.hpp>

namespace CTNN_NAMESPACE::math {

/// The value of type `T` nearest to a `std::ratio`: rounded to double, and then once more for `float`.
template <class T, class Ratio>
inline constexpr T from_ratio = static_cast<T>(static_cast<double>(Ratio::num) / static_cast<double>(Ratio::den));

}  // namespace CTNN_NAMESPACE::math

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Networks whose dense layers have one factor each: from inputs to values in one function for all of them.

#include <ctnn/config.hpp>
#include <ctnn/kernel/integer/packed/rescale.hpp>
#include <ctnn/quantize/frozen/finish.hpp>
#include <ctnn/quantize/frozen/matrix.hpp>
#include <ctnn/quantize/frozen/values.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace CTNN_NAMESPACE::detail {

template <const auto& Net, std::size_t Index, class Preference, class Layer = real_layer_of<Net, Index>>
struct frozen_layer;

/// Whether a layer can be computed by the function that is shared, which rescales sums as soon as it has them.
template <const auto& Net, std::size_t Index, class Preference>
constexpr bool can_share_function() {
    if constexpr (reads_of<Net, Index> == reads::matrix && requires { integer_layer_of<Net, Index>.factors; }) {
        using matrix = typename frozen_layer<Net, Index, Preference>::matrix;
        using finish = frozen_finish<Net, Index>;
        if constexpr (requires { typename matrix::packed_type::with_values; }) {
            if constexpr (finish::is_uniform())
                return matrix::form == weight_form::packed && matrix::runs == 1 &&
                       matrix::padded_rows == matrix::rows && sizeof(finish::bias::packed[0]) == 2 &&
                       finish::bias::all.largest <= matrix::packed_type::largest_sum_with_values &&
                       finish::template uniform<0>.lower <= 0 && finish::template uniform<0>.upper >= 0;
        }
    }
    return false;
}
/// Whether all layers that rescale can, and there are several.
template <const auto& Net, class Preference>
inline constexpr bool shares_function = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return kernel::shares_rescaling && rescaling_layers < Net >> 1 &&
           (... &&
            (can_share_function<Net, Index, Preference>() || !requires { integer_layer_of<Net, Index>.factors; }));
}
(std::make_index_sequence<quantized_of<Net>::layer_count>{});

/// The weights of such a layer, their biases and their factor.
template <const auto& Net, std::size_t Index, class Source>
inline constexpr auto uniform_layer = [] {
    using finish = frozen_finish<Net, Index>;
    return kernel::packed_rows<1, Source::length, Source::rows>::from(
        finish::template uniform<0>,
        [](std::size_t row) { return static_cast<std::int16_t>(finish::bias::packed[row]); }, Source::weight);
}();

}  // namespace CTNN_NAMESPACE::detail

// SPDX-License-Identifier: BSL-1.0
// 64-32-10 as integers, with one scale for the weights of a layer, which have 8 bits or 4; its outputs are integers too, or sums.
#include "classify.hpp"
#include "digits_logits.hpp"

#include <ctnn/quantize.hpp>

namespace {

using namespace ctnn;
#if defined(ZEROS)
constexpr auto net = prune(digits_logits, 0.9);
#else
constexpr const auto& net = digits_logits;
#endif
#if defined(SUMS)
using end = ends_in_sums;
#else
using end = ends_in_integers;
#endif
#if defined(FOUR_BITS)
using weights = weight_bits<4, per_tensor>;
#else
using weights = per_tensor;
#endif
constexpr auto integers = quantize<rounding::twice, weights, end>(net, calibrate(net, digits::held_out_inputs));
#if defined(IN_CODE)
constexpr frozen<integers, prefer_speed> device{};
#else
constexpr frozen<integers> device{};
#endif

}  // namespace

std::size_t classify(const std::int8_t* image) {
    return predicted_class<10>(device(*reinterpret_cast<const tensor<std::int8_t, shape<64>>*>(image)).values);
}

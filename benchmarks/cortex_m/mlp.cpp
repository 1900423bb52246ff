// SPDX-License-Identifier: BSL-1.0
// 64-32-10 as integers, with one scale for the weights of a layer, which have 8 bits or 4; its outputs are integers too, or sums.
#include "classify.hpp"
#include "digits_model.hpp"

#include <ctnn/quantize.hpp>

namespace {

using namespace ctnn;
using net_type = network<float, input<64>, dense<32, relu>, dense<10>>;

constexpr net_type net = [] {
    net_type result{};
    get<0>(result).weights = get<0>(digits::model).weights;
    get<0>(result).bias = get<0>(digits::model).bias;
    get<1>(result).weights = get<1>(digits::model).weights;
    get<1>(result).bias = get<1>(digits::model).bias;
#if defined(ZEROS)
    result = prune(result, 0.9);
#endif
    return result;
}();
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

// SPDX-License-Identifier: BSL-1.0
// The network of examples/digits_cnn.cpp as integers, with a scale for each channel; its outputs are integers too.
#include "classify.hpp"
#include "digits_cnn_model.hpp"

#include <ctnn/quantize.hpp>

namespace {

using namespace ctnn;
using net_type = network<float, input<1, 8, 8>, conv2d<8, window<3>, same, relu>, max_pool2d<window<2>>,
                         conv2d<16, window<3>, relu>, flatten, dense<10>>;

constexpr net_type net = [] {
    net_type result{};
    get<0>(result).weights = get<0>(digits_cnn::model).weights;
    get<0>(result).bias = get<0>(digits_cnn::model).bias;
    get<2>(result).weights = get<2>(digits_cnn::model).weights;
    get<2>(result).bias = get<2>(digits_cnn::model).bias;
    get<4>(result).weights = get<4>(digits_cnn::model).weights;
    get<4>(result).bias = get<4>(digits_cnn::model).bias;
    return result;
}();
// Forty digits for the ranges, one of them with the brightest pixel.
constexpr auto samples = [] {
    tensor<std::uint8_t, shape<40, 1, 8, 8>> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = digits_cnn::held_out_inputs[i];
    result[0] = 16;
    return result;
}();
constexpr auto integers = quantize<rounding::twice, per_channel, ends_in_integers>(net, calibrate(net, samples));
constexpr frozen<integers> device{};

}  // namespace

std::size_t classify(const std::int8_t* image) {
    return predicted_class<10>(device(*reinterpret_cast<const tensor<std::int8_t, shape<1, 8, 8>>*>(image)).values);
}

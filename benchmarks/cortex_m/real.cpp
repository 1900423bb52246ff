// SPDX-License-Identifier: BSL-1.0
// Networks of real numbers: 64-32-10 (or without 90% of its weights), or the convolutions; as they are, or frozen. The last
// activation, softmax, is a part of all but the one without weights.
#include "classify.hpp"

#include <ctnn/quantize.hpp>

#if defined(CNN)
#include "digits_cnn_model.hpp"
namespace data = digits_cnn;
#else
#include "digits_model.hpp"
namespace data = digits;
#endif

namespace {

using namespace ctnn;

#if defined(ZEROS)
using net_type = network<float, input<64>, dense<32, relu>, dense<10>>;
constexpr net_type net = [] {
    net_type result{};
    get<0>(result).weights = get<0>(digits::model).weights;
    get<0>(result).bias = get<0>(digits::model).bias;
    get<1>(result).weights = get<1>(digits::model).weights;
    get<1>(result).bias = get<1>(digits::model).bias;
    return prune(result, 0.9);
}();
#else
constexpr const auto& net = data::model;
#endif
using shape_type = typename std::remove_cvref_t<decltype(net)>::input_shape;

}  // namespace

std::size_t classify(const std::int8_t* image) {
    tensor<float, shape_type> x;
    for (std::size_t i = 0; i < 64; ++i) x[i] = static_cast<float>(image[i]);
#if defined(PLAIN)
    return predict(net, x);
#else
#if defined(FAST)
    constexpr frozen<net, prefer_speed> device{};
#else
    constexpr frozen<net> device{};
#endif
    return predicted_class<10>(device(x).values);
#endif
}

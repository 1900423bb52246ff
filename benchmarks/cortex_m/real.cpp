// SPDX-License-Identifier: BSL-1.0
// Networks of real numbers: 64-32-10 (or without 90% of its weights), or the convolutions; as they are, or frozen. The last
// activation, softmax, is a part of all but the one without weights.
#include "classify.hpp"

#include <ctnn/quantize.hpp>

#if defined(CNN)
#include "digits_cnn_model.hpp"
namespace data = digits_cnn;
#else
#include "digits_logits.hpp"
namespace data = digits;
#endif

namespace {

using namespace ctnn;

#if defined(ZEROS)
constexpr auto net = prune(digits_logits, 0.9);
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

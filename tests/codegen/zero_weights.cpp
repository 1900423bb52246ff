// SPDX-License-Identifier: BSL-1.0
// A weight that is 0 takes no instruction: of 64 weights, the three that are not 0 are three multiplications.
// STRAIGHT-LINE at -O3: sparse_layer
// NO-CALL: sparse_layer
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <cstdint>

namespace {

using namespace ctnn;
using net_type = network<float, input<16>, dense<4>>;

constexpr net_type net = [] {
    net_type result{};
    get<0>(result).weights[5] = 1;
    get<0>(result).weights[34] = -0.7f;
    get<0>(result).weights[51] = 0.3f;
    return result;
}();
constexpr tensor<float, shape<2, 16>> x{1, -1, 2, 3, 4, -2, 1, 0, 1, 2, 3, 4, -1, 1, 2, 3};
constexpr auto integers = quantize<rounding::twice, per_tensor, ends_in_sums>(net, calibrate(net, x));
constexpr frozen<integers, prefer_speed> device{};

}  // namespace

extern "C" void sparse_layer(const tensor<std::int8_t, shape<16>>& from, tensor<std::int32_t, shape<4>>& to) {
    to = device(from);
}

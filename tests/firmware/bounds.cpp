// SPDX-License-Identifier: BSL-1.0
// CONSTEXPR-LIMITS: raised
// On every machine, and in constants, outputs lie between the bounds that a proof has of them.

#include <ctnn.hpp>
#include <ctnn/verify.hpp>

#include <cstddef>
#include <cstdint>

namespace {

using namespace ctnn;

/// How many outputs for inputs of boxes of three sizes are outside.
template <class Net>
constexpr std::size_t outside(std::uint64_t seed, std::size_t count) {
    using T = typename Net::value_type;
    random_engine engine{seed};
    Net net = initialize<Net>(glorot_uniform{}, seed);
    std::size_t result = 0;
    for (const T radius : {T(0), T(0.001), T(0.5)}) {
        tensor<T, typename Net::input_shape> center{}, x{};
        for (T& value : center) value = 2 * draw_uniform<T>(engine) - 1;
        const auto inside = ball(center, radius);
        const auto found = bounds(net, inside);
        for (std::size_t n = 0; n < count; ++n) {
            for (std::size_t i = 0; i < x.size(); ++i) {
                const T share = draw_uniform<T>(engine),
                        value = inside.lower[i] + (inside.upper[i] - inside.lower[i]) * share;
                x[i] = n % 2 == 0 ? (share < T(0.5) ? inside.lower[i] : inside.upper[i])
                                  : (value < inside.upper[i] ? value : inside.upper[i]);
            }
            const auto y = net(x);
            for (std::size_t i = 0; i < y.size(); ++i) {
                const double value = static_cast<double>(y[i]);
                if (!(found.lower[i] <= value && value <= found.upper[i])) ++result;
            }
        }
    }
    return result;
}

using rectified = network<float, input<3>, dense<8, relu>, dense<8, relu>, dense<2>>;
using smooth = network<double, input<3>, dense<4, ctnn::tanh>, dense<3, gelu>, dense<2, sigmoid>>;
using images =
    network<float, input<1, 6, 6>, conv2d<2, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<3, softmax>>;
using sequences = network<float, input<4, 2>, gru<3>, layer_norm<>, lstm<2, last_step>, dense<2>>;
using branched =
    network<float, input<4>, residual<dense<4, silu>>, product<branch<dense<3>>, branch<dense<3, sigmoid>>>, prelu<>>;

#if !defined(CTNN_RUN_TIME_ALONE)
static_assert(outside<rectified>(1, 2) == 0 && outside<smooth>(2, 2) == 0 && outside<sequences>(3, 1) == 0);
#endif

}  // namespace

// Processors that compute them without hardware take long, and test fewer.
#if defined(__linux__) || defined(_WIN32)
constexpr std::uint64_t networks = 20;
#else
constexpr std::uint64_t networks = 5;
#endif

int main() {
    std::size_t result = 0;
    for (std::uint64_t seed = 1; seed <= networks; ++seed)
        result += outside<rectified>(seed, 200) + outside<smooth>(seed, 200) + outside<images>(seed, 200) +
                  outside<sequences>(seed, 200) + outside<branched>(seed, 200);
    return result == 0 ? 0 : 1;
}

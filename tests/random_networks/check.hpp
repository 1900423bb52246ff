// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The checks of random networks.

#include "laws/derivative.hpp"
#include "laws/streaming.hpp"

#include <ctnn.hpp>
#if defined(CTNN_RANDOM_PROOFS)
#include <ctnn/verify.hpp>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace random_networks {

inline constexpr std::size_t batch = 3;

/// Makes trees of random numbers: splits in the order of their numbers, leaves where no split is put.
template <std::size_t Trees, class Layer>
constexpr void plant(Layer& trees, ctnn::random_engine& engine) {
    constexpr std::size_t splits = Layer::splits_type::shape_type::extent(0), leaves = splits + Trees;
    std::size_t split = Trees, leaf = 0;
    for (std::size_t row = 0; row < splits; ++row) {
        const auto cases = 1 + static_cast<std::size_t>(14 * ctnn::draw_uniform<double>(engine));
        const auto feature = static_cast<std::size_t>(Layer::input_shape::size * ctnn::draw_uniform<double>(engine));
        trees.splits(row, 0) = static_cast<double>(16 * feature + cases);
        for (const std::size_t child : {std::size_t{2}, std::size_t{3}}) {
            const bool is_last_chance = child == 3 && split == row + 1;
            const bool is_split = split < splits && (is_last_chance || ctnn::draw_uniform<double>(engine) < 0.5);
            trees.splits(row, child) = static_cast<double>(is_split ? leaves + split++ : leaf++);
        }
    }
}

/// A network with valid parameters of every kind, a batch of inputs, and targets. Inputs are integers below `Symbols`,
/// if there are symbols; the first layer has so many trees.
template <class Net, std::size_t Symbols, std::size_t Trees = 0>
constexpr laws::problem<Net, ctnn::mean_squared_error, batch> ready(std::uint64_t seed) {
    laws::problem<Net, ctnn::mean_squared_error, batch> at{seed};
    ctnn::for_each_parameter(at.net, [](auto, const char* name, auto& values) {
        const std::string_view path = name;
        if (path.substr(path.rfind('.') + 1) == "running_variance")
            for (double& variance : values) variance = 1.5;
    });
    if constexpr (Trees > 0) {
        ctnn::random_engine engine{seed};
        plant<Trees>(ctnn::get<0>(at.net), engine);
    }
    if constexpr (Symbols > 0)
        for (double& x : at.x) x = static_cast<double>(static_cast<std::size_t>((x + 2) / 4 * Symbols));
    return at;
}

template <class Net, std::size_t Symbols, std::size_t Trees>
constexpr auto outputs(std::uint64_t seed) {
    const auto at = ready<Net, Symbols, Trees>(seed);
    return at.net(at.x);
}

#if defined(CTNN_RANDOM_PROOFS)
/// Whether a proof can go through a layer, without a message.
struct tells_provable {
    template <class Layer, class Activation>
    static constexpr bool accepts() {
        return ctnn::is_provable<ctnn::detail::is_layer<Layer>> &&
               ctnn::is_provable<ctnn::detail::has_activation<Activation>>;
    }
};

/// Outputs for inputs of a box are within their bounds.
template <class Net>
void check_bounds() {
    if constexpr (ctnn::detail::accepts_chain<tells_provable, ctnn::detail::real_chain_of<Net>>()) {
        const auto at = ready<Net, 0>(laws::unknown(7));
        ctnn::random_engine engine{8};
        for (const double radius : {0.0, 0.01, 0.3}) {
            ctnn::tensor<double, typename Net::input_shape> center{}, x{};
            for (double& element : center) element = 2 * ctnn::draw_uniform<double>(engine) - 1;
            const auto inside = ctnn::ball(center, radius);
            const auto found = ctnn::bounds(at.net, inside);
            std::size_t outside = 0;
            for (int n = 0; n < 300; ++n) {
                for (std::size_t i = 0; i < x.size(); ++i) {
                    const double share = ctnn::draw_uniform<double>(engine);
                    x[i] = n % 2 == 0 ? (share < 0.5 ? inside.lower[i] : inside.upper[i])
                                      : std::min(inside.upper[i],
                                                 inside.lower[i] + (inside.upper[i] - inside.lower[i]) * share);
                }
                const auto y = at.net(x);
                for (std::size_t i = 0; i < y.size(); ++i)
                    outside += found.lower[i] <= y[i] && y[i] <= found.upper[i] ? 0 : 1;
            }
            BOOST_TEST(outside == 0U);
        }
    }
}
#else
template <class Net>
void check_bounds() {}
#endif

/// Both phases compute the same, and the gradients of all parameters and inputs agree with finite differences.
template <class Net, std::size_t Symbols, std::size_t Trees>
void check() {
    constexpr auto constant = outputs<Net, Symbols, Trees>(1);
    BOOST_TEST(laws::ulp_apart((outputs<Net, Symbols, Trees>(laws::unknown(1))), constant) <= laws::ulp_allowed);

    laws::check_derivative_at<Trees == 0>(ready<Net, Symbols, Trees>(laws::unknown(2)), ready<Net, 0>(laws::unknown(3)),
                                          4, batch, ctnn::mean_squared_error{}, Symbols == 0 && Trees == 0);
    if constexpr (Trees == 0) check_bounds<Net>();
}

/// A stream gives the same outputs as the network, in both phases.
template <class Net, bool InLines, bool OutLines>
void check_stream() {
    static_assert(laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(5).net));
    BOOST_TEST((laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(laws::unknown(6)).net)));
}

}  // namespace random_networks

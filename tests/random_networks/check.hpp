// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The checks of random networks.

#include "laws/derivative.hpp"
#include "laws/streaming.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace random_networks {

inline constexpr std::size_t batch = 3;

/// A network with valid parameters of every kind, a batch of inputs, and targets. Inputs are integers below `Symbols`,
/// if there are symbols.
template <class Net, std::size_t Symbols>
constexpr laws::problem<Net, ctnn::mean_squared_error, batch> ready(std::uint64_t seed) {
    laws::problem<Net, ctnn::mean_squared_error, batch> at{seed};
    ctnn::for_each_parameter(at.net, [](auto, const char* name, auto& values) {
        const std::string_view path = name;
        if (path.substr(path.rfind('.') + 1) == "running_variance")
            for (double& variance : values) variance = 1.5;
    });
    if constexpr (Symbols > 0)
        for (double& x : at.x) x = static_cast<double>(static_cast<std::size_t>((x + 2) / 4 * Symbols));
    return at;
}

template <class Net, std::size_t Symbols>
constexpr auto outputs(std::uint64_t seed) {
    const auto at = ready<Net, Symbols>(seed);
    return at.net(at.x);
}

/// Both phases compute the same, and the gradients of all parameters and inputs agree with finite differences.
template <class Net, std::size_t Symbols>
void check() {
    constexpr auto constant = outputs<Net, Symbols>(1);
    BOOST_TEST(laws::ulp_apart((outputs<Net, Symbols>(laws::unknown(1))), constant) <= laws::ulp_allowed);

    laws::check_derivative_at(ready<Net, Symbols>(laws::unknown(2)), ready<Net, 0>(laws::unknown(3)), 4, batch,
                              ctnn::mean_squared_error{}, Symbols == 0);
}

/// A stream gives the same outputs as the network, in both phases.
template <class Net, bool InLines, bool OutLines>
void check_stream() {
    static_assert(laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(5).net));
    BOOST_TEST((laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(laws::unknown(6)).net)));
}

}  // namespace random_networks

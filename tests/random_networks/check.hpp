// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What random networks are checked for.

#include "laws/derivative.hpp"
#include "laws/streaming.hpp"

#include <ctnn.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace random_networks {

inline constexpr std::size_t batch = 3;

/// A network with numbers of every kind, a batch of inputs, and targets. Inputs are whole numbers below `Symbols`, if
/// there are symbols.
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

/// Both phases compute the same, and the derivatives by all parameters and inputs agree with differences.
template <class Net, std::size_t Symbols>
void check() {
    constexpr auto constant = outputs<Net, Symbols>(1);
    BOOST_TEST(laws::ulp_apart((outputs<Net, Symbols>(laws::unknown(1))), constant) <= laws::ulp_allowed);

    auto at = ready<Net, Symbols>(laws::unknown(2));
    const auto direction = ready<Net, 0>(laws::unknown(3));
    Net gradient{};
    auto input_gradient = at.x;
    ctnn::gradient_pass<Net, ctnn::mean_squared_error, batch, true> pass;
    const laws::loss_here run = [&] {
        pass.seed(4);
        return pass(at.net, {}, at.x.data(), at.t.data(), gradient, batch, input_gradient.data());
    };
    run();
    const Net derivative = gradient;
    const auto input_derivative = input_gradient;
    std::vector<laws::variables> all;
    if (Symbols == 0) all.push_back({at.x.data(), input_derivative.data(), direction.x.data(), at.x.size()});
    ctnn::for_each_tensor(
        [&](auto& values, const auto& derivatives, const auto& ways) {
            all.push_back({values.data(), derivatives.data(), ways.data(), values.size()});
        },
        at.net, derivative, direction.net);
    for (const laws::variables& part : all) laws::check_elements(run, part);
    laws::check_direction(run, all);
}

/// A stream gives what the network gives, in both phases.
template <class Net, bool InLines, bool OutLines>
void check_stream() {
    static_assert(laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(5).net));
    BOOST_TEST((laws::stream_is_the_whole<Net, InLines, OutLines>(ready<Net, 0>(laws::unknown(6)).net)));
}

}  // namespace random_networks

// SPDX-License-Identifier: BSL-1.0
#pragma once
// Networks of one operator, each with what it computes in constants and at run time.
#include <ctnn.hpp>
#include <ctnn/quantize.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

struct network_entry {
    const char *name, *rounding;
    std::size_t inputs, outputs;
    void (*run)(const std::int8_t* x, std::int8_t* y);
    bool is_same_in_constants;
};

/// The outputs for 0, 37, 74, ...
template <const auto& Model>
constexpr auto in_a_constant() {
    using net = std::remove_cvref_t<decltype(Model)>;
    ctnn::tensor<std::int8_t, typename net::input_shape> x{};
    for (std::size_t i = 0; i < net::input_shape::size; ++i) x[i] = static_cast<std::int8_t>(i * 37);
    return Model(x);
}

template <const auto& Model, const auto& Pattern>
network_entry entry_of(const char* name, const char* rounding) {
    using net = std::remove_cvref_t<decltype(Model)>;
    constexpr std::size_t inputs = net::input_shape::size, outputs = net::output_shape::size;
    return {name,
            rounding,
            inputs,
            outputs,
            [](const std::int8_t* from, std::int8_t* to) {
                ctnn::tensor<std::int8_t, typename net::input_shape> x{};
                for (std::size_t i = 0; i < inputs; ++i) x[i] = from[i];
                const auto y = Model(x);
                for (std::size_t i = 0; i < outputs; ++i) to[i] = y[i];
            },
            in_a_constant<Model>() == Pattern};
}

/// All of them, in several lists.
std::vector<const std::vector<network_entry>*> all_networks();

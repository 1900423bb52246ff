// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The parameters of a quantised network by their names in files.

#include <ctnn/config.hpp>
#include <ctnn/parameter_names.hpp>
#include <ctnn/quantize/network/quantized.hpp>
#include <ctnn/quantize/quantization.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace CTNN_NAMESPACE {

/// What a file has of a quantised network: `quantized<...>::parameters`.
template <class Parameters>
concept integer_parameters = requires {
    typename Parameters::quantized_type;
};

namespace detail {

/// Takes the members of parameters, and calls `f(name, values)` for each tensor and number in them. The layer of real numbers, and
/// the matrix, that a layer's parameters have are not part of the names.
template <class F>
struct integer_parameter_visitor {
    F& f;
    parameter_name path;

    template <class Values>
    constexpr void operator()(const char* name, Values& values) const {
        using type = std::remove_const_t<Values>;
        const parameter_name here = path.with(name);
        if constexpr (std::is_same_v<type, quantization>) {
            f(static_cast<const char*>(here.with(".scale").text), values.scale);
            f(static_cast<const char*>(here.with(".zero_point").text), values.zero_point);
        } else if constexpr (std::is_arithmetic_v<type> || requires { typename type::shape_type; }) {
            f(static_cast<const char*>(here.text), values);
        } else if constexpr (requires { typename type::input_shape; }) {
            if constexpr (!std::is_empty_v<type>) visit_parameters(f, path, values);
        } else {
            type::members(values, *this);
        }
    }
    /// Layers one after the other, or branches.
    template <class... Parts>
    constexpr void operator()(const char*, const char*, boost::hana::tuple<Parts...>& parts) const {
        each(parts, std::index_sequence_for<Parts...>{});
    }
    template <class... Parts>
    constexpr void operator()(const char*, const char*, const boost::hana::tuple<Parts...>& parts) const {
        each(parts, std::index_sequence_for<Parts...>{});
    }

  private:
    template <class Parts, std::size_t... Index>
    constexpr void each(Parts& parts, std::index_sequence<Index...>) const {
        (inside(Index, boost::hana::at_c<Index>(parts)), ...);
    }
    template <class Part>
    constexpr void inside(std::size_t index, Part& part) const {
        std::remove_const_t<Part>::members(part, integer_parameter_visitor{f, path.with(index).with(".")});
    }
};

}  // namespace detail

/// Calls `f(name, values)` for each tensor of the parameters of a quantised network, and for each scale and zero point, a number:
/// "input.scale", "0.weights", "0.bias", "0.scales", "0.linear.scale", "0.output.zero_point", in branch 1 of layer 2
/// "2.1.0.weights". Layers that run in float have the names of those of the network.
template <class Parameters, class F>
requires integer_parameters<std::remove_const_t<Parameters>>
constexpr void for_each_parameter(Parameters& parameters, F&& f) {
    const detail::integer_parameter_visitor<std::remove_reference_t<F>> visitor{f, {}};
    visitor("input", parameters.input);
    std::remove_cvref_t<decltype(parameters.layers)>::members(parameters.layers, visitor);
}

}  // namespace CTNN_NAMESPACE

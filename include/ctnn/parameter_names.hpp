// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The parameters of a network by their names in files.

#include <ctnn/config.hpp>
#include <ctnn/network.hpp>
#include <ctnn/parameters.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

namespace detail {

/// `1.0.weights`, assembled without heap memory.
struct parameter_name {
    char text[240]{};
    std::size_t length = 0;

    constexpr parameter_name with(const char* more) const {
        parameter_name result = *this;
        while (*more != 0 && result.length + 1 < sizeof(text)) result.text[result.length++] = *more++;
        return result;
    }
    constexpr parameter_name with(std::size_t number) const {
        char digits[21]{};
        std::size_t first = 20;
        do digits[--first] = static_cast<char>('0' + number % 10);
        while ((number /= 10) > 0);
        return with(digits + first);
    }
};

/// A branch in the name of a parameter: by its number, the node of a graph by its name.
template <class Layer, std::size_t Branch>
inline constexpr auto branch_label = [] {
    if constexpr (requires { Layer::template branch_name<Branch>; })
        return Layer::template branch_name<Branch>;
    else
        return Branch;
}();

template <class F, class Layer>
constexpr void visit_parameters(F& f, const parameter_name& prefix, Layer& layer) {
    if constexpr (is_composite<std::remove_const_t<Layer>>) {
        const auto in_chain = [&](auto branch, auto chain, auto& storage) {
            const auto in_layer = [&](auto index, auto& inner) {
                const parameter_name path = prefix.with(branch_label<std::remove_const_t<Layer>, branch()>);
                visit_parameters(f, path.with(".").with(index()).with("."), inner);
            };
            decltype(chain)::type::for_each(in_layer, storage);
        };
        std::remove_const_t<Layer>::for_each_chain(in_chain, layer);
    } else {
        const auto visit = [&](const char* name, auto& member) {
            f(static_cast<const char*>(prefix.with(name).text), member);
        };
        for_each_named_member(visit, layer);
    }
}

}  // namespace detail

/// Calls `f(layer index, name, tensor)` for each parameter tensor, layer by layer: hana::size_c<0>, "weights", ...
/// Statistics are included. In a layer of branches the name is a path, "1.0.weights": branch 1, layer 0; in a graph
/// "trunk.0.weights".
template <class Net, class F>
constexpr void for_each_parameter(Net& net, F&& f) {
    const auto in_layer = [&f](auto index, auto& layer) {
        const auto with_index = [&](const char* name, auto& parameter) { f(index, name, parameter); };
        detail::visit_parameters(with_index, {}, layer);
    };
    Net::chain_type::for_each(in_layer, net.layers);
}

}  // namespace CTNN_NAMESPACE

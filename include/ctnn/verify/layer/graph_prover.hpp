// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What a proof does with a graph: bounds of each value, and coefficients that flow back from what takes a value.

#include <ctnn/config.hpp>
#include <ctnn/layer/graph/graph_layer.hpp>
#include <ctnn/layer/graph/graph_wiring.hpp>
#include <ctnn/parameters.hpp>
#include <ctnn/verify/activation/slopes.hpp>
#include <ctnn/verify/layer/combination_prover.hpp>
#include <ctnn/verify/layer/layer_prover.hpp>
#include <ctnn/verify/layer/product_combination.hpp>
#include <ctnn/verify/network/chain_prover.hpp>
#include <ctnn/verify/rounding.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/tuple.hpp>

#include <cstddef>
#include <utility>

namespace CTNN_NAMESPACE::detail {

/// A node that takes one value combines nothing.
template <class T, class Shape, std::size_t Widest, std::size_t Size>
class combination_prover<T, passed_on<Shape>, Widest, Size> {
  public:
    static constexpr bool is_linear = true;

    template <class BoundsOf>
    constexpr bool interval(const BoundsOf& bounds_of, double* lower, double* upper) {
        return bounds_of(boost::hana::size_c<0>, lower, upper);
    }
    template <std::size_t Rows, class Take>
    constexpr void backward(double* a, double*, const Take& take) const {
        take(boost::hana::size_c<0>, a);
    }
    template <class Take>
    constexpr void influence(double* a, const Take& take) const {
        take(boost::hana::size_c<0>, a);
    }
    template <class Take>
    constexpr void derive(double* lower, double* upper, const Take& take) const {
        take(boost::hana::size_c<0>, lower, upper);
    }
};

template <class T, class InputShape, class OutputShape, class Activation, class Wiring, class... Nodes>
struct layer_prover<T, graph_layer<double, InputShape, OutputShape, Activation, Wiring, Nodes...>> {
    using layer_type = graph_layer<double, InputShape, OutputShape, Activation, Wiring, Nodes...>;
    using inner_bounds = boost::hana::tuple<chain_bounds<T, typename Nodes::chain>...>;
    static constexpr std::size_t inputs = InputShape::size, outputs = OutputShape::size, nodes = sizeof...(Nodes),
                                 values = Wiring::values;
    static constexpr std::size_t inner_roundings =
        (std::size_t{0} + ... + chain_prover<T, typename Nodes::chain>::roundings);
    static constexpr std::size_t widest = [] {
        std::size_t result = inputs > outputs ? inputs : outputs;
        ((result = chain_prover<T, typename Nodes::chain>::widest > result
                       ? chain_prover<T, typename Nodes::chain>::widest
                       : result),
         ...);
        return result;
    }();
    template <std::size_t Node>
    using node_at = typename nth<Node, Nodes...>::type;
    template <std::size_t Node>
    static constexpr bool activated = !Wiring::template leaves_activation<Node>;
    static constexpr bool is_known = true, is_linear = true;

    /// Where the elements of a value are in an array of all values; the inputs come first.
    static constexpr std::size_t place(std::size_t value) {
        std::size_t result = 0;
        for (std::size_t i = 0; i < value; ++i) result += Wiring::numbers.size[i];
        return result;
    }
    static constexpr std::size_t all = place(values);

    template <class Node>
    struct combination_of;
    template <name Name, class Combine, class Chain, std::size_t... Sources>
    struct combination_of<bound_node<Name, Combine, Chain, Sources...>> {
        using type = combination_prover<T, Combine, widest, Wiring::numbers.size[Sources]...>;
    };
    static constexpr bool combines_linearly = (... && combination_of<Nodes>::type::is_linear);

    boost::hana::tuple<chain_prover<T, typename Nodes::chain>...> provers{};
    boost::hana::tuple<typename combination_of<Nodes>::type...> combinations{};
    double own[all]{};  ///< rounding of the sum of the coefficients of a value, from all that take it

    static constexpr void make_magnitudes(layer_type& layer) {
        layer_type::for_each_chain(
            [](auto, auto chain, auto& storage) {
                chain_prover<T, typename decltype(chain)::type>::make_magnitudes(storage);
            },
            layer);
    }
    static constexpr bool keep_sign(layer_type& layer, bool is_positive) {
        bool fits = true;
        layer_type::for_each_chain(
            [&](auto, auto chain, auto& storage) {
                fits = chain_prover<T, typename decltype(chain)::type>::keep_sign(storage, is_positive) && fits;
            },
            layer);
        return fits;
    }

    /// Calls `f(hana::size_c<node>)` for each, in order or from the last to the first.
    template <class F>
    static constexpr void for_each_node(const F& f) {
        [&]<std::size_t... Node>(std::index_sequence<Node...>) {
            (f(boost::hana::size_c<Node>), ...);
        }
        (std::make_index_sequence<nodes>{});
    }
    template <std::size_t End, class F>
    static constexpr void for_each_node_before(const F& f) {
        [&]<std::size_t... Node>(std::index_sequence<Node...>) {
            (f(boost::hana::size_c<End - 1 - Node>), ...);
        }
        (std::make_index_sequence<End>{});
    }
    /// Calls `f(element of all values, element of the outputs)` for each output.
    template <class F>
    static constexpr void for_each_output(const F& f) {
        std::size_t to = 0;
        for (const std::size_t value : Wiring::output)
            for (std::size_t i = 0; i < Wiring::numbers.size[value]; ++i) f(place(value) + i, to++);
    }

    /// Propagates coefficients of what a node takes to those of the network's inputs.
    template <std::size_t Node, class Outer>
    struct to_network_inputs {
        static constexpr std::size_t width = widest > Outer::width ? widest : Outer::width;
        static constexpr bool is_box = false;
        const layer_prover& here;
        const layer_type& net;
        const Outer& outer;

        template <std::size_t Rows>
        constexpr void propagate(double* a, double* bounds) const {
            double sums[Rows * all]{};
            here.template hand_on<Node, Rows>(a, bounds, sums);
            here.template backward_from<Node, Rows>(net, sums, bounds);
            here.template take_inputs<Rows>(sums, a);
            outer.template propagate<Rows>(a, bounds);
        }
    };

    template <class Outer>
    constexpr bool interval(const layer_type& net, const layer_type& magnitudes, const double* lower,
                            const double* upper, double* z_lower, double* z_upper, inner_bounds& here,
                            const inner_bounds* parent, const Outer& outer) {
        double all_lower[all]{}, all_upper[all]{};
        bool finite = true;
        const auto keep = [&](std::size_t first, const double* value_lower, const double* value_upper,
                              std::size_t size) {
            for (std::size_t i = 0; i < size; ++i) {
                all_lower[first + i] = value_lower[i];
                all_upper[first + i] = value_upper[i];
                own[first + i] = own_error(larger(-value_lower[i], value_upper[i]));
            }
        };
        keep(0, lower, upper, inputs);
        for_each_node([&](auto number) {
            constexpr std::size_t node = number();
            if (!finite) return;
            double node_lower[widest]{}, node_upper[widest]{};
            finite = boost::hana::at_c<node>(combinations)
                         .interval(
                             [&](auto source, double* source_lower, double* source_upper) {
                                 constexpr std::size_t value = node_at<node>::sources[source()], first = place(value);
                                 for (std::size_t i = 0; i < Wiring::numbers.size[value]; ++i) {
                                     source_lower[i] = all_lower[first + i];
                                     source_upper[i] = all_upper[first + i];
                                 }
                                 return true;
                             },
                             node_lower, node_upper);
            const to_network_inputs<node, Outer> to_inputs{*this, net, outer};
            finite = finite &&
                     boost::hana::at_c<node>(provers).template bound<activated<node>>(
                         layer_type::template storage_of<node>(net), layer_type::template storage_of<node>(magnitudes),
                         node_lower, node_upper, boost::hana::at_c<node>(here),
                         parent != nullptr ? &boost::hana::at_c<node>(*parent) : nullptr, to_inputs);
            keep(place(Wiring::inputs + node), node_lower, node_upper, node_at<node>::shape_type::size);
        });
        for_each_output([&](std::size_t from, std::size_t to) {
            z_lower[to] = all_lower[from];
            z_upper[to] = all_upper[from];
        });
        return finite;
    }

    template <std::size_t Rows>
    constexpr void backward(const layer_type& net, double* a, double* bounds) const {
        double sums[Rows * all]{};
        for (std::size_t row = 0; row < Rows; ++row)
            for_each_output([&](std::size_t to, std::size_t from) { sums[row * all + to] += a[row * outputs + from]; });
        backward_from<nodes, Rows>(net, sums, bounds);
        take_inputs<Rows>(sums, a);
    }
    constexpr void influence(const layer_type& magnitudes, double* a) const {
        double sums[all]{};
        for_each_output([&](std::size_t to, std::size_t from) { sums[to] += a[from]; });
        for_each_node_before<nodes>([&](auto number) {
            constexpr std::size_t node = number();
            double of_node[widest]{};
            for (std::size_t i = 0; i < node_at<node>::shape_type::size; ++i)
                of_node[i] = sums[place(Wiring::inputs + node) + i];
            boost::hana::at_c<node>(provers).template influence<activated<node>>(
                layer_type::template storage_of<node>(magnitudes), of_node);
            boost::hana::at_c<node>(combinations).influence(of_node, [&](auto source, const double* part) {
                constexpr std::size_t value = node_at<node>::sources[source()];
                for (std::size_t i = 0; i < Wiring::numbers.size[value]; ++i) sums[place(value) + i] += part[i];
            });
        });
        take_inputs<1>(sums, a);
    }
    constexpr bool derive(const layer_type& positive, const layer_type& negative, const inner_bounds& here,
                          double* lower, double* upper) const requires(combines_linearly) {
        signed_sum of_lower[all]{}, of_upper[all]{};
        bool finite = true;
        for_each_output([&](std::size_t to, std::size_t from) {
            of_lower[to].add(lower[from]);
            of_upper[to].add(upper[from]);
        });
        for_each_node_before<nodes>([&](auto number) {
            constexpr std::size_t node = number();
            double node_lower[widest]{}, node_upper[widest]{};
            for (std::size_t i = 0; i < node_at<node>::shape_type::size; ++i) {
                node_lower[i] = of_lower[place(Wiring::inputs + node) + i].lower();
                node_upper[i] = of_upper[place(Wiring::inputs + node) + i].upper();
            }
            finite = finite && boost::hana::at_c<node>(provers).template derive<activated<node>>(
                                   layer_type::template storage_of<node>(positive),
                                   layer_type::template storage_of<node>(negative), boost::hana::at_c<node>(here),
                                   node_lower, node_upper);
            boost::hana::at_c<node>(combinations)
                .derive(node_lower, node_upper, [&](auto source, const double* part_lower, const double* part_upper) {
                    constexpr std::size_t value = node_at<node>::sources[source()];
                    for (std::size_t i = 0; i < Wiring::numbers.size[value]; ++i) {
                        of_lower[place(value) + i].add(part_lower[i]);
                        of_upper[place(value) + i].add(part_upper[i]);
                    }
                });
        });
        for (std::size_t i = 0; i < inputs; ++i) {
            lower[i] = of_lower[i].lower();
            upper[i] = of_upper[i].upper();
        }
        return finite;
    }

  private:
    /// Rows of coefficients of what a node takes, added to those of the values.
    template <std::size_t Node, std::size_t Rows>
    constexpr void hand_on(double* a, double* bounds, double* sums) const {
        boost::hana::at_c<Node>(combinations).template backward<Rows>(a, bounds, [&](auto source, const double* part) {
            constexpr std::size_t value = node_at<Node>::sources[source()], size = Wiring::numbers.size[value],
                                  first = place(value);
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) {
                    bounds[row] -= magnitude(part[row * size + i]) * own[first + i];
                    sums[row * all + first + i] += part[row * size + i];
                }
        });
    }
    /// Rows of coefficients of the values before node `End` become those of the inputs.
    template <std::size_t End, std::size_t Rows>
    constexpr void backward_from(const layer_type& net, double* sums, double* bounds) const {
        for_each_node_before<End>([&](auto number) {
            constexpr std::size_t node = number(), size = node_at<node>::shape_type::size,
                                  first = place(Wiring::inputs + node);
            if (!is_used<Rows>(sums, first, size)) return;
            double a[Rows * widest]{};
            for (std::size_t row = 0; row < Rows; ++row)
                for (std::size_t i = 0; i < size; ++i) a[row * size + i] = sums[row * all + first + i];
            boost::hana::at_c<node>(provers).template backward<Rows, activated<node>>(
                layer_type::template storage_of<node>(net), a, bounds);
            hand_on<node, Rows>(a, bounds, sums);
        });
    }
    /// Whether some coefficient of a value is not 0: not all nodes are before another one.
    template <std::size_t Rows>
    static constexpr bool is_used(const double* sums, std::size_t first, std::size_t size) {
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < size; ++i)
                if (sums[row * all + first + i] != 0) return true;
        return false;
    }
    template <std::size_t Rows>
    static constexpr void take_inputs(const double* sums, double* a) {
        for (std::size_t row = 0; row < Rows; ++row)
            for (std::size_t i = 0; i < inputs; ++i) a[row * inputs + i] = sums[row * all + i];
    }
};

}  // namespace CTNN_NAMESPACE::detail

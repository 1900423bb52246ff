// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A network whose state is among its inputs and outputs, as exporters of streaming models write it.

#include <ctnn/chain/shape_rule.hpp>
#include <ctnn/config.hpp>
#include <ctnn/joined_tensor.hpp>
#include <ctnn/name.hpp>
#include <ctnn/network.hpp>
#include <ctnn/tensor.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A part of a state: the output `Out` of a step is the input `In` of the next.
template <name In, name Out>
struct carry {};

namespace detail {

template <class... Parts>
struct part_list {};

/// Whether a network has an input and an output with these names and one shape.
template <class Carry, class Inputs, class Outputs>
inline constexpr bool goes_around = false;
template <name In, name Out, class... Inputs, class... Outputs>
inline constexpr bool goes_around<carry<In, Out>, joined_shape<Inputs...>, joined_shape<Outputs...>> = [] {
    constexpr std::size_t in = index_of_name<In, Inputs...>, out = index_of_name<Out, Outputs...>;
    if constexpr (in < sizeof...(Inputs) && out < sizeof...(Outputs))
        return std::is_same_v<typename nth<in, Inputs...>::type::shape_type,
                              typename nth<out, Outputs...>::type::shape_type>;
    else
        return false;
}();

/// The parts that no carry names as its input, or its output.
template <class Carry, bool IsInput>
inline constexpr auto carried = nullptr;
template <name In, name Out>
inline constexpr auto carried<carry<In, Out>, true> = In;
template <name In, name Out>
inline constexpr auto carried<carry<In, Out>, false> = Out;

template <bool IsInput, class Free, class Parts, class... Carries>
struct free_parts {
    using type = Free;
};
template <bool IsInput, class... Free, class First, class... Rest, class... Carries>
struct free_parts<IsInput, part_list<Free...>, part_list<First, Rest...>, Carries...>
    : free_parts<IsInput,
                 std::conditional_t<(... || same_name(First::text, carried<Carries, IsInput>)), part_list<Free...>,
                                    part_list<Free..., First>>,
                 part_list<Rest...>, Carries...> {};

/// One tensor, or several as one.
template <class T, class Parts>
struct joined_parts {
    using type = tensor<T, shape<1>>;
};
template <class T, class Part>
struct joined_parts<T, part_list<Part>> {
    using type = tensor<T, typename Part::shape_type>;
};
template <class T, class First, class Second, class... Rest>
struct joined_parts<T, part_list<First, Second, Rest...>> {
    using type = joined_tensor<T, joined_shape<First, Second, Rest...>>;
};

/// For each part of a row: whether it is state, its size, and where it is in the state or among the other parts.
template <bool IsInput, class Parts, class... Carries>
struct carried_parts;
template <bool IsInput, class... Parts, class... Carries>
struct carried_parts<IsInput, joined_shape<Parts...>, Carries...> {
    using free = typename free_parts<IsInput, part_list<>, part_list<Parts...>, Carries...>::type;
    static constexpr std::size_t count = sizeof...(Parts);

    struct place {
        bool is_state;
        std::size_t size, offset;
    };
    struct table {
        place of[count];
        std::size_t free_size, state_size;
    };
    static constexpr table places = [] {
        table result{{{false, Parts::shape_type::size, 0}...}, 0, 0};
        const auto take = [&](std::size_t index) {
            result.of[index].is_state = true;
            result.of[index].offset = result.state_size;
            result.state_size += result.of[index].size;
        };
        (take(index_of_name<carried<Carries, IsInput>, Parts...>), ...);
        for (place& part : result.of)
            if (!part.is_state) {
                part.offset = result.free_size;
                result.free_size += part.size;
            }
        return result;
    }();
};

/// The parts of the state, with the names of the inputs.
template <class Inputs, class... Carries>
struct state_parts;
template <class... Parts, name... In, name... Out>
struct state_parts<joined_shape<Parts...>, carry<In, Out>...> {
    using type = part_list<named<In, typename nth<index_of_name<In, Parts...>, Parts...>::type::shape_type>...>;
};

}  // namespace detail

/// A network of one time step, whose state goes in and out: what `stream` is to a network of sequences.
///
/// Template parameters: a network with several `inputs` and `outputs`, and a `carry` for each part of the state. The network
/// is not copied. `state` begins with zeros; it is a tensor, or a `joined_tensor` with the names of the inputs, a plain
/// value: `s.state = {}` resets it, and `s.state.set<"h">(h)` begins elsewhere.
/// *Cost*: that of the network, and a copy of the inputs and the outputs.
/// *Errors*: "ctnn::stateful: each carry names an input and an output of the network with one shape, and others remain".
/// *Example*: `ctnn::stateful<net_type, ctnn::carry<"h", "h_next">> s{net}; auto y = s(x);`
template <class Net, class... Carries>
class stateful {
    using T = typename Net::value_type;
    using inputs_shape = typename Net::chain_type::input_shape;
    using outputs_shape = typename Net::chain_type::output_shape;

    using in = detail::carried_parts<true, inputs_shape, Carries...>;
    using out = detail::carried_parts<false, outputs_shape, Carries...>;
    static constexpr bool fits = sizeof...(Carries) > 0 &&
                                 (... && detail::goes_around<Carries, inputs_shape, outputs_shape>);
    static constexpr bool report() {
        constexpr bool others_remain = [] {
            if constexpr (fits)
                return in::places.free_size > 0 && out::places.free_size > 0;
            else
                return false;
        }();
        static_assert(others_remain,
                      "ctnn::stateful: each carry names an input and an output of the network with one "
                      "shape, and others remain");
        return true;
    }
    static_assert(report());

  public:
    using network_type = Net;
    using input_type = typename detail::joined_parts<T, typename in::free>::type;
    using output_type = typename detail::joined_parts<T, typename out::free>::type;
    using state_type =
        typename detail::joined_parts<T, typename detail::state_parts<inputs_shape, Carries...>::type>::type;

    static constexpr std::size_t inputs = in::places.free_size, outputs = out::places.free_size;
    static constexpr std::size_t state_bytes = sizeof(state_type);

    constexpr explicit stateful(const Net& network) : network_{&network} {}
    explicit stateful(Net&&) = delete;

    /// The outputs of the next step that are no state.
    constexpr output_type operator()(const input_type& x) {
        output_type y{};
        advance(x.values, y.values);
        return y;
    }
    /// The same on plain memory: rows of the inputs that are no state, one after another, to rows of such outputs.
    constexpr void advance(const T* x, T* y) {
        typename Net::input_type row{};
        std::size_t next = 0;
        for (const auto& part : in::places.of)
            for (std::size_t i = 0; i < part.size; ++i)
                row[next++] = (part.is_state ? state.values : x)[part.offset + i];
        const typename Net::output_type result = (*network_)(row);
        next = 0;
        for (const auto& part : out::places.of)
            for (std::size_t i = 0; i < part.size; ++i)
                (part.is_state ? state.values : y)[part.offset + i] = result[next++];
    }
    constexpr void advance(const T* x, T* y, std::size_t count) {
        for (; count > 0; --count, x += inputs, y += outputs) advance(x, y);
    }

    state_type state{};

  private:
    const Net* network_;
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Element-wise functions of arrays: scalars in constant evaluation, full registers at run time. For activations,
/// recurrent cells, optimisers and clipping.

#include <ctnn/config.hpp>
#include <ctnn/kernel/constant_evaluation/arrays.hpp>
#include <ctnn/kernel/vector/registers.hpp>
#include <ctnn/tensor.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE::kernel {

namespace detail {

/// Lanes for an array of `Count`: the widest register that it fills, of at least 16 bytes; one for a single element.
template <class T, std::size_t Count>
constexpr std::size_t lanes_for() {
    std::size_t lanes = Count == 1 ? 1 : native_lanes<T>;
    while (lanes > Count && lanes * sizeof(T) > 16) lanes /= 2;
    return lanes;
}

/// How arrays are divided into registers: full ones, the last of which overlaps the one before; or a single partial
/// one.
template <class T, std::size_t Count>
struct registers_of {
    static constexpr std::size_t lanes = lanes_for<T, Count>();
    using type = register_t<T, lanes>;
    static constexpr std::size_t whole = Count - Count % lanes;
    static constexpr bool has_last = whole < Count;
    static constexpr std::size_t in_last = Count < lanes ? Count : lanes;
    static constexpr std::size_t last = Count - in_last;

    /// Calls `f(i)` for the first element of each register but the overlapping last; up to four are unrolled.
    template <class F>
    CTNN_INLINE static inline void for_each(F&& f) {
        if constexpr (whole <= 4 * lanes)
            unroll<whole / lanes>([&](auto iteration) CTNN_INLINE { f(iteration() * lanes); });
        else
            for (std::size_t i = 0; i < whole; i += lanes) f(i);
    }
};

/// Const arrays are not written back.
template <std::size_t Count, class V, class T>
CTNN_INLINE inline void store_unless_const(T* to, const V& value) {
    if constexpr (!std::is_const_v<T>) store<Count>(to, value);
}

}  // namespace detail

/// out[i] = f(in[i]...) for every i below `Count`. An input may be the output.
///
/// `f` takes and returns lane types. *Cost*: `Count` calls of `f` in constant evaluation, and if the elements are
/// registers; one call for each full register at run time.
template <std::size_t Count, class T, class F, class... In>
CTNN_INLINE constexpr void map(F f, T* out, const In*... in) {
    if constexpr (math::is_register<T>) {
        unroll<Count>([&](auto i) CTNN_INLINE { out[i()] = f(in[i()]...); });
    } else if (__builtin_is_constant_evaluated()) {
        if constexpr (Count == 1)
            out[0] = f(in[0]...);
        else
            for (std::size_t i = 0; i < Count; ++i) out[i] = f(in[i]...);
    } else {
        using R = detail::registers_of<T, Count>;
        using V = typename R::type;
        const auto whole_registers = [&]() CTNN_INLINE {
            R::for_each([&](std::size_t at) CTNN_INLINE { store<R::lanes>(out + at, V(f(load<V>(in + at)...))); });
        };
        if constexpr (R::has_last)
            // Loaded before its neighbours are stored, possibly to the same array.
            [&](auto... last_registers) CTNN_INLINE {
                whole_registers();
                store<R::in_last>(out + R::last, V(f(last_registers...)));
            }(load<V, R::in_last>(in + R::last)...);
        else
            whole_registers();
    }
}

/// f(arrays[i]...) for every i below `Count`, where `f` takes references and may modify any of them. Const arrays are
/// read only. The arrays must not overlap, except that one may also be passed as const.
template <std::size_t Count, class F, class First, class... Rest>
CTNN_INLINE constexpr void update(F f, First* first, Rest*... rest) {
    if (__builtin_is_constant_evaluated()) {
        for (std::size_t i = 0; i < Count; ++i) f(first[i], rest[i]...);
    } else {
        using R = detail::registers_of<std::remove_const_t<First>, Count>;
        using V = typename R::type;
        const auto whole_registers = [&]() CTNN_INLINE {
            R::for_each([&](std::size_t at) CTNN_INLINE {
                [&](auto in_first, auto... in_rest) CTNN_INLINE {
                    f(in_first, in_rest...);
                    detail::store_unless_const<R::lanes>(first + at, in_first);
                    (detail::store_unless_const<R::lanes>(rest + at, in_rest), ...);
                }(load<V>(first + at), load<V>(rest + at)...);
            });
        };
        if constexpr (R::has_last)
            [&](auto last_first, auto... last_rest) CTNN_INLINE {
                whole_registers();
                f(last_first, last_rest...);
                detail::store_unless_const<R::in_last>(first + R::last, last_first);
                (detail::store_unless_const<R::in_last>(rest + R::last, last_rest), ...);
            }(load<V, R::in_last>(first + R::last), load<V, R::in_last>(rest + R::last)...);
        else
            whole_registers();
    }
}

namespace detail {

/// `update` in constant evaluation, for elements in registers and tensors of as many.
template <template <class> class Rule, class T, std::size_t Count, std::size_t Lanes, class... Tensors>
constexpr void update_arrays(const Rule<T>& rule, const registers<T, Count, Lanes>& first, Tensors&... rest) {
    using whole = registers<T, Count, Lanes>;
    const auto update_registers = [&first, &rest...](const auto& rule_of_lanes, auto... of_rest) {
        for (std::size_t i = 0; i < Count / Lanes; ++i) rule_of_lanes(first.in[i], of_rest.in[i]...);
        ((rest = __builtin_bit_cast(Tensors, of_rest)), ...);
    };
    if constexpr (Lanes > 1 && has_slow_broadcast)
        update_registers(in_each_lane<register_t<T, Lanes>>(rule), __builtin_bit_cast(whole, rest)...);
    else
        update_registers(rule, __builtin_bit_cast(whole, rest)...);
}

/// The copy of the tensor is in a separate function, so that unoptimised code does not have it on the caller's stack at
/// run time.
template <template <class> class Rule, class T, class Shape, class... Rest>
constexpr void update_tensors(const Rule<T>& rule, const tensor<T, Shape>& first, Rest&... rest) {
    using whole = registers<T, Shape::size>;
    update_arrays(rule, __builtin_bit_cast(whole, first), rest...);
}

}  // namespace detail

/// The same for every element of some tensors, the first of which is const: constant evaluation takes each in one
/// bit_cast. The rule is an object with scalar members only.
template <template <class> class Rule, class T, class Shape, std::same_as<tensor<T, Shape>>... Rest>
CTNN_INLINE constexpr void update(const Rule<T>& rule, const tensor<T, Shape>& first, Rest&... rest) {
    if (__builtin_is_constant_evaluated())
        detail::update_tensors(rule, first, rest...);
    else
        update<Shape::size>(rule, first.values, rest.values...);
}

/// to[i] = from[i] for every i below `Count`.
template <std::size_t Count, class T>
CTNN_INLINE constexpr void copy(const T* from, T* to) {
    map<Count>([](auto element) CTNN_INLINE { return element; }, to, from);
}

}  // namespace CTNN_NAMESPACE::kernel

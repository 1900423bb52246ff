// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The same function for every element of some arrays: scalars in constant evaluation, full registers at run time.

#include <ctnn/kernel/vector.hpp>

#include <cstddef>
#include <type_traits>

namespace ctnn::kernel {

namespace detail {

/// Lanes for an array of `Count`: one, or a register that is not much wider than the array.
template <class T, std::size_t Count>
constexpr std::size_t lanes_for() {
    if (Count == 1) return 1;
    std::size_t lanes = native_lanes<T>;
    while (lanes / 2 >= Count && lanes * sizeof(T) > 16) lanes /= 2;
    return lanes;
}

template <class V, std::size_t Count, class F, class T, class... In>
CTNN_INLINE inline void map_block(F& f, T* out, const In*... in) {
    store<Count>(out, V(f(load<V, Count>(in)...)));
}

template <class V, std::size_t Count, class F, class T, class... Rest>
CTNN_INLINE inline void update_block(F& f, const T* in, Rest*... state) {
    [&](auto... registers) CTNN_INLINE {
        f(load<V, Count>(in), registers...);
        (store<Count>(state, registers), ...);
    }(load<V, Count>(state)...);
}

}  // namespace detail

/// out[i] = f(in[i]...) for every i below `Count`. An input may be the output.
///
/// `f` takes and returns lane types. *Cost*: `Count` calls of `f` in constant evaluation; one call for each register
/// full of elements at run time, the last one padded with zeros.
template <std::size_t Count, class T, class F, class... In>
CTNN_INLINE constexpr void map(F f, T* out, const In*... in) {
    if (std::is_constant_evaluated())
        for (std::size_t i = 0; i < Count; ++i) out[i] = f(in[i]...);
    else {
        constexpr std::size_t lanes = detail::lanes_for<T, Count>();
        constexpr std::size_t whole = Count - Count % lanes;
        using V = register_t<T, lanes>;
        for (std::size_t i = 0; i < whole; i += lanes) detail::map_block<V, lanes>(f, out + i, (in + i)...);
        if constexpr (whole < Count) detail::map_block<V, Count - whole>(f, out + whole, (in + whole)...);
    }
}

/// f(in[i], state[i]...) for every i below `Count`, where `f` changes the state through references.
template <std::size_t Count, class T, class F, class... State>
CTNN_INLINE constexpr void update(F f, const T* in, State*... state) {
    if (std::is_constant_evaluated())
        for (std::size_t i = 0; i < Count; ++i) f(in[i], state[i]...);
    else {
        constexpr std::size_t lanes = detail::lanes_for<T, Count>();
        constexpr std::size_t whole = Count - Count % lanes;
        using V = register_t<T, lanes>;
        for (std::size_t i = 0; i < whole; i += lanes) detail::update_block<V, lanes>(f, in + i, (state + i)...);
        if constexpr (whole < Count) detail::update_block<V, Count - whole>(f, in + whole, (state + whole)...);
    }
}

}  // namespace ctnn::kernel

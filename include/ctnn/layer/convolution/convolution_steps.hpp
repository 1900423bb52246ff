// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Causal convolution, a time step or a block of them at a time.

#include <ctnn/chain/layer_facts.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/convolution/causal_step.hpp>
#include <ctnn/kernel/convolution/im2col.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/product/block_product.hpp>
#include <ctnn/kernel/product/matrix_product.hpp>
#include <ctnn/layer/convolution/window_history.hpp>
#include <ctnn/layer/convolution/window_state.hpp>

#include <cstddef>

namespace CTNN_NAMESPACE {

/// The time steps of `convolution`, whose template parameters these are; each sum is added in its order. The window of a
/// step ends at the newest input.
template <class T, std::size_t Channels, std::size_t Filters, std::size_t Groups, kernel::slide Across,
          kernel::sum_order Order>
struct convolution_steps {
    static constexpr std::size_t channels = Channels / Groups, filters = Filters / Groups;
    static constexpr std::size_t depth = Across.window * channels;
    /// The inputs of a window but the newest.
    static constexpr std::size_t before = depth - channels;
    using size = kernel::product_size<1, filters, depth, depth, 1, Order, Filters>;
    using state_type = window_state<T, Across.window == 1 ? 1 : Across.dilation, Groups * before>;

    /// One time step: the newest input replaces the oldest.
    template <class Start>
    static constexpr void advance(const T* x, const T* weights, const T* bias, T* y, state_type& state) {
        T* line = state.next_line();
        for (std::size_t group = 0; group < Groups; ++group, x += channels, line += before) {
            const T* const of_filters = weights + group * filters;
            const T* const start = bias + group * filters * Start::column_stride;
            if constexpr (before == 0) {
                kernel::matrix_product<size, Start>(x, of_filters, start, y + group * filters);
            } else {
                kernel::causal_step<size, Start, before>(static_cast<const T*>(line), x, of_filters, start,
                                                         y + group * filters);
                copy_places<before - channels>(static_cast<const T*>(line + channels), line);
                kernel::copy<channels>(x, line + before - channels);
            }
        }
    }

    /// A block of time steps, of which `count` are kept in the state.
    template <std::size_t Steps, bool HasState>
    struct history {
        using type = no_state;
    };
    template <std::size_t Steps>
    struct history<Steps, true> {
        using type = window_history<T, Channels, (Across.window - 1) * Across.dilation, Steps>;
    };
    template <std::size_t Steps>
    using block_state = typename history<Steps, (before > 0)>::type;
    template <std::size_t Steps, class Start>
    static constexpr void advance_block(const T* x, const T* weights, const T* bias, T* y, block_state<Steps>& state,
                                        std::size_t count) {
        if constexpr (before > 0) state.write(x);
        for (std::size_t group = 0; group < Groups; ++group) {
            const T* const of_filters = weights + group * filters;
            const T* const start = bias + group * filters * Start::column_stride;
            T* const to = y + group * filters * Steps;
            if constexpr (before == 0) {
                kernel::block_product<Steps, size, Start>(x + group * channels * Steps, of_filters, start, to);
            } else {
                alignas(64) T windows[depth * Steps];
                state.template copy_windows<Across.window, Across.dilation, channels>(group * channels, windows);
                kernel::block_product<Steps, size, Start>(static_cast<const T*>(windows), of_filters, start, to);
            }
        }
        if constexpr (before > 0) state.keep(count);
    }

  private:
    /// Copies window elements. Where the channels fill a register, each is copied by itself and so read as it was written:
    /// a load across several recent stores fails store forwarding.
    template <std::size_t Count>
    static constexpr void copy_places(const T* from, T* to) {
        if constexpr (channels * sizeof(T) >= 16)
            for (std::size_t i = 0; i < Count; i += channels) kernel::copy<channels>(from + i, to + i);
        else
            kernel::copy<Count>(from, to);
    }
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// The common part of layers that move elements: permute, reverse, zero_pad, slice and upsample.

#include <ctnn/activation/identity.hpp>
#include <ctnn/config.hpp>
#include <ctnn/kernel/elementwise/map.hpp>
#include <ctnn/kernel/elementwise/strided.hpp>
#include <ctnn/kernel/reduction/reduce.hpp>
#include <ctnn/math/lane.hpp>

#include <cstddef>
#include <type_traits>

namespace CTNN_NAMESPACE {

/// A layer whose outputs are copies of its inputs, or zero.
///
/// `Move` has the shapes `input_shape` and `output_shape`, the number `moved` of elements that are copied, and `loops`,
/// which walk the output from `output_start` on and the input from `input_start` on.
template <class T, class Move>
struct rearrangement_layer {
    using input_shape = typename Move::input_shape;
    using output_shape = typename Move::output_shape;
    using activation = identity;
    static constexpr std::size_t multiply_accumulates = 0;

    friend constexpr bool operator==(const rearrangement_layer&, const rearrangement_layer&) = default;

    template <std::size_t Batch>
    static constexpr void forward(const T* x, T* y) {
        for (std::size_t sample = 0; sample < Batch; ++sample, x += input_shape::size, y += output_shape::size) {
            if constexpr (output_shape::size > Move::moved)
                for (std::size_t i = 0; i < output_shape::size; ++i) y[i] = T{};
            const auto move_one = [&](std::size_t to, std::size_t from)
                                      CTNN_INLINE { y[Move::output_start + to] = x[Move::input_start + from]; };
            const auto move_run = [&](std::size_t to, std::size_t from) CTNN_INLINE {
                const std::size_t out = Move::output_start + to, in = Move::input_start + from;
                if constexpr (run.output_stride == 1 && run.input_stride == 1)
                    kernel::copy<run.extent>(x + in, y + out);
                else if constexpr (repeats)
                    fill(y + out, x[in]);
                else
                    for (std::size_t i = 0; i < run.extent; ++i)
                        y[out + i * run.output_stride] = x[in + i * run.input_stride];
            };
            if constexpr (run.extent < few)
                kernel::for_each_strided<Move::loops>(move_one);
            else
                kernel::for_each_run<Move::loops>(move_run);
        }
    }

    /// dL/dx is the sum of dL/dy over the copies.
    template <std::size_t Batch>
    static constexpr void backward(const T*, const T* dy, T* dx, T* /*kept*/, T* /*scratch*/) {
        for (std::size_t sample = 0; sample < Batch; ++sample, dx += input_shape::size, dy += output_shape::size) {
            for (std::size_t i = 0; i < input_shape::size; ++i) dx[i] = T{};
            const auto add_one = [&](std::size_t to, std::size_t from)
                                     CTNN_INLINE { dx[Move::input_start + from] += dy[Move::output_start + to]; };
            const auto add_run = [&](std::size_t to, std::size_t from) CTNN_INLINE {
                dx[Move::input_start + from] = sum_onto(dx[Move::input_start + from], dy + Move::output_start + to);
            };
            if constexpr (repeats && run.extent >= few)
                kernel::for_each_run<Move::loops>(add_run);
            else
                kernel::for_each_strided<Move::loops>(add_one);
        }
    }

  private:
    static constexpr kernel::strided_run run = kernel::run_of<Move::loops>;
    /// Whether a run repeats one element.
    static constexpr bool repeats = run.output_stride == 1 && run.input_stride == 0;
    /// Runs shorter than `few` are left to the compiler, which may vectorise across them; runs from `many` on fill
    /// registers.
    static constexpr std::size_t few = 4, many = 16;

    CTNN_INLINE static constexpr void fill(T* copies, T number) {
        if constexpr (run.extent < many) {
            for (std::size_t i = 0; i < run.extent; ++i) copies[i] = number;
        } else {
            constexpr std::size_t block = run.extent % many == 0 ? many : run.extent;
            const auto set = [number](auto& element) CTNN_INLINE {
                element = math::broadcast<std::remove_reference_t<decltype(element)>>(number);
            };
            for (std::size_t i = 0; i < run.extent; i += block) kernel::update<block>(set, copies + i);
        }
    }
    CTNN_INLINE static constexpr T sum_onto(T total, const T* copies) {
        if constexpr (run.extent < many) {
            for (std::size_t i = 0; i < run.extent; ++i) total += copies[i];
            return total;
        } else {
            return total + kernel::sum<run.extent>(kernel::itself{}, copies);
        }
    }
};

}  // namespace CTNN_NAMESPACE

// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Shared by the files that evaluate or lower operators: an operator call, and helpers for extents.

#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ctnn_import {

/// A node with the values of its inputs.
struct call {
    const node& what;
    const std::vector<const array*>& inputs;

    bool has(std::size_t index) const { return index < inputs.size() && inputs[index] != nullptr; }
    const array& input(std::size_t index) const;
    /// The elements of an input, which has to be floating-point or integer respectively.
    const std::vector<double>& reals(std::size_t index) const;
    const std::vector<std::int64_t>& integers(std::size_t index) const;
    /// The input converted to floating point.
    array as_reals(std::size_t index) const;
    [[noreturn]] void refuse(const std::string& reason) const { what.refuse(reason); }
};

/// "2 x 3 x 4", or "a scalar".
std::string text_of(const extents& dims);
/// Rejects a node of more than 2^36 multiplications: only damaged files request that many.
void limit_work(const call& of, const extents& factors);
/// The most elements of an array: only damaged files request more.
inline constexpr std::size_t most_elements = std::size_t{1} << 26;
/// Arrays of zeros; rejects one of more than `most_elements`.
array reals_of(const call& of, extents dims);
array integers_of(const call& of, extents dims);
/// Normalises an axis that may be negative; rejects one out of range.
std::size_t axis_in(const node& of, std::int64_t axis, std::size_t rank);
/// The product of the extents of the axes [begin, end).
std::int64_t count(const extents& dims, std::size_t begin, std::size_t end);
/// Row-major strides, in elements.
std::vector<std::int64_t> strides_of(const extents& dims);
/// The broadcast extents of two arrays, by NumPy's rules.
extents broadcast(const node& of, const extents& a, const extents& b);
/// The strides of an array with extents `from` when it is broadcast to `to`: 0 along broadcast axes.
std::vector<std::int64_t> broadcast_strides(const extents& from, const extents& to);

/// Calls `f(flat, offsets)` for each element in row-major order; offsets[k] is the dot product of index and strides[k].
template <std::size_t Count, class F>
void for_each_element(const extents& dims, const std::vector<std::int64_t> (&strides)[Count], F&& f) {
    const std::int64_t size = ctnn_import::count(dims);
    std::vector<std::int64_t> index(dims.size(), 0);
    std::int64_t offsets[Count]{};
    for (std::int64_t flat = 0; flat < size; ++flat) {
        f(static_cast<std::size_t>(flat), offsets);
        for (std::size_t axis = dims.size(); axis-- > 0;) {
            for (std::size_t k = 0; k < Count; ++k) offsets[k] += strides[k][axis];
            if (++index[axis] < dims[axis]) break;
            for (std::size_t k = 0; k < Count; ++k) offsets[k] -= strides[k][axis] * dims[axis];
            index[axis] = 0;
        }
    }
}

/// A list that is an attribute before opset `input_since` and an input since. Empty if absent.
std::vector<std::int64_t> list_from(const call& of, const std::string& attribute_name, std::size_t input_index,
                                    std::int64_t input_since);

}  // namespace ctnn_import

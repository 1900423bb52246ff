// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// What all files share that look at an operator: the call, and tools for extents.

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
    /// The numbers of an input that has to hold reals or integers.
    const std::vector<double>& reals(std::size_t index) const;
    const std::vector<std::int64_t>& integers(std::size_t index) const;
    /// The input as reals, whatever it holds.
    array as_reals(std::size_t index) const;
    [[noreturn]] void refuse(const std::string& reason) const { what.refuse(reason); }
};

/// "2 x 3 x 4", or "a single number".
std::string text_of(const extents& dims);
/// Refuses a node that would take more than 2^36 multiplications, which is what a damaged file asks for.
void limit_work(const call& of, const extents& factors);
/// The most elements of an array: a damaged file asks for more.
inline constexpr std::size_t most_elements = std::size_t{1} << 26;
/// Arrays of zeros; refuses one of more than `most_elements`.
array reals_of(const call& of, extents dims);
array integers_of(const call& of, extents dims);
/// An axis counted from the front, from one that may be counted from behind; refuses one outside.
std::size_t axis_in(const node& of, std::int64_t axis, std::size_t rank);
/// The product of the extents from one axis on until before another.
std::int64_t count(const extents& dims, std::size_t begin, std::size_t end);
/// How far apart neighbours along each axis are.
std::vector<std::int64_t> strides_of(const extents& dims);
/// The extents of two arrays put together as NumPy does it.
extents broadcast(const node& of, const extents& a, const extents& b);
/// The offset in an array of `from` of the place with number `index` in an array of `to`, to which it is broadcast.
std::vector<std::int64_t> broadcast_strides(const extents& from, const extents& to);

/// Goes through all places of an array in order: `f(flat, offsets)`, where offsets are the sums of index times stride
/// for each list of strides.
template <std::size_t Count, class F>
void for_each_place(const extents& dims, const std::vector<std::int64_t> (&strides)[Count], F&& f) {
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

/// A list that is an attribute before an opset, and an input from it on. Empty when it is not given.
std::vector<std::int64_t> list_from(const call& of, const std::string& attribute_name, std::size_t input_index,
                                    std::int64_t input_since);

}  // namespace ctnn_import

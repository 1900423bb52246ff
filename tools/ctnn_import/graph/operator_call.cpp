// SPDX-License-Identifier: BSL-1.0
#include "graph/operator_call.hpp"

#include <algorithm>

namespace ctnn_import {

namespace {

std::int64_t checked_count(const call& of, const extents& dims) {
    std::int64_t size = 1;
    for (const std::int64_t extent : dims) {
        if (extent < 0) of.refuse("the output would have the negative extent " + std::to_string(extent));
        if (extent > 0 && size > static_cast<std::int64_t>(most_elements) / extent)
            of.refuse("the output of " + text_of(dims) + " elements is too large");
        size *= extent;
    }
    return size;
}

}  // namespace

const array& call::input(std::size_t index) const {
    if (!has(index)) refuse("input " + std::to_string(index) + " is missing");
    return *inputs[index];
}
const std::vector<double>& call::reals(std::size_t index) const {
    if (input(index).holds_integers()) refuse("input " + std::to_string(index) + " holds integers");
    return input(index).reals();
}
const std::vector<std::int64_t>& call::integers(std::size_t index) const {
    if (!input(index).holds_integers()) refuse("input " + std::to_string(index) + " does not hold integers");
    return input(index).integers();
}
array call::as_reals(std::size_t index) const {
    const array& given = input(index);
    if (!given.holds_integers()) return given;
    std::vector<double> numbers(given.integers().begin(), given.integers().end());
    return {given.dims, std::move(numbers)};
}

std::string text_of(const extents& dims) {
    if (dims.empty()) return "a scalar";
    std::string text;
    for (const std::int64_t extent : dims) text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

void limit_work(const call& of, const extents& factors) {
    double product = 1;
    for (const std::int64_t factor : factors) product *= static_cast<double>(factor);
    if (product > 0x1p36) of.refuse("it would take more than 2^36 multiplications");
}

array reals_of(const call& of, extents dims) {
    const auto size = static_cast<std::size_t>(checked_count(of, dims));
    return {std::move(dims), std::vector<double>(size)};
}
array integers_of(const call& of, extents dims) {
    const auto size = static_cast<std::size_t>(checked_count(of, dims));
    return {std::move(dims), std::vector<std::int64_t>(size)};
}

std::size_t axis_in(const node& of, std::int64_t axis, std::size_t rank) {
    const auto signed_rank = static_cast<std::int64_t>(rank);
    if (axis < -signed_rank || axis >= signed_rank)
        of.refuse("there is no axis " + std::to_string(axis) + " in an array of " + std::to_string(rank) +
                  " dimensions");
    return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

std::int64_t count(const extents& dims, std::size_t begin, std::size_t end) {
    std::int64_t product = 1;
    for (std::size_t axis = begin; axis < end; ++axis) product *= dims[axis];
    return product;
}

std::vector<std::int64_t> strides_of(const extents& dims) {
    std::vector<std::int64_t> strides(dims.size());
    std::int64_t stride = 1;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
        strides[axis] = stride;
        stride *= dims[axis];
    }
    return strides;
}

extents broadcast(const node& of, const extents& a, const extents& b) {
    extents result(std::max(a.size(), b.size()));
    for (std::size_t behind = 0; behind < result.size(); ++behind) {
        const std::int64_t left = behind < a.size() ? a[a.size() - 1 - behind] : 1;
        const std::int64_t right = behind < b.size() ? b[b.size() - 1 - behind] : 1;
        if (left != right && left != 1 && right != 1)
            of.refuse("the shapes " + text_of(a) + " and " + text_of(b) + " cannot be broadcast together");
        result[result.size() - 1 - behind] = left == 1 ? right : left;
    }
    return result;
}

std::vector<std::int64_t> broadcast_strides(const extents& from, const extents& to) {
    std::vector<std::int64_t> strides(to.size(), 0);
    const auto own = strides_of(from);
    for (std::size_t behind = 0; behind < from.size(); ++behind)
        if (from[from.size() - 1 - behind] != 1) strides[to.size() - 1 - behind] = own[from.size() - 1 - behind];
    return strides;
}

std::vector<std::int64_t> list_from(const call& of, const std::string& attribute_name, std::size_t input_index,
                                    std::int64_t input_since) {
    if (of.what.opset < input_since) return of.what.get<std::vector<std::int64_t>>(attribute_name, {});
    return of.has(input_index) ? of.integers(input_index) : std::vector<std::int64_t>{};
}

}  // namespace ctnn_import

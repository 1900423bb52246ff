// SPDX-License-Identifier: BSL-1.0
#include "lower/lowering.hpp"

#include "graph/operator_call.hpp"

#include <algorithm>
#include <cmath>

namespace ctnn_import {

const array& known_node::constant(std::size_t input) const {
    if (!what.has_input(input)) refuse("its input " + std::to_string(input) + " is missing");
    const auto found = model.constants.find(what.inputs[input]);
    if (found == model.constants.end()) refuse("its input " + std::to_string(input) + " is not a constant");
    return found->second;
}

const std::vector<double>& known_node::reals(std::size_t input) const {
    if (constant(input).holds_integers()) refuse("its input " + std::to_string(input) + " holds integers");
    return constant(input).reals();
}

std::vector<std::int64_t> known_node::list(const std::string& attribute_name, std::size_t input,
                                           std::int64_t input_since) const {
    if (what.opset < input_since) return what.get<std::vector<std::int64_t>>(attribute_name, {});
    if (!what.has_input(input)) return {};
    if (!constant(input).holds_integers()) refuse("its input " + std::to_string(input) + " does not hold integers");
    return constant(input).integers();
}

void job::wants_live_first() const {
    if (live != 0) refuse("its first input is a constant, and input " + std::to_string(live) + " is not");
}

std::string ratio_text(const node& of, double number) {
    const auto text = [](std::int64_t numerator, std::int64_t denominator) {
        return "std::ratio<" + std::to_string(numerator) +
               (denominator == 1 ? "" : ", " + std::to_string(denominator)) + ">";
    };
    const auto as_float = static_cast<float>(number);
    if (std::isfinite(number) && std::abs(number) < 1e6)
        for (const std::int64_t denominator : {1ll, 2ll, 3ll, 4ll, 5ll, 6ll, 8ll, 10ll, 100ll, 1000ll, 10000ll,
                                               100000ll, 1000000ll, 1000000000ll, 1000000000000ll}) {
            const double numerator = std::round(number * static_cast<double>(denominator));
            if (std::abs(numerator) < 0x1p53 && (numerator != 0 || number == 0) &&
                static_cast<float>(numerator) / static_cast<float>(denominator) == as_float &&
                std::abs(numerator / static_cast<double>(denominator) - number) <= 1e-7 * std::abs(number))
                return text(static_cast<std::int64_t>(numerator), denominator);
        }
    int exponent = 0;
    const double significand = std::frexp(number, &exponent) * 0x1p53;
    auto numerator = static_cast<std::int64_t>(std::isfinite(number) ? significand : 0);
    exponent -= 53;
    while (numerator != 0 && numerator % 2 == 0 && exponent < 0) numerator /= 2, ++exponent;
    if (!std::isfinite(number) || exponent < -62 || exponent > 9)
        of.refuse("the value " + std::to_string(number) + " is not a ratio of two 64-bit integers");
    return exponent >= 0 ? text(numerator * (std::int64_t{1} << exponent), 1)
                         : text(numerator, std::int64_t{1} << -exponent);
}

namespace {

/// Reduces axes along which the elements are constant to extent 1.
array shrunk(array of) {
    for (std::size_t axis = 0; axis < of.dims.size(); ++axis) {
        const axis_view at = view_of(of.dims, axis, axis + 1);
        if (at.extent == 1) continue;
        const std::vector<double>& numbers = of.reals();
        const auto block = static_cast<std::size_t>(at.extent * at.inner), run = static_cast<std::size_t>(at.inner);
        std::vector<double> first;
        bool same = true;
        for (std::size_t begin = 0; same && begin < numbers.size(); begin += block) {
            for (std::size_t i = run; same && i < block; ++i) same = numbers[begin + i] == numbers[begin + i - run];
            first.insert(first.end(), numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                         numbers.begin() + static_cast<std::ptrdiff_t>(begin + run));
        }
        if (!same) continue;
        of.dims[axis] = 1;
        of.reals() = std::move(first);
    }
    return of;
}

}  // namespace

broadcast_constant constant_along(const extents& from, const std::vector<double>& numbers, const extents& to) {
    const array given = shrunk({from, numbers});
    extents dims(to.size(), 1);
    std::copy_backward(given.dims.begin(), given.dims.end(), dims.end());
    std::size_t begin = 0, end = to.size();
    while (begin < end && dims[begin] == 1) ++begin;
    while (end > begin && dims[end - 1] == 1) --end;
    if (begin == end) return {{1, 1, count(to)}, given.reals()};
    extents part(to.begin() + static_cast<std::ptrdiff_t>(begin), to.begin() + static_cast<std::ptrdiff_t>(end));
    extents own(dims.begin() + static_cast<std::ptrdiff_t>(begin), dims.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<double> all(static_cast<std::size_t>(count(part)));
    const std::vector<std::int64_t> strides[]{broadcast_strides(own, part)};
    for_each_element(part, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        all[flat] = given.reals()[static_cast<std::size_t>(offsets[0])];
    });
    return {view_of(to, begin, end), std::move(all)};
}

std::vector<double> constants_of_concat(const known_node& of, std::size_t axis) {
    const axis_view at = view_of(of.model.shapes.at(of.what.outputs[0]), axis, axis + 1);
    std::vector<double> all(static_cast<std::size_t>(at.outer * at.extent * at.inner));
    std::int64_t first = 0;
    for (std::size_t input = 0; input < of.what.inputs.size(); ++input) {
        const std::int64_t run = of.dims(input)[axis] * at.inner;
        const auto copy = [&](const auto& numbers) {
            for (std::int64_t row = 0; row < at.outer; ++row)
                std::transform(numbers.begin() + row * run, numbers.begin() + (row + 1) * run,
                               all.begin() + row * at.extent * at.inner + first,
                               [](auto number) { return static_cast<double>(number); });
        };
        if (const auto found = of.model.constants.find(of.what.inputs[input]); found != of.model.constants.end())
            found->second.holds_integers() ? copy(found->second.integers()) : copy(found->second.reals());
        first += run;
    }
    return all;
}

std::pair<std::int64_t, std::int64_t> constants_around(const known_node& of, std::size_t input, std::size_t axis) {
    const auto is_constant = [&](std::size_t i) { return of.model.constants.contains(of.what.inputs[i]); };
    std::int64_t before = 0, behind = 0;
    for (std::size_t i = input; i > 0 && is_constant(i - 1); --i) before += of.dims(i - 1)[axis];
    std::size_t next = input + 1;
    for (; next < of.what.inputs.size() && is_constant(next); ++next) behind += of.dims(next)[axis];
    return {before, next == of.what.inputs.size() ? behind : 0};
}

void refuse_batch(const node& of, std::int64_t batch) {
    of.refuse("its input is a batch of " + std::to_string(batch) +
              " samples, and a network takes one: bind that axis to 1 by --batch, --dim or --shape");
}

}  // namespace ctnn_import

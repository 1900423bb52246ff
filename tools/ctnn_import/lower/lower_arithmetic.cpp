// SPDX-License-Identifier: BSL-1.0
// Arithmetic with constants: y = weights x + bias, with weights and bias along some of the axes.
#include "lower/lowering.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace ctnn_import {

namespace {

/// Broadcasts x to the shape of the result and returns the constant operand of a binary node along the result's axes.
/// Before opset 7 an attribute gives the axis at which the second operand is aligned.
broadcast_constant operand(const job& of) {
    if (of.what.inputs.size() != 2) of.refuse("it does not have two inputs");
    const std::size_t other = 1 - of.live;
    extents dims = of.dims(other);
    if (of.what.opset < 7 && of.what.get<std::int64_t>("broadcast", 0) != 0 && of.what.has("axis")) {
        if (other != 1) of.refuse("its first input is a constant that is broadcast by an axis");
        const std::int64_t axis = of.what.get<std::int64_t>("axis", 0),
                           rank = static_cast<std::int64_t>(of.result().size());
        dims.resize(static_cast<std::size_t>(rank - (axis < 0 ? axis + rank : axis)), 1);
    }
    of.to.expand(of.input(), of.result(), of.what.name);
    return constant_along(dims, of.reals(other), of.result());
}

std::vector<double> like(const std::vector<double>& numbers, double value) {
    return std::vector<double>(numbers.size(), value);
}
std::vector<double> each(std::vector<double> numbers, const std::function<double(double)>& f) {
    std::transform(numbers.begin(), numbers.end(), numbers.begin(), f);
    return numbers;
}

void add(const job& of) {
    const auto [at, numbers] = operand(of);
    of.to.affine(at, like(numbers, 1), numbers, of.what.name);
}
void sub(const job& of) {
    const auto [at, numbers] = operand(of);
    if (of.live == 0)
        of.to.affine(at, like(numbers, 1), each(numbers, std::negate<double>{}), of.what.name);
    else
        of.to.affine(at, like(numbers, -1), numbers, of.what.name);
}
void mul(const job& of) {
    const auto [at, numbers] = operand(of);
    of.to.affine(at, numbers, like(numbers, 0), of.what.name);
}
void div(const job& of) {
    const auto [at, numbers] = operand(of);
    if (of.live == 0) {
        if (std::find(numbers.begin(), numbers.end(), 0) != numbers.end()) of.refuse("it divides by a constant 0");
        if (std::any_of(numbers.begin(), numbers.end(), [](double number) { return std::isinf(1 / number); }))
            of.refuse("it divides by a constant that is nearly 0");
        of.to.affine(at, each(numbers, [](double number) { return 1 / number; }), like(numbers, 0), of.what.name);
    } else {
        of.to.activate("ctnn::reciprocal", of.what.name);
        of.to.affine(at, numbers, like(numbers, 0), of.what.name);
    }
}
void neg(const job& of) {
    of.to.affine({1, 1, count(of.input())}, {-1}, {0}, of.what.name);
}
void sum(const job& of) {
    for (std::size_t i = 0; i < of.what.inputs.size(); ++i) {
        if (i == of.live) continue;
        of.to.expand(of.input(), of.result(), of.what.name);
        const auto [at, numbers] = constant_along(of.dims(i), of.reals(i), of.result());
        of.to.affine(at, like(numbers, 1), numbers, of.what.name);
    }
}
/// |x| is a prelu with slope -1.
void absolute(const job& of) {
    const extents seen{1, count(of.input())};
    of.to.view(seen);
    layer next;
    next.kind = "prelu";
    next.parameters = {{"weights", {1}, {-1}}};
    next.nodes = {of.what.name};
    next.multiply_accumulates = count(seen);
    of.to.add(std::move(next), seen);
}
void mean(const job& of) {
    sum(of);
    of.to.affine({1, 1, count(of.result())}, {1 / static_cast<double>(of.what.inputs.size())}, {0}, of.what.name);
}
/// x to the power of a small integer: a product of identity branches.
void power(const job& of) {
    of.wants_live_first();
    const array& exponent = of.constant(1);
    const double number = exponent.size() != 1        ? 0
                          : exponent.holds_integers() ? static_cast<double>(exponent.integers()[0])
                                                      : exponent.reals()[0];
    if (number == 1) return;
    if (number != 2 && number != 3) of.refuse("its exponent is not the scalar 1, 2 or 3");
    layer next;
    next.kind = "product";
    next.branches.resize(static_cast<std::size_t>(number));
    next.nodes = {of.what.name};
    next.multiply_accumulates = static_cast<std::int64_t>(number - 1) * count(of.to.shape());
    of.to.add(std::move(next), extents(of.to.shape()));
}

}  // namespace

void add_arithmetic_lowerings(lowering_table& table) {
    table.insert({{"Add", add},
                  {"Sub", sub},
                  {"Mul", mul},
                  {"Div", div},
                  {"Neg", neg},
                  {"Sum", sum},
                  {"Mean", mean},
                  {"Abs", absolute},
                  {"Pow", power}});
}

}  // namespace ctnn_import

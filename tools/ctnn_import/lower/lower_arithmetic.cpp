// SPDX-License-Identifier: BSL-1.0
// Arithmetic with constants: y = weights x + bias, with weights and bias along some of the axes.
#include "graph/operator_call.hpp"
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

/// Where integers are added, a sum with a branch that is the constant: 0 x + b.
void add_integers(const job& of, const broadcast_constant& constant) {
    const extents shape = of.to.shape();
    builder branch(shape, false);
    branch.affine(constant.at, like(constant.numbers, 0), constant.numbers, of.what.name);
    branch.view(shape);
    // The order of the terms is that of the operator; onnxruntime takes one that is broadcast along the last axis as the second.
    const extents& own = of.dims(1 - of.live);
    const bool first = of.live == 1 && !own.empty() && own.back() == of.result().back();
    layer next;
    next.kind = "sum";
    next.branches.resize(2);
    next.branches[first ? 0 : 1] = branch.take();
    next.nodes = {of.what.name};
    of.to.add(std::move(next), shape);
}

void add(const job& of) {
    const broadcast_constant constant = operand(of);
    const auto how = of.model.quantized.find(of.what.inputs[1 - of.live]);
    if (of.what.has("of_integers") && how != of.model.quantized.end() && how->second.scales.size() == 1)
        add_integers(of, constant);
    else
        of.to.affine(constant.at, like(constant.numbers, 1), constant.numbers, of.what.name);
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
/// A factor for each element, and what is added to it.
void mask(const job& of, const extents& dims, const std::vector<double>& factors, const std::vector<double>& added) {
    of.to.expand(of.input(), of.result(), of.what.name);
    const auto scaled = constant_along(dims, factors, of.result());
    of.to.affine(scaled.at, scaled.numbers, like(scaled.numbers, 0), of.what.name);
    const auto [at, numbers] = constant_along(dims, added, of.result());
    of.to.affine(at, like(numbers, 1), numbers, of.what.name);
}

/// With a constant condition and one constant branch: the other one where the condition selects it.
void where(const job& of) {
    if (of.live == 0) of.refuse("its condition is computed");
    const array& condition = of.constant(0);
    const std::size_t other = 3 - of.live;
    const extents dims = broadcast(of.what, condition.dims, of.dims(other));
    const std::vector<std::int64_t> strides[]{broadcast_strides(condition.dims, dims),
                                              broadcast_strides(of.dims(other), dims)};
    std::vector<double> factors(static_cast<std::size_t>(count(dims))), added = factors;
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        const bool selects = (condition.integers()[static_cast<std::size_t>(offsets[0])] != 0) == (of.live == 1);
        factors[flat] = selects;
        added[flat] = selects ? 0 : of.reals(other)[static_cast<std::size_t>(offsets[1])];
    });
    mask(of, dims, factors, added);
}

void comparison_alone(const job& of) {
    of.refuse("it compares computed values, and is not part of a Relu, LeakyRelu, Elu or Clip");
}

/// A triangle of ones and zeros as factors.
void triangle(const job& of) {
    of.wants_live_first();
    const extents& x = of.input();
    const extents matrix{x.end() - 2, x.end()};
    const bool upper = of.what.get<std::int64_t>("upper", 1) != 0;
    const auto given = of.list("", 1, 14);
    const std::int64_t diagonal = given.empty() ? 0 : given[0];
    std::vector<double> factors;
    for (std::int64_t row = 0; row < matrix[0]; ++row)
        for (std::int64_t column = 0; column < matrix[1]; ++column)
            factors.push_back(upper ? column - row >= diagonal : column - row <= diagonal);
    mask(of, matrix, factors, like(factors, 0));
}

/// x to the power of a small integer: a product of identity branches; or of -1, 1/2 and -1/2.
void power(const job& of) {
    of.wants_live_first();
    const array& exponent = of.constant(1);
    const double number = exponent.size() != 1        ? 0
                          : exponent.holds_integers() ? static_cast<double>(exponent.integers()[0])
                                                      : exponent.reals()[0];
    const double size = std::abs(number);
    if (size == 0.5) {
        of.to.activate("ctnn::sqrt", of.what.name);
    } else if (size == 2 || size == 3 || size == 4) {
        layer next;
        next.kind = "product";
        next.branches.resize(static_cast<std::size_t>(size));
        next.nodes = {of.what.name};
        next.multiply_accumulates = static_cast<std::int64_t>(size - 1) * count(of.to.shape());
        of.to.add(std::move(next), extents(of.to.shape()));
    } else if (size != 1) {
        of.refuse("its exponent is none of 1, 2, 3, 4 and 1/2, nor the negative of one");
    }
    if (number < 0) of.to.activate("ctnn::reciprocal", of.what.name);
}

}  // namespace

void add_arithmetic_lowerings(lowering_table& table) {
    for (const char* op : {"Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "IsNaN"})
        table.emplace(op, comparison_alone);
    table.insert({{"Add", add},
                  {"Sub", sub},
                  {"Mul", mul},
                  {"Div", div},
                  {"Neg", neg},
                  {"Sum", sum},
                  {"Mean", mean},
                  {"Abs", absolute},
                  {"Where", where},
                  {"Trilu", triangle},
                  {"Pow", power}});
}

}  // namespace ctnn_import

// SPDX-License-Identifier: BSL-1.0
// Elementwise operators, unary and binary.
#include "evaluate_onnx/activations.hpp"
#include "evaluate_onnx/operators.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace ctnn_import {

namespace {

/// y = f(x), elementwise.
template <class F>
std::vector<array> each(const call& of, F f) {
    array y{of.input(0).dims, of.reals(0)};
    for (double& number : y.reals()) number = f(number);
    return {std::move(y)};
}

double number(const call& of, const char* name, double otherwise) {
    return of.what.get<double>(name, otherwise);
}

// Default attributes are the standard's values rounded to float, as stored attributes are.
std::vector<array> elu(const call& of) {
    const double alpha = number(of, "alpha", 1);
    return each(of, [=](double x) { return x >= 0 ? x : alpha * std::expm1(x); });
}
std::vector<array> celu(const call& of) {
    const double alpha = number(of, "alpha", 1);
    return each(of, [=](double x) { return std::max(0.0, x) + std::min(0.0, alpha * std::expm1(x / alpha)); });
}
std::vector<array> selu(const call& of) {
    const double alpha = number(of, "alpha", of.what.opset >= 6 ? 1.67326319217681884765625 : 1.6732);
    const double gamma = number(of, "gamma", of.what.opset >= 6 ? 1.05070102214813232421875 : 1.0507);
    return each(of, [=](double x) { return gamma * (x > 0 ? x : alpha * std::expm1(x)); });
}
std::vector<array> leaky_relu(const call& of) {
    const double alpha = number(of, "alpha", double{0.01f});
    return each(of, [=](double x) { return x < 0 ? alpha * x : x; });
}
std::vector<array> hard_sigmoid(const call& of) {
    const double alpha = number(of, "alpha", double{0.2f}), beta = number(of, "beta", 0.5);
    return each(of, [=](double x) { return std::max(0.0, std::min(1.0, alpha * x + beta)); });
}
std::vector<array> hard_swish(const call& of) {
    return each(of, [](double x) { return x * std::max(0.0, std::min(1.0, x / 6 + 0.5)); });
}
std::vector<array> softplus(const call& of) {
    return each(of, [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); });
}
std::vector<array> swish(const call& of) {
    const double alpha = number(of, "alpha", 1);
    return each(of, [=](double x) { return x * onnx_sigmoid(alpha * x); });
}
std::vector<array> mish(const call& of) {
    return each(of, [](double x) { return x * std::tanh(std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)))); });
}
std::vector<array> gelu(const call& of) {
    const auto kind = of.what.get<std::string>("approximate", "none");
    if (kind == "none") return each(of, [](double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); });
    if (kind != "tanh") of.refuse("approximate is \"" + kind + "\", which is neither none nor tanh");
    const double factor = std::sqrt(2 / std::numbers::pi);
    return each(of, [=](double x) { return 0.5 * x * (1 + std::tanh(factor * (x + 0.044715 * x * x * x))); });
}

/// f(a, b), elementwise with broadcasting; both are floating-point or both integer.
template <class Real, class Integer>
array combine(const call& of, const array& a, const array& b, Real of_reals, Integer of_integers) {
    if (a.holds_integers() != b.holds_integers()) of.refuse("one input holds integers and the other does not");
    const extents dims = broadcast(of.what, a.dims, b.dims);
    const std::vector<std::int64_t> strides[]{broadcast_strides(a.dims, dims), broadcast_strides(b.dims, dims)};
    using integer_result = decltype(of_reals(0.0, 0.0));
    constexpr bool truth = std::is_same_v<integer_result, bool>;
    array y = a.holds_integers() || truth ? integers_of(of, dims) : reals_of(of, dims);
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        const auto left = static_cast<std::size_t>(offsets[0]), right = static_cast<std::size_t>(offsets[1]);
        if (a.holds_integers())
            y.integers()[flat] = of_integers(a.integers()[left], b.integers()[right]);
        else if constexpr (truth)
            y.integers()[flat] = of_reals(a.reals()[left], b.reals()[right]);
        else
            y.reals()[flat] = of_reals(a.reals()[left], b.reals()[right]);
    });
    return y;
}

/// The second operand, reshaped for broadcasting: before opset 7 it is broadcast only if the attribute `broadcast` is
/// set, from the attribute `axis` on.
array second(const call& of) {
    array b = of.input(1);
    const extents& a_dims = of.input(0).dims;
    if (of.what.opset >= 7) return b;
    if (of.what.get<std::int64_t>("broadcast", 0) == 0) {
        if (a_dims != b.dims) of.refuse("the shapes differ and broadcast is not set");
        return b;
    }
    if (b.dims.size() > a_dims.size()) of.refuse("the second input has more dimensions than the first");
    const std::size_t axis = of.what.has("axis") ? axis_in(of.what, of.what.get<std::int64_t>("axis", 0), a_dims.size())
                                                 : a_dims.size() - b.dims.size();
    if (axis + b.dims.size() > a_dims.size())
        of.refuse("the second input, aligned at its axis, extends beyond the first");
    b.dims.resize(a_dims.size() - axis, 1);
    return b;
}

template <class Real, class Integer>
std::vector<array> two(const call& of, Real of_reals, Integer of_integers) {
    if (of.inputs.size() != 2) of.refuse("it needs two inputs");
    return {combine(of, of.input(0), second(of), of_reals, of_integers)};
}

/// Integer arithmetic that rejects overflow of int64.
template <bool (*Overflows)(std::int64_t, std::int64_t, std::int64_t*)>
auto checked(const call& of) {
    return [&of](std::int64_t a, std::int64_t b) {
        std::int64_t result = 0;
        if (Overflows(a, b, &result)) of.refuse("an integer overflows 64 bits");
        return result;
    };
}
bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t* c) {
    return __builtin_add_overflow(a, b, c);
}
bool sub_overflows(std::int64_t a, std::int64_t b, std::int64_t* c) {
    return __builtin_sub_overflow(a, b, c);
}
bool mul_overflows(std::int64_t a, std::int64_t b, std::int64_t* c) {
    return __builtin_mul_overflow(a, b, c);
}

std::vector<array> add(const call& of) {
    return two(of, std::plus<double>{}, checked<add_overflows>(of));
}
std::vector<array> sub(const call& of) {
    return two(of, std::minus<double>{}, checked<sub_overflows>(of));
}
std::vector<array> mul(const call& of) {
    return two(of, std::multiplies<double>{}, checked<mul_overflows>(of));
}
std::vector<array> div(const call& of) {
    return two(of, std::divides<double>{}, [&](std::int64_t a, std::int64_t b) {
        if (b == 0 || (b == -1 && a == std::numeric_limits<std::int64_t>::min()))
            of.refuse("an integer is divided by 0");
        return a / b;
    });
}
std::vector<array> power(const call& of) {
    if (of.input(0).holds_integers()) of.refuse("the base holds integers");
    const array exponent = of.as_reals(1);
    return {combine(
        of, of.input(0), exponent, [](double a, double b) { return std::pow(a, b); },
        [](std::int64_t a, std::int64_t) { return a; })};
}

/// Max, Min, Sum and Mean are variadic.
template <class Real, class Integer>
array all(const call& of, Real of_reals, Integer of_integers) {
    array result = of.input(0);
    for (std::size_t i = 1; i < of.inputs.size(); ++i) result = combine(of, result, of.input(i), of_reals, of_integers);
    return result;
}
std::vector<array> largest(const call& of) {
    return {all(
        of, [](double a, double b) { return std::isnan(a) || a > b ? a : b; },
        [](std::int64_t a, std::int64_t b) { return std::max(a, b); })};
}
std::vector<array> smallest(const call& of) {
    return {all(
        of, [](double a, double b) { return std::isnan(a) || a < b ? a : b; },
        [](std::int64_t a, std::int64_t b) { return std::min(a, b); })};
}
std::vector<array> sum(const call& of) {
    return {all(of, std::plus<double>{}, checked<add_overflows>(of))};
}
std::vector<array> mean(const call& of) {
    array result = sum(of)[0];
    if (result.holds_integers()) of.refuse("the inputs hold integers");
    for (double& number : result.reals()) number /= static_cast<double>(of.inputs.size());
    return {std::move(result)};
}

std::vector<array> equal(const call& of) {
    return two(of, std::equal_to<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a == b}; });
}
std::vector<array> greater(const call& of) {
    return two(of, std::greater<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a > b}; });
}
std::vector<array> less(const call& of) {
    return two(of, std::less<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a < b}; });
}
std::vector<array> greater_or_equal(const call& of) {
    return two(of, std::greater_equal<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a >= b}; });
}
std::vector<array> less_or_equal(const call& of) {
    return two(of, std::less_equal<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a <= b}; });
}
std::vector<array> logical_and(const call& of) {
    of.integers(0), of.integers(1);
    return two(of, std::equal_to<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a && b}; });
}
std::vector<array> logical_or(const call& of) {
    of.integers(0), of.integers(1);
    return two(of, std::equal_to<double>{}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a || b}; });
}
std::vector<array> logical_not(const call& of) {
    array y{of.input(0).dims, of.integers(0)};
    for (auto& number : y.integers()) number = number == 0;
    return {std::move(y)};
}

std::vector<array> where(const call& of) {
    const array& condition = of.input(0);
    const auto& chosen = of.integers(0);
    // The broadcast shape of all three inputs, then one choice per element.
    const array zero = combine(
        of, of.input(1), of.input(2), [](double, double) { return 0.0; },
        [](std::int64_t, std::int64_t) { return std::int64_t{0}; });
    const extents dims = broadcast(of.what, condition.dims, zero.dims);
    const std::vector<std::int64_t> strides[]{broadcast_strides(condition.dims, dims),
                                              broadcast_strides(of.input(1).dims, dims),
                                              broadcast_strides(of.input(2).dims, dims)};
    array y = zero.holds_integers() ? integers_of(of, dims) : reals_of(of, dims);
    for_each_element(dims, strides, [&](std::size_t flat, const std::int64_t* offsets) {
        const std::size_t from = chosen[static_cast<std::size_t>(offsets[0])] != 0 ? 1 : 2;
        const auto place = static_cast<std::size_t>(offsets[from]);
        if (zero.holds_integers())
            y.integers()[flat] = of.input(from).integers()[place];
        else
            y.reals()[flat] = of.input(from).reals()[place];
    });
    return {std::move(y)};
}

double bound(const call& of, std::size_t index, const char* name, double otherwise) {
    if (of.what.opset < 11) return number(of, name, otherwise);
    if (!of.has(index)) return otherwise;
    if (of.reals(index).size() != 1) of.refuse("a bound has to be a scalar");
    return of.reals(index)[0];
}
std::vector<array> clip(const call& of) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double low = bound(of, 1, "min", -infinity), high = bound(of, 2, "max", infinity);
    if (std::isnan(low) || std::isnan(high)) of.refuse("a bound is NaN");
    return each(of, [=](double x) { return std::isnan(x) ? x : std::min(std::max(x, low), high); });
}

std::vector<array> is_nan(const call& of) {
    array y = integers_of(of, of.input(0).dims);
    for (std::size_t i = 0; i < y.size(); ++i) y.integers()[i] = std::isnan(of.reals(0)[i]);
    return {std::move(y)};
}

std::vector<array> prelu(const call& of) {
    array slope{of.input(1).dims, of.reals(1)};
    // Before opset 7 slopes per channel come without trailing extents of 1.
    if (of.what.opset < 7 && slope.dims.size() == 1 && slope.dims[0] != 1 && of.input(0).dims.size() > 1)
        slope.dims.resize(of.input(0).dims.size() - 1, 1);
    if (broadcast(of.what, of.input(0).dims, slope.dims) != of.input(0).dims)
        of.refuse("the slope of " + text_of(slope.dims) + " is larger than the input");
    return {combine(
        of, of.input(0), slope, [](double x, double alpha) { return x < 0 ? alpha * x : x; },
        [](std::int64_t x, std::int64_t) { return x; })};
}

std::vector<array> absolute(const call& of) {
    return each(of, [](double x) { return std::abs(x); });
}
std::vector<array> negative(const call& of) {
    if (!of.input(0).holds_integers()) return each(of, std::negate<double>{});
    array y = of.input(0);
    for (auto& x : y.integers()) x = checked<sub_overflows>(of)(0, x);
    return {std::move(y)};
}

template <double (*F)(double)>
std::vector<array> function(const call& of) {
    return each(of, F);
}
double reciprocal(double x) {
    return 1 / x;
}
double silu(double x) {
    return x * onnx_sigmoid(x);
}
double softsign(double x) {
    return x / (1 + std::abs(x));
}
double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : x;
}
double e_to_the(double x) {
    return std::exp(x);
}
double logarithm(double x) {
    return std::log(x);
}
double root(double x) {
    return std::sqrt(x);
}
double sine(double x) {
    return std::sin(x);
}
double cosine(double x) {
    return std::cos(x);
}
double error_function(double x) {
    return std::erf(x);
}
double rounded_down(double x) {
    return std::floor(x);
}
double rounded_up(double x) {
    return std::ceil(x);
}

}  // namespace

void add_elementwise(operation_table& table) {
    table.insert({{"Abs", absolute},
                  {"Neg", negative},
                  {"Exp", function<e_to_the>},
                  {"Log", function<logarithm>},
                  {"Sqrt", function<root>},
                  {"Sin", function<sine>},
                  {"Cos", function<cosine>},
                  {"Erf", function<error_function>},
                  {"Reciprocal", function<reciprocal>},
                  {"Sign", function<sign>},
                  {"Floor", function<rounded_down>},
                  {"Ceil", function<rounded_up>},
                  {"Relu", function<onnx_relu>},
                  {"Sigmoid", function<onnx_sigmoid>},
                  {"Tanh", function<onnx_tanh>},
                  {"Softsign", function<softsign>},
                  {"Silu", function<silu>},
                  {"Softplus", softplus},
                  {"Mish", mish},
                  {"Swish", swish},
                  {"Elu", elu},
                  {"Celu", celu},
                  {"Selu", selu},
                  {"LeakyRelu", leaky_relu},
                  {"HardSigmoid", hard_sigmoid},
                  {"HardSwish", hard_swish},
                  {"Gelu", gelu},
                  {"PRelu", prelu},
                  {"Clip", clip}});
    table.insert({{"Add", add},
                  {"Sub", sub},
                  {"Mul", mul},
                  {"Div", div},
                  {"Pow", power},
                  {"Max", largest},
                  {"Min", smallest},
                  {"Sum", sum},
                  {"Mean", mean},
                  {"Equal", equal},
                  {"Greater", greater},
                  {"Less", less},
                  {"GreaterOrEqual", greater_or_equal},
                  {"LessOrEqual", less_or_equal},
                  {"And", logical_and},
                  {"Or", logical_or},
                  {"Not", logical_not},
                  {"Where", where},
                  {"IsNaN", is_nan}});
}

}  // namespace ctnn_import

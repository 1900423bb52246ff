// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_evaluate
#include "evaluate_onnx/evaluate.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Single operators with results computed by hand, where ONNX's own tests have no case, such as older versions of
// operators, and what is refused because its meaning is undefined.

namespace {

using namespace ctnn_import;
using reals = std::vector<double>;
using ints = std::vector<std::int64_t>;
using attributes = std::map<std::string, attribute>;

struct operation {
    std::string op;
    std::int64_t opset;
    attributes with{};
    std::size_t outputs = 1;

    /// A scalar of no dimensions with the value 77 marks an omitted input.
    std::vector<array> operator()(const std::vector<array>& inputs) const {
        node what;
        what.op = op;
        what.name = "it";
        what.opset = opset;
        what.attributes = with;
        for (std::size_t i = 0; i < outputs; ++i) what.outputs.push_back("y" + std::to_string(i));
        std::vector<const array*> given;
        for (const array& one : inputs) {
            given.push_back(one == left_out() ? nullptr : &one);
            what.inputs.push_back(one == left_out() ? "" : "x" + std::to_string(given.size()));
        }
        return evaluate_node(what, given);
    }
    static array left_out() { return {{}, reals{77}}; }
};

const array nothing = operation::left_out();

array integers(const ints& numbers) {
    return {{static_cast<std::int64_t>(numbers.size())}, numbers};
}
array vector(const reals& numbers) {
    return {{static_cast<std::int64_t>(numbers.size())}, numbers};
}
array single(double number) {
    return {{}, reals{number}};
}

void refused(const operation& what, const std::vector<array>& inputs, const std::string& why) {
    try {
        what(inputs);
        BOOST_ERROR(what.op << " is not refused");
    } catch (const refusal& reason) { BOOST_TEST(reason.what() == "node \"it\" (" + what.op + "): " + why); }
}

void expect(const array& found, const extents& dims, const reals& numbers) {
    BOOST_TEST(found.dims == dims, boost::test_tools::per_element());
    BOOST_REQUIRE(!found.holds_integers());
    BOOST_REQUIRE(found.size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        BOOST_TEST(std::abs(found.reals()[i] - numbers[i]) <= 1e-12,
                   "number " << i << " is " << found.reals()[i] << " and not " << numbers[i]);
}
void expect_dims(const extents& found, const extents& dims) {
    BOOST_TEST(found == dims, boost::test_tools::per_element());
}
void expect(const array& found, const extents& dims, const ints& numbers) {
    BOOST_TEST(found.dims == dims, boost::test_tools::per_element());
    BOOST_REQUIRE(found.holds_integers());
    BOOST_TEST(found.integers() == numbers, boost::test_tools::per_element());
}

}  // namespace

// Before opset 7, attributes set whether the second operand is broadcast, and from which axis on.
BOOST_AUTO_TEST_CASE(broadcasting_of_opset_6) {
    const array x{{2, 3, 2}, reals{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, b = vector({10, 20, 30});
    const operation along{"Add", 6, {{"broadcast", std::int64_t{1}}, {"axis", std::int64_t{1}}}};
    expect(along({x, b})[0], {2, 3, 2}, reals{11, 12, 23, 24, 35, 36, 17, 18, 29, 30, 41, 42});
    const operation behind{"Mul", 6, {{"broadcast", std::int64_t{1}}}};
    expect(behind({x, vector({1, -1})})[0], {2, 3, 2}, reals{1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12});
    refused(operation{"Add", 6}, {x, vector({1, -1})}, "the shapes differ and broadcast is not set");
    refused(along, {x, vector({1, 2, 3, 4})}, "the shapes 2 x 3 x 2 and 4 x 1 cannot be broadcast together");
    const operation beyond{"Add", 6, {{"broadcast", std::int64_t{1}}, {"axis", std::int64_t{2}}}};
    refused(beyond, {x, {{3, 2}, reals(6)}}, "the second input, aligned at its axis, extends beyond the first");
    refused(behind, {b, x}, "the second input has more dimensions than the first");
    // From opset 7 on, broadcasting is NumPy's.
    expect(operation{"Add", 7}({x, {{3, 1}, reals{10, 20, 30}}})[0], {2, 3, 2},
           reals{11, 12, 23, 24, 35, 36, 17, 18, 29, 30, 41, 42});

    const array a{{2, 2}, reals{1, 2, 3, 4}}, identity{{2, 2}, reals{1, 0, 0, 1}}, c = vector({5, 6});
    refused(operation{"Gemm", 6}, {a, identity, c}, "the shape of C differs and broadcast is not set");
    expect(operation{"Gemm", 6, {{"broadcast", std::int64_t{1}}, {"alpha", 2.0}, {"beta", 0.5}}}({a, identity, c})[0],
           {2, 2}, reals{4.5, 7, 8.5, 11});
    expect(operation{"Gemm", 11, {{"transA", std::int64_t{1}}}}({a, a})[0], {2, 2}, reals{10, 14, 14, 20});
    expect(operation{"Gemm", 11, {{"transB", std::int64_t{1}}}}({a, a, nothing})[0], {2, 2}, reals{5, 11, 11, 25});
}

BOOST_AUTO_TEST_CASE(slopes_of_opset_6) {
    const array x{{1, 2, 2}, reals{-1, 2, -3, -4}};
    expect(operation{"PRelu", 6}({x, vector({0.5, 0.25})})[0], {1, 2, 2}, reals{-0.5, 2, -0.75, -1});
    // From opset 7 on, the same slopes are along the last axis.
    expect(operation{"PRelu", 9}({x, vector({0.5, 0.25})})[0], {1, 2, 2}, reals{-0.5, 2, -1.5, -1});
    expect(operation{"PRelu", 9}({x, vector({0.5})})[0], {1, 2, 2}, reals{-0.5, 2, -1.5, -2});
    refused(operation{"PRelu", 9}, {vector({1}), vector({1, 2})}, "the slope of 2 is larger than the input");
}

// Until opset 12, all axes from the given one on are flattened into one.
BOOST_AUTO_TEST_CASE(softmax_before_and_since_opset_13) {
    const double l2 = std::log(2), l3 = std::log(3);
    const array x{{1, 2, 2}, reals{0, l3, l2, l2}};
    expect(operation{"Softmax", 11}({x})[0], {1, 2, 2}, reals{1.0 / 8, 3.0 / 8, 2.0 / 8, 2.0 / 8});
    expect(operation{"Softmax", 11, {{"axis", std::int64_t{2}}}}({x})[0], {1, 2, 2}, reals{0.25, 0.75, 0.5, 0.5});
    expect(operation{"Softmax", 11, {{"axis", std::int64_t{0}}}}({x})[0], {1, 2, 2},
           reals{1.0 / 8, 3.0 / 8, 2.0 / 8, 2.0 / 8});
    expect(operation{"Softmax", 11, {{"axis", std::int64_t{3}}}}({x})[0], {1, 2, 2}, reals{1, 1, 1, 1});
    expect(operation{"Softmax", 13}({x})[0], {1, 2, 2}, reals{0.25, 0.75, 0.5, 0.5});
    expect(operation{"Softmax", 13, {{"axis", std::int64_t{1}}}}({x})[0], {1, 2, 2},
           reals{1.0 / 3, 3.0 / 5, 2.0 / 3, 2.0 / 5});
    expect(operation{"LogSoftmax", 11}({x})[0], {1, 2, 2},
           reals{-std::log(8), l3 - std::log(8), l2 - std::log(8), l2 - std::log(8)});
    expect(operation{"LogSoftmax", 13}({x})[0], {1, 2, 2}, reals{-std::log(4), l3 - std::log(4), -l2, -l2});
    refused(operation{"Softmax", 13, {{"axis", std::int64_t{3}}}}, {x},
            "there is no axis 3 in an array of 3 dimensions");
    // Far from 0 nothing overflows.
    expect(operation{"Softmax", 13}({vector({1000, 1000})})[0], {2}, reals{0.5, 0.5});
    expect(operation{"LogSoftmax", 13}({vector({-1000, -1000})})[0], {2}, reals{-l2, -l2});
}

BOOST_AUTO_TEST_CASE(bounds_of_clip) {
    const array x = vector({-2, 0.25, 2});
    expect(operation{"Clip", 6, {{"min", -1.0}, {"max", 1.0}}}({x})[0], {3}, reals{-1, 0.25, 1});
    expect(operation{"Clip", 6, {{"max", 1.0}}}({x})[0], {3}, reals{-2, 0.25, 1});
    expect(operation{"Clip", 11}({x, nothing, single(0)})[0], {3}, reals{-2, 0, 0});
    expect(operation{"Clip", 11}({x, single(0)})[0], {3}, reals{0, 0.25, 2});
    // If the lower bound is above the upper one, the result is the upper one.
    expect(operation{"Clip", 11}({x, single(1), single(-1)})[0], {3}, reals{-1, -1, -1});
    refused(operation{"Clip", 11}, {x, vector({0, 1})}, "a bound has to be a scalar");
    refused(operation{"Clip", 11}, {x, single(std::nan(""))}, "a bound is NaN");
}

BOOST_AUTO_TEST_CASE(functions_of_numbers) {
    const double largest = std::numeric_limits<double>::infinity(), e = std::exp(1);
    const auto of = [](const char* op, const reals& x, const attributes& with = {}, std::int64_t opset = 13) {
        return operation{op, opset, with}({vector(x)})[0].reals();
    };
    const auto same = [&](const reals& found, const reals& expected) {
        expect(vector(found), {static_cast<std::int64_t>(expected.size())}, expected);
    };
    same(of("Relu", {-1, 0, 2}), {0, 0, 2});
    same(of("LeakyRelu", {-1, 2}, {{"alpha", 0.25}}), {-0.25, 2});
    same(of("LeakyRelu", {-1, 2}), {-double{0.01f}, 2});
    same(of("Elu", {-1, 2}, {{"alpha", 2.0}}), {2 / e - 2, 2});
    same(of("Celu", {-1, 2}, {{"alpha", 2.0}}), {2 * std::exp(-0.5) - 2, 2});
    same(of("Selu", {-1, 2}, {{"alpha", 2.0}, {"gamma", 3.0}}), {6 / e - 6, 6});
    same(of("HardSigmoid", {-3, 0, 1, 3}), {0, 0.5, double{0.2f} + 0.5, 1});
    same(of("HardSigmoid", {-1, 0, 1}, {{"alpha", 0.5}, {"beta", 0.25}}), {0, 0.25, 0.75});
    same(of("HardSwish", {-4, -1, 1, 4}), {0, -1.0 / 3, 2.0 / 3, 4});
    same(of("Sigmoid", {0, std::log(3), -std::log(3), -800, 800}), {0.5, 0.75, 0.25, 0, 1});
    same(of("Softplus", {0, -800, 800}), {std::log(2), 0, 800});
    same(of("Softsign", {-3, 1}), {-0.75, 0.5});
    same(of("Sign", {-3, 0, 5}), {-1, 0, 1});
    same(of("Reciprocal", {4, -0.5}), {0.25, -2});
    same(of("Abs", {-3, 3}), {3, 3});
    same(of("Floor", {-1.5, 1.5}), {-2, 1});
    same(of("Ceil", {-1.5, 1.5}), {-1, 2});
    same(of("Exp", {0, 1}), {1, e});
    same(of("Log", {1, e}), {0, 1});
    same(of("Sqrt", {4, 2}), {2, std::sqrt(2)});
    same(of("Sin", {0, 1}), {0, std::sin(1)});
    same(of("Cos", {0, 1}), {1, std::cos(1)});
    same(of("Erf", {0, 0.5}), {0, 0.5204998778130465});
    same(of("Gelu", {0, 1, -1}, {}, 20), {0, 0.8413447460685429, -0.15865525393145707});
    same(of("Gelu", {1}, {{"approximate", std::string("tanh")}}, 20),
         {0.5 * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * 1.044715))});
    refused(operation{"Gelu", 20, {{"approximate", std::string("fast")}}}, {vector({1})},
            "approximate is \"fast\", which is neither none nor tanh");
    BOOST_TEST(std::isnan(of("Relu", {std::nan("")})[0]));
    BOOST_TEST(of("Tanh", {largest})[0] == 1);
    refused(operation{"Relu", 13}, {integers({1})}, "input 0 holds integers");
    refused(operation{"Elu", 13, {{"alpha", std::int64_t{2}}}}, {vector({1})},
            "the attribute alpha has another type than the operator declares");
}

BOOST_AUTO_TEST_CASE(arithmetic_of_integers) {
    const auto of = [](const char* op, const ints& a, const ints& b) {
        return operation{op, 13}({integers(a), integers(b)})[0];
    };
    expect(of("Div", {7, -7}, {2, 2}), {2}, ints{3, -3});
    expect(of("Sub", {7}, {9}), {1}, ints{-2});
    expect(of("Max", {1, 5}, {3, 2}), {2}, ints{3, 5});
    expect(of("Equal", {1, 5}, {1, 2}), {2}, ints{1, 0});
    expect(of("And", {1, 0}, {1, 1}), {2}, ints{1, 0});
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const operation add{"Add", 13}, mul{"Mul", 13}, div{"Div", 13};
    refused(add, {integers({most}), integers({1})}, "an integer overflows 64 bits");
    refused(mul, {integers({most}), integers({2})}, "an integer overflows 64 bits");
    refused(div, {integers({1}), integers({0})}, "an integer is divided by 0");
    refused(add, {integers({1}), vector({1})}, "one input holds integers and the other does not");
    expect(operation{"Where", 9}({integers({1, 0}), {{2, 1}, reals{1, 2}}, single(9)})[0], {2, 2}, reals{1, 9, 2, 9});
    expect(operation{"Mean", 8}({vector({1, 2}), vector({3, 6}), single(2)})[0], {2}, reals{2, 10.0 / 3});
    expect(operation{"Pow", 13}({vector({2, 3}), integers({3})})[0], {2}, reals{8, 27});
}

BOOST_AUTO_TEST_CASE(casts) {
    const auto to = [](std::int64_t type) { return operation{"Cast", 9, {{"to", type}}}; };
    expect(to(7)({vector({1.9, -1.9})})[0], {2}, ints{1, -1});
    expect(to(9)({vector({0, 0.5})})[0], {2}, ints{0, 1});
    expect(to(1)({integers({3, -4})})[0], {2}, reals{3, -4});
    expect(to(6)({integers({2147483647})})[0], {1}, ints{2147483647});
    refused(to(6), {integers({2147483648})}, "a value is too large for a 32-bit integer");
    refused(to(7), {vector({1e30})}, "a value is too large for an integer");
    refused(to(7), {vector({std::nan("")})}, "a value is too large for an integer");
    refused(to(10), {vector({1})}, "casting to type 10 would round");
}

// Lists that were attributes in older versions and are inputs in newer ones.
BOOST_AUTO_TEST_CASE(lists_as_attributes_and_as_inputs) {
    const array x{{1, 2, 1}, reals{1, 2}};
    expect(operation{"Squeeze", 11, {{"axes", ints{0}}}}({x})[0], {2, 1}, reals{1, 2});
    expect(operation{"Squeeze", 13}({x, integers({-1})})[0], {1, 2}, reals{1, 2});
    expect(operation{"Squeeze", 13}({x})[0], {2}, reals{1, 2});
    refused(operation{"Squeeze", 13}, {x, integers({1})}, "the extent of axis 1 is 2");
    expect(operation{"Unsqueeze", 11, {{"axes", ints{0, 2}}}}({vector({1, 2})})[0], {1, 2, 1}, reals{1, 2});
    expect(operation{"Unsqueeze", 13}({vector({1, 2}), integers({-1})})[0], {2, 1}, reals{1, 2});
    refused(operation{"Unsqueeze", 13}, {x, integers({0, 0})}, "an axis is named twice");

    const array y{{2, 4}, reals{1, 2, 3, 4, 5, 6, 7, 8}};
    const operation split{"Split", 11, {{"axis", std::int64_t{1}}, {"split", ints{1, 3}}}, 2};
    expect(split({y})[1], {2, 3}, reals{2, 3, 4, 6, 7, 8});
    const operation as_input{"Split", 13, {{"axis", std::int64_t{-1}}}, 2};
    expect(as_input({y, integers({3, 1})})[1], {2, 1}, reals{4, 8});
    expect(as_input({y})[0], {2, 2}, reals{1, 2, 5, 6});
    const operation thirds{"Split", 18, {{"axis", std::int64_t{1}}, {"num_outputs", std::int64_t{3}}}, 3};
    expect(thirds({y})[1], {2, 2}, reals{3, 4, 7, 8});
    expect(thirds({y})[2], {2, 0}, reals{});
    refused(as_input, {y, integers({3, 2})}, "the parts do not add up to the axis of 4");
    refused(operation{"Split", 13, {}, 3}, {y}, "an axis of 2 cannot be split into 3 equal parts");

    expect(operation{"ReduceSum", 11, {{"axes", ints{0}}, {"keepdims", std::int64_t{0}}}}({y})[0], {4},
           reals{6, 8, 10, 12});
    expect(operation{"ReduceSum", 13}({y, integers({1})})[0], {2, 1}, reals{10, 26});
    expect(operation{"ReduceSum", 13}({y})[0], {1, 1}, reals{36});
    expect(operation{"ReduceSum", 13, {{"noop_with_empty_axes", std::int64_t{1}}}}({y})[0], {2, 4}, y.reals());
    expect(operation{"ReduceMean", 13, {{"axes", ints{-1}}}}({y})[0], {2, 1}, reals{2.5, 6.5});
    expect(operation{"ReduceMean", 18}({y, integers({1})})[0], {2, 1}, reals{2.5, 6.5});
    expect(operation{"ReduceMax", 13, {{"axes", ints{0}}, {"keepdims", std::int64_t{0}}}}({y})[0], {4},
           reals{5, 6, 7, 8});
}

BOOST_AUTO_TEST_CASE(slices) {
    const array x{{2, 4}, reals{1, 2, 3, 4, 5, 6, 7, 8}};
    const operation old{"Slice", 9, {{"starts", ints{1, -3}}, {"ends", ints{1000, 3}}}};
    expect(old({x})[0], {1, 2}, reals{6, 7});
    const operation one{"Slice", 9, {{"starts", ints{-2}}, {"ends", ints{9223372036854775807}}, {"axes", ints{1}}}};
    expect(one({x})[0], {2, 2}, reals{3, 4, 7, 8});
    const operation slice{"Slice", 10};
    const auto along = [&](std::int64_t start, std::int64_t end, std::int64_t step) {
        return slice({x, integers({start}), integers({end}), integers({1}), integers({step})})[0];
    };
    expect(along(0, 4, 2), {2, 2}, reals{1, 3, 5, 7});
    expect(along(1, 4, 2), {2, 2}, reals{2, 4, 6, 8});
    expect(along(3, 0, -1), {2, 3}, reals{4, 3, 2, 8, 7, 6});
    expect(along(-1, -1000, -1), {2, 4}, reals{4, 3, 2, 1, 8, 7, 6, 5});
    expect(along(1000, -1000, -3), {2, 2}, reals{4, 1, 8, 5});
    expect(along(2, 2, 1), {2, 0}, reals{});
    expect(along(0, 4, 9223372036854775807), {2, 1}, reals{1, 5});
    expect(along(3, -5, -9223372036854775807 - 1), {2, 1}, reals{4, 8});
    expect(slice({x, integers({1}), integers({2})})[0], {1, 4}, reals{5, 6, 7, 8});
    refused(slice, {x, integers({0}), integers({1}), integers({1}), integers({0})}, "a step is 0");
    refused(slice, {x, integers({0, 0}), integers({1})}, "starts, ends, axes and steps have different lengths");
}

BOOST_AUTO_TEST_CASE(shapes) {
    const array x{{2, 3, 4}, reals(24)};
    expect_dims(operation{"Reshape", 5}({x, integers({0, -1})})[0].dims, extents{2, 12});
    refused(operation{"Reshape", 5}, {x, integers({-1, -1})}, "the shape has more than one -1");
    refused(operation{"Reshape", 5}, {x, integers({5, -1})}, "2 x 3 x 4 does not fit the shape");
    refused(operation{"Reshape", 5}, {x, integers({4, 5})}, "2 x 3 x 4 cannot be reshaped to 4 x 5");
    refused(operation{"Reshape", 14, {{"allowzero", std::int64_t{1}}}}, {x, integers({0, 24})},
            "2 x 3 x 4 cannot be reshaped to 0 x 24");
    expect_dims(operation{"Flatten", 11, {{"axis", std::int64_t{-1}}}}({x})[0].dims, extents{6, 4});
    expect_dims(operation{"Flatten", 9, {{"axis", std::int64_t{0}}}}({x})[0].dims, extents{1, 24});
    expect(operation{"Shape", 13}({x})[0], {3}, ints{2, 3, 4});
    expect(operation{"Shape", 15, {{"start", std::int64_t{-2}}, {"end", std::int64_t{-1}}}}({x})[0], {1}, ints{3});
    expect(operation{"Size", 13}({x})[0], {}, ints{24});
    expect(operation{"ConstantOfShape", 9}({integers({2})})[0], {2}, reals{0, 0});
    expect(operation{"ConstantOfShape", 9, {{"value", integers({7})}}}({integers({1, 2})})[0], {1, 2}, ints{7, 7});
    refused(operation{"ConstantOfShape", 9}, {integers({1 << 20, 1 << 20})},
            "the output of 1048576 x 1048576 elements is too large");
    refused(operation{"ConstantOfShape", 9}, {integers({-1})}, "the output would have the negative extent -1");
    expect(operation{"Gather", 11, {{"axis", std::int64_t{1}}}}({{{2, 2}, reals{1, 2, 3, 4}}, integers({-1})})[0],
           {2, 1}, reals{2, 4});
    expect(operation{"Gather", 11}({integers({5, 6}), {{}, ints{1}}})[0], {}, ints{6});
    refused(operation{"Gather", 11}, {vector({1}), integers({1})}, "an index is outside the axis of 1");
    expect(operation{"Expand", 8}({{{2, 1}, reals{1, 2}}, integers({1, 2})})[0], {2, 2}, reals{1, 1, 2, 2});
    expect(operation{"Tile", 6}({{{1, 2}, reals{1, 2}}, integers({2, 2})})[0], {2, 4}, reals{1, 2, 1, 2, 1, 2, 1, 2});
    expect(operation{"Range", 11}({{{}, ints{5}}, {{}, ints{0}}, {{}, ints{-2}}})[0], {3}, ints{5, 3, 1});
    expect(operation{"Transpose", 1}({{{1, 2, 2}, reals{1, 2, 3, 4}}})[0], {2, 2, 1}, reals{1, 3, 2, 4});
    refused(operation{"Transpose", 1, {{"perm", ints{0, 0, 1}}}}, {x}, "perm has an axis twice");
    expect(
        operation{"Concat", 11, {{"axis", std::int64_t{-1}}}}({{{2, 1}, reals{1, 2}}, {{2, 2}, reals{3, 4, 5, 6}}})[0],
        {2, 3}, reals{1, 3, 4, 2, 5, 6});
}

BOOST_AUTO_TEST_CASE(padding) {
    const array x{{1, 3}, reals{1, 2, 3}};
    expect(operation{"Pad", 2, {{"pads", ints{1, 0, 0, 2}}, {"value", 9.0}}}({x})[0], {2, 5},
           reals{9, 9, 9, 9, 9, 1, 2, 3, 9, 9});
    expect(operation{"Pad", 11}({x, integers({0, -1, 0, 1}), single(7)})[0], {1, 3}, reals{2, 3, 7});
    expect(operation{"Pad", 11, {{"mode", std::string("reflect")}}}({x, integers({0, 2, 0, 1})})[0], {1, 6},
           reals{3, 2, 1, 2, 3, 2});
    expect(operation{"Pad", 11, {{"mode", std::string("edge")}}}({x, integers({0, 2, 0, 1})})[0], {1, 6},
           reals{1, 1, 1, 2, 3, 3});
    expect(operation{"Pad", 18}({x, integers({1, 1}), nothing, integers({-1})})[0], {1, 5}, reals{0, 1, 2, 3, 0});
    refused(operation{"Pad", 11}, {x, integers({0, 1})}, "pads does not have two values per axis");
    refused(operation{"Pad", 18, {{"mode", std::string("wrap")}}}, {x, integers({0, 0, 0, 1})}, "mode is \"wrap\"");
    expect(operation{"Pad", 19, {{"mode", std::string("wrap")}}}({x, integers({0, 2, 0, 1})})[0], {1, 6},
           reals{2, 3, 1, 2, 3, 1});
    refused(operation{"Pad", 11, {{"mode", std::string("reflect")}}}, {x, integers({0, 3, 0, 0})},
            "the padding is wider than its input allows");
}

BOOST_AUTO_TEST_CASE(normalisations) {
    const array x{{1, 2, 2}, reals{1, 3, 2, 6}}, two = vector({2, 1}), one = vector({1, -1});
    const operation batch{"BatchNormalization", 9, {{"epsilon", 0.0}}};
    // 2 (x - 1) / sqrt(4) + 1 and (x + 1) / sqrt(9) - 1
    expect(batch({x, two, one, one, vector({4, 9})})[0], {1, 2, 2}, reals{1, 3, 0, 4.0 / 3});
    const auto with = [](std::int64_t opset, const attributes& given) {
        return operation{"BatchNormalization", opset, given};
    };
    const std::vector<array> inputs{x, two, one, one, two};
    refused(with(6, {}), inputs, "is_test is not set");
    refused(with(7, {{"spatial", std::int64_t{0}}}), inputs, "spatial is 0: statistics are per position");
    refused(with(14, {{"training_mode", std::int64_t{1}}}), inputs, "it is in training mode");
    expect(with(6, {{"is_test", std::int64_t{1}}, {"epsilon", 0.0}})({x, two, one, one, vector({4, 9})})[0], {1, 2, 2},
           reals{1, 3, 0, 4.0 / 3});
    refused(batch, {x, vector({1}), one, one, two}, "input 1 does not have one value per channel");

    const operation instance{"InstanceNormalization", 6, {{"epsilon", 0.0}}};
    expect(instance({x, two, one})[0], {1, 2, 2}, reals{-1, 3, -2, 0});
    const operation layer{"LayerNormalization", 17, {{"epsilon", 0.0}}, 3};
    const auto all = layer({x, two});
    expect(all[0], {1, 2, 2}, reals{-2, 1, -2, 1});
    expect(all[1], {1, 2, 1}, reals{2, 4});
    expect(all[2], {1, 2, 1}, reals{1, 0.5});
    expect(operation{"LayerNormalization", 17, {{"epsilon", 0.5}, {"axis", std::int64_t{1}}}}(
               {x, {{2, 2}, reals{1, 1, 1, 2}}, {{2, 2}, reals{0, 0, 1, 0}}})[0],
           {1, 2, 2}, reals{-1, 0, 0.5, 3});
    // Groups of two channels: their scale and bias are per group, and per channel from opset 21 on.
    const array four{{1, 4, 1}, reals{1, 3, 2, 6}};
    const attributes pairs{{"epsilon", 0.0}, {"num_groups", std::int64_t{2}}};
    expect(operation{"GroupNormalization", 18, pairs}({four, two, one})[0], {1, 4, 1}, reals{-1, 3, -2, 0});
    const array factors = vector({2, 1, 3, 4}), shifts = vector({0, 0, 1, 0});
    expect(operation{"GroupNormalization", 21, pairs}({four, factors, shifts})[0], {1, 4, 1}, reals{-2, 1, -2, 4});
    // (1, 7) / 5, and a scale for each row.
    const array rows{{2, 2}, reals{1, 7, -3, 3}};
    expect(operation{"RMSNormalization", 23, {{"epsilon", 0.0}}}({rows, {{2, 1}, reals{5, 2}}})[0], {2, 2},
           reals{1, 7, -2, 2});
    expect(operation{"RMSNormalization", 23, {{"epsilon", 8.0}, {"axis", std::int64_t{0}}}}({rows, single(5)})[0],
           {2, 2}, reals{1, 7, -3, 3});
    refused(operation{"RMSNormalization", 23}, {rows, {{2, 2, 1}, reals(4)}}, "its scale is larger than its input");
    refused(operation{"Dropout", 6}, {x}, "is_test is not set");
    expect(operation{"Dropout", 12}({x, single(0.5)})[0], {1, 2, 2}, x.reals());
    refused(operation{"Dropout", 12}, {x, single(0.5), integers({1})}, "it is in training mode");
}

BOOST_AUTO_TEST_CASE(windows) {
    const array x{{1, 1, 4}, reals{1, 2, 3, 4}}, w{{1, 1, 2}, reals{1, 10}};
    const auto conv = [](const char* padding) { return operation{"Conv", 11, {{"auto_pad", std::string(padding)}}}; };
    expect(conv("SAME_UPPER")({x, w})[0], {1, 1, 4}, reals{21, 32, 43, 4});
    expect(conv("SAME_LOWER")({x, w})[0], {1, 1, 4}, reals{10, 21, 32, 43});
    expect(conv("VALID")({x, w})[0], {1, 1, 3}, reals{21, 32, 43});
    refused(conv("SAME"), {x, w}, "auto_pad is \"SAME\"");
    expect(operation{"Conv", 11, {{"dilations", ints{2}}, {"strides", ints{2}}, {"pads", ints{1, 1}}}}(
               {x, w, vector({100})})[0],
           {1, 1, 2}, reals{120, 142});
    refused(operation{"Conv", 11, {{"group", std::int64_t{2}}}}, {x, w},
            "weights of 1 x 1 x 2 in 2 groups do not fit 1 channels");
    refused(operation{"Conv", 11, {{"kernel_shape", ints{3}}}}, {x, w}, "kernel_shape is not the shape of the weights");

    const array pooled{{1, 1, 5}, reals{1, 2, 3, 4, 5}};
    const auto pool = [&](attributes with) {
        with.emplace("kernel_shape", ints{3});
        with.emplace("strides", ints{3});
        return operation{"AveragePool", 11, with}({pooled})[0];
    };
    expect(pool({}), {1, 1, 1}, reals{2});
    expect(pool({{"ceil_mode", std::int64_t{1}}}), {1, 1, 2}, reals{2, 4.5});
    expect(pool({{"pads", ints{1, 1}}}), {1, 1, 2}, reals{1.5, 4});
    expect(pool({{"pads", ints{1, 1}}, {"count_include_pad", std::int64_t{1}}}), {1, 1, 2}, reals{1, 4});
    expect(operation{"MaxPool", 10, {{"kernel_shape", ints{2}}, {"dilations", ints{2}}}}({pooled})[0], {1, 1, 3},
           reals{3, 4, 5});
    const operation with_indices{"MaxPool", 8, {{"kernel_shape", ints{2}}}, 2};
    refused(with_indices, {pooled}, "the indices of the maxima are requested");
    expect(operation{"GlobalMaxPool", 1}({pooled})[0], {1, 1, 1}, reals{5});
    expect(operation{"GlobalAveragePool", 1}({pooled})[0], {1, 1, 1}, reals{3});
}

// An output shape determines the padding. Where that is odd, versions before 11 contradict themselves.
BOOST_AUTO_TEST_CASE(transposed_windows) {
    const array x{{1, 1, 2}, reals{1, 2}}, w{{1, 1, 3}, reals{1, 10, 100}};
    const auto transposed = [&](attributes with, std::int64_t opset = 11) {
        with.emplace("strides", ints{2});
        return operation{"ConvTranspose", opset, with};
    };
    expect(transposed({})({x, w})[0], {1, 1, 5}, reals{1, 10, 102, 20, 200});
    expect(transposed({{"pads", ints{1, 2}}})({x, w})[0], {1, 1, 2}, reals{10, 102});
    expect(transposed({{"output_padding", ints{1}}})({x, w})[0], {1, 1, 6}, reals{1, 10, 102, 20, 200, 0});
    const attributes four{{"output_shape", ints{4}}}, upper{{"auto_pad", std::string("SAME_UPPER")}},
        lower{{"auto_pad", std::string("SAME_LOWER")}};
    expect(transposed(four)({x, w})[0], {1, 1, 4}, reals{10, 102, 20, 200});
    expect(transposed(upper)({x, w})[0], {1, 1, 4}, reals{1, 10, 102, 20});
    expect(transposed(lower)({x, w})[0], {1, 1, 4}, reals{10, 102, 20, 200});
    const std::string odd =
        "an odd number of outputs is cropped, and before opset 11 the standard gives two rules for it";
    refused(transposed(four, 1), {x, w}, odd);
    refused(transposed(upper, 1), {x, w}, odd);
    expect(transposed({{"output_shape", ints{3}}}, 1)({x, w})[0], {1, 1, 3}, reals{10, 102, 20});
    refused(transposed({{"output_shape", ints{6}}}), {x, w}, "the output is larger than what the windows cover");
}

// Gates computed by hand: sigmoid is 1/2 at 0, 3/4 at ln 3 and 1/4 at -ln 3.
BOOST_AUTO_TEST_CASE(recurrent_cells) {
    using names = std::vector<std::string>;
    const double l3 = std::log(3);
    const array x{{3, 1, 1}, reals{1, 2, 3}}, w{{1, 1, 1}, reals{1}}, r{{1, 1, 1}, reals{0.5}};
    const attributes relu{{"activations", names{"Relu"}}};
    const auto with = [](attributes some, const char* name, attribute value) {
        some.insert_or_assign(name, std::move(value));
        return some;
    };
    const auto forwards = operation{"RNN", 7, relu, 2}({x, w, r});
    expect(forwards[0], {3, 1, 1, 1}, reals{1, 2.5, 4.25});
    expect(forwards[1], {1, 1, 1}, reals{4.25});
    const auto backwards = operation{"RNN", 7, with(relu, "direction", std::string("reverse")), 2}({x, w, r});
    expect(backwards[0], {3, 1, 1, 1}, reals{2.75, 3.5, 3});
    expect(backwards[1], {1, 1, 1}, reals{2.75});
    const array w2{{2, 1, 1}, reals{1, 1}}, r2{{2, 1, 1}, reals{0.5, 0.5}};
    attributes both{{"activations", names{"Relu", "Relu"}}, {"direction", std::string("bidirectional")}};
    const auto twice = operation{"RNN", 7, both, 2}({x, w2, r2});
    expect(twice[0], {3, 2, 1, 1}, reals{1, 2.75, 2.5, 3.5, 4.25, 3});
    expect(twice[1], {2, 1, 1}, reals{4.25, 2.75});
    const auto batch_first =
        operation{"RNN", 14, with(both, "layout", std::int64_t{1}), 2}({{{1, 3, 1}, reals{1, 2, 3}}, w2, r2});
    expect(batch_first[0], {1, 3, 2, 1}, reals{1, 2.75, 2.5, 3.5, 4.25, 3});
    expect(batch_first[1], {1, 2, 1}, reals{4.25, 2.75});
    const array b{{1, 2}, reals{0.25, 0.75}}, h0{{1, 1, 1}, reals{2}};
    expect(operation{"RNN", 7, relu}({x, w, r, b, integers({3}), h0})[0], {3, 1, 1, 1}, reals{3, 4.5, 6.25});
    const operation rnn{"RNN", 7, relu};
    refused(rnn, {x, w, r, nothing, integers({2})}, "sequence_lens is shorter than the sequence");
    refused(rnn, {x, w, r, {{1, 3}, reals(3)}}, "B is 1 x 3");
    refused(rnn, {x, w2, r2}, "the weights are of 2 directions, and direction is forward");
    expect(operation{"RNN", 7, with(relu, "clip", 2.0)}({x, w, r})[0], {3, 1, 1, 1}, reals{1, 2, 2});
    const attributes affine{
        {"activations", names{"Affine"}}, {"activation_alpha", reals{2}}, {"activation_beta", reals{1}}};
    expect(operation{"RNN", 7, affine}({x, w, r})[0], {3, 1, 1, 1}, reals{3, 8, 15});
    const attributes threshold{{"activations", names{"ThresholdedRelu"}}, {"activation_alpha", reals{2}}};
    expect(operation{"RNN", 7, threshold}({x, w, r})[0], {3, 1, 1, 1}, reals{0, 0, 3});
    refused(operation{"RNN", 7, {{"clip", 0.0}}}, {x, w, r}, "its clip is not above 0");
    refused(operation{"RNN", 7, {{"activations", names{"Affine"}}}}, {x, w, r},
            "its activation Affine has no alpha, and the standard no default for it");
    refused(operation{"RNN", 7, {{"activations", names{"Mish"}}}}, {x, w, r},
            "the standard has no activation Mish inside a step");

    // z = r = 1/2 and R h + b = 2 h + 4 with h = 1: the reset gate before or after the product.
    const array step{{1, 1, 1}, reals{1}}, gru_w{{1, 3, 1}, reals{0, 0, 0}}, gru_r{{1, 3, 1}, reals{0, 0, 2}},
        gru_b{{1, 6}, reals{0, 0, 0, 0, 0, 4}}, one{{1, 1, 1}, reals{1}};
    const attributes gru{{"activations", names{"Sigmoid", "Relu"}}};
    expect(operation{"GRU", 7, gru}({step, gru_w, gru_r, gru_b, nothing, one})[0], {1, 1, 1, 1}, reals{3});
    expect(operation{"GRU", 7,
                     with(gru, "linear_before_reset", std::int64_t{1})}({step, gru_w, gru_r, gru_b, nothing, one})[0],
           {1, 1, 1, 1}, reals{2});

    // i = 3/4, o = 1/4, f = 1/2, candidate 2, initially c = 4; then with peepholes from the cell state.
    const array lstm_w{{1, 4, 1}, reals{l3, -l3, 0, 2}}, lstm_r{{1, 4, 1}, reals{0, 0, 0, 0}}, c0{{1, 1, 1}, reals{4}},
        zero{{1, 1, 1}, reals{0}};
    const attributes lstm{{"activations", names{"Sigmoid", "Relu", "Relu"}}};
    const operation cell{"LSTM", 7, lstm, 3};
    const auto states = cell({step, lstm_w, lstm_r, nothing, nothing, zero, c0});
    expect(states[1], {1, 1, 1}, reals{0.875});
    expect(states[2], {1, 1, 1}, reals{3.5});
    const array peeping_w{{1, 4, 1}, reals{0, 0, 0, 2}}, peepholes{{1, 3}, reals{l3 / 4, -l3 / 3.5, 0}};
    const auto peeping = cell({step, peeping_w, lstm_r, nothing, nothing, zero, c0, peepholes});
    expect(peeping[1], {1, 1, 1}, reals{0.875});
    expect(peeping[2], {1, 1, 1}, reals{3.5});
    // The clip does not reach the cell state; f = 1 - i = 1/4.
    const operation clipped{"LSTM", 7, with(lstm, "clip", 2.0), 3};
    expect(clipped({step, lstm_w, lstm_r, nothing, nothing, zero, c0})[1], {1, 1, 1}, reals{0.875});
    const operation coupled{"LSTM", 7, with(lstm, "input_forget", std::int64_t{1}), 3};
    const auto coupled_states = coupled({step, lstm_w, lstm_r, nothing, nothing, zero, c0});
    expect(coupled_states[1], {1, 1, 1}, reals{0.625});
    expect(coupled_states[2], {1, 1, 1}, reals{2.5});
}

BOOST_AUTO_TEST_CASE(resampling) {
    const array x{{1, 2}, reals{1, 2}}, scales = vector({1, 2});
    const std::string nearest = "nearest";
    expect(operation{"Upsample", 7, {{"mode", nearest}, {"scales", reals{2, 1}}}}({x})[0], {2, 2}, reals{1, 2, 1, 2});
    expect(operation{"Upsample", 9, {{"mode", nearest}}}({x, scales})[0], {1, 4}, reals{1, 1, 2, 2});
    expect(operation{"Resize", 10}({x, scales})[0], {1, 4}, reals{1, 1, 2, 2});
    const attributes corners{{"coordinate_transformation_mode", std::string("align_corners")},
                             {"nearest_mode", std::string("floor")}};
    expect(operation{"Resize", 11, corners}({x, nothing, nothing, integers({1, 4})})[0], {1, 4}, reals{1, 1, 1, 2});
    expect(operation{"Resize", 13}({{{1, 4}, reals{1, 2, 3, 4}}, nothing, vector({1, 0.5})})[0], {1, 2}, reals{1, 3});
    // Outputs lie at -1/4, 1/4, 3/4 and 5/4 of the inputs' places; beyond them is the edge.
    const std::string linear = "linear", cubic = "cubic", asymmetric = "asymmetric";
    expect(operation{"Resize", 11, {{"mode", linear}}}({x, nothing, scales})[0], {1, 4}, reals{1, 1.25, 1.75, 2});
    expect(operation{"Resize", 19, {{"mode", linear}, {"coordinate_transformation_mode", asymmetric}}}(
               {x, nothing, scales})[0],
           {1, 4}, reals{1, 1.5, 2, 2});
    // Halfway between two of four: (9 (b + c) - (a + d)) / 16 with the coefficient -1/2.
    expect(
        operation{
            "Resize", 13, {{"mode", cubic}, {"coordinate_transformation_mode", asymmetric}, {"cubic_coeff_a", -0.5}}}(
            {{{4, 1}, reals{1, 5, 2, 8}}, nothing, vector({2, 1})})[0],
        {8, 1}, reals{1, (9.0 * 6 - 3) / 16, 5, (9.0 * 7 - 9) / 16, 2, (9.0 * 10 - 13) / 16, 8, (9.0 * 16 - 10) / 16});
    refused(operation{"Resize", 18, {{"mode", linear}, {"antialias", std::int64_t{1}}}},
            {{{1, 4}, reals{1, 2, 3, 4}}, nothing, vector({1, 0.5})}, "its antialias is set, and it downsamples");
    refused(operation{"Resize", 13, {{"mode", linear}}}, {x, nothing, vector({1, 1.6})},
            "its scale of 1.600000 does not fit 2 elements");
    refused(operation{"Resize", 13, {{"mode", std::string("area")}}}, {x, nothing, scales}, "its mode is area");
    refused(operation{"Resize", 10}, {x, vector({1, 0.5})}, "it downsamples, which is undefined before opset 11");
    refused(operation{"Resize", 11}, {x, nothing, vector({1, -1})}, "a scale is not above 0, or too large");

    const array channels{{1, 8, 1, 1}, reals{0, 1, 2, 3, 4, 5, 6, 7}};
    const attributes two{{"blocksize", std::int64_t{2}}},
        crd{{"blocksize", std::int64_t{2}}, {"mode", std::string("CRD")}};
    expect(operation{"DepthToSpace", 11, two}({channels})[0], {1, 2, 2, 2}, reals{0, 2, 4, 6, 1, 3, 5, 7});
    expect(operation{"DepthToSpace", 11, crd}({channels})[0], {1, 2, 2, 2}, reals{0, 1, 2, 3, 4, 5, 6, 7});
    expect(operation{"SpaceToDepth", 1, two}({{{1, 2, 2, 2}, reals{0, 2, 4, 6, 1, 3, 5, 7}}})[0], {1, 8, 1, 1},
           channels.reals());
}

BOOST_AUTO_TEST_CASE(sums_of_products) {
    const array a{{2, 3}, reals{1, 2, 3, 4, 5, 6}}, b{{3, 2}, reals{1, 0, 0, 1, 1, 1}};
    const auto with = [](const std::string& equation) { return operation{"Einsum", 12, {{"equation", equation}}}; };
    expect(with("ij,jk->ik")({a, b})[0], {2, 2}, reals{4, 5, 10, 11});
    expect(with("ij, jk")({a, b})[0], {2, 2}, reals{4, 5, 10, 11});
    expect(with("ij->ji")({a})[0], {3, 2}, reals{1, 4, 2, 5, 3, 6});
    expect(with("ij->")({a})[0], {}, reals{21});
    expect(with("ij,ji,ij->i")({a, b, a})[0], {2}, reals{1 + 9, 25 + 36});
    expect(with("ii->i")({{{2, 2}, reals{1, 2, 3, 4}}})[0], {2}, reals{1, 4});
    refused(with("...j,jk->...k"), {a, b}, "its equation \"...j,jk->...k\" has an ellipsis");
    refused(with("ij,jk->ik"), {a}, "its equation \"ij,jk->ik\" has another number of operands than the node");
    refused(with("ij,ij->ij"), {a, b}, "its equation \"ij,ij->ij\" gives axes of different extents the same letter");
    refused(with("ij->ijk"), {a},
            "its equation \"ij->ijk\" has a result with a letter of no operand, or twice the same");
    refused(with("ijk->i"), {a}, "its equation \"ijk->i\" does not fit an operand of 2 x 3");
}

BOOST_AUTO_TEST_CASE(reductions_and_largest_places) {
    const array x{{2, 3}, reals{3, -4, 0, 1, 1, -1}};
    const auto reduced = [&](const char* op) {
        return operation{op, 18, {{"keepdims", std::int64_t{0}}}}({x, integers({1})})[0];
    };
    expect(reduced("ReduceL1"), {2}, reals{7, 3});
    expect(reduced("ReduceL2"), {2}, reals{5, std::sqrt(3)});
    expect(reduced("ReduceSumSquare"), {2}, reals{25, 3});
    expect(reduced("ReduceMin"), {2}, reals{-4, -1});
    expect(reduced("ReduceLogSumExp"), {2},
           reals{std::log(std::exp(3) + std::exp(-4) + 1), std::log(2 * std::exp(1) + std::exp(-1))});
    expect(operation{"ReduceLogSum", 18}({vector({1, 2}), integers({0})})[0], {1}, reals{std::log(3)});
    expect(operation{"LpNormalization", 1}({{{1, 2}, reals{3, -4}}})[0], {1, 2}, reals{0.6, -0.8});
    expect(operation{"LpNormalization", 1, {{"p", std::int64_t{1}}, {"axis", std::int64_t{0}}}}({x})[0], {2, 3},
           reals{0.75, -0.8, 0, 0.25, 0.2, -1});
    expect(operation{"ArgMax", 13, {{"axis", std::int64_t{1}}}}({x})[0], {2, 1}, ints{0, 0});
    expect(operation{"ArgMax", 13, {{"axis", std::int64_t{1}}, {"select_last_index", std::int64_t{1}}}}({x})[0], {2, 1},
           ints{0, 1});
    expect(operation{"ArgMax", 13, {{"keepdims", std::int64_t{0}}}}({x})[0], {3}, ints{0, 1, 0});
    const array square{{2, 2}, reals{1, 2, 3, 4}};
    expect(operation{"Trilu", 14}({square})[0], {2, 2}, reals{1, 2, 0, 4});
    expect(operation{"Trilu", 14, {{"upper", std::int64_t{0}}}}({square, {{}, ints{-1}}})[0], {2, 2},
           reals{0, 0, 3, 0});
    expect(operation{"IsNaN", 13}({vector({1, std::nan("")})})[0], {2}, ints{0, 1});
}

BOOST_AUTO_TEST_CASE(what_is_not_computed) {
    refused(operation{"Tan", 7}, {vector({1})}, "the importer does not know this operator");
    refused(operation{"MatMul", 9}, {single(1), vector({1})}, "a scalar is not a matrix");
    refused(operation{"MatMul", 9}, {vector({1, 2}), vector({1, 2, 3})},
            "the matrices of 2 and 3 cannot be multiplied");
    expect(operation{"MatMul", 9}({vector({1, 2}), vector({3, 4})})[0], {}, reals{11});
    expect(operation{"MatMul", 9}({{{2, 1, 2}, reals{1, 2, 3, 4}}, {{2, 1}, reals{1, 10}}})[0], {2, 1, 1},
           reals{21, 43});
    const array wide{{1 << 13, 1 << 12}, reals(std::size_t{1} << 25)};
    refused(operation{"Gemm", 11, {{"transB", std::int64_t{1}}}}, {wide, wide},
            "it would take more than 2^36 multiplications");
}

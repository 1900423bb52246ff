// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_operators
#include "lower_support.hpp"

// Each operator with one computed value.

using namespace lower_test;

BOOST_AUTO_TEST_CASE(activations) {
    const std::vector<std::pair<std::string, std::string>> names{
        {"Relu", "relu"},
        {"Sigmoid", "sigmoid"},
        {"Tanh", "tanh"},
        {"Softplus", "softplus"},
        {"Softsign", "softsign"},
        {"Silu", "silu"},
        {"Gelu", "gelu"},
        {"HardSwish", "hard_swish"},
        {"Reciprocal", "reciprocal"},
        {"Exp", "exp"},
        {"Sin", "sin"},
        {"Cos", "cos"},
        {"Elu", "elu"},
        {"Selu", "selu"},
        {"LeakyRelu", "leaky_relu"},
        {"HardSigmoid", "hard_sigmoid_with<std::ratio<1, 5>, std::ratio<1, 2>>"}};
    for (const auto& [op, text] : names) {
        model m;
        const auto x = m.input({2, 3});
        BOOST_TEST(lowered(m.with_output(m(op, {x})), 1e-7) == "input<2, 3>, activation<" + text + ">");
        // Fused into the previous layer if that has no activation yet.
        const auto y = m(op, {m("MatMul", {x, m.random({3, 4})})});
        BOOST_TEST(lowered(m.with_output(m(op, {y})), 1e-7) ==
                   "input<2, 3>, dense<4, " + text + ", no_bias>, activation<" + text + ">");
    }
}

BOOST_AUTO_TEST_CASE(functions_of_positive_numbers) {
    for (const auto& [op, text] : {std::pair{"Log", "log"}, {"Sqrt", "sqrt"}}) {
        model m;
        const std::string made = lowered(m.with_output(m(op, {m("Softplus", {m.input({2, 3})})})));
        BOOST_TEST(made == "input<2, 3>, activation<softplus>, activation<" + std::string(text) + ">");
    }
}

BOOST_AUTO_TEST_CASE(activations_with_numbers) {
    const double slope = 0.3f;
    const std::vector<std::pair<attributes, std::pair<std::string, std::string>>> all{
        {{{"alpha", 0.5}}, {"Elu", "elu_with<std::ratio<1, 2>>"}},
        {{{"alpha", slope}}, {"LeakyRelu", "leaky_relu_with<std::ratio<3, 10>>"}},
        {{{"alpha", 0.5}, {"gamma", 2.0}}, {"Selu", "selu_with<std::ratio<1, 2>, std::ratio<2>>"}},
        {{{"alpha", double{1.0f / 6}}}, {"HardSigmoid", "hard_sigmoid"}},
        {{{"approximate", std::string("tanh")}}, {"Gelu", "gelu_tanh"}}};
    for (const auto& [with, names] : all) {
        model m;
        BOOST_TEST(lowered(m.with_output(m(names.first, {m.input({4})}, with)), 1e-7)
                       .starts_with("input<4>, activation<" + names.second));
    }
}

BOOST_AUTO_TEST_CASE(bounds) {
    const auto one = [](const std::string& op, std::vector<double> numbers, const std::string& text) {
        model m;
        std::vector<std::string> inputs{m.input({2, 3})};
        for (const double number : numbers) inputs.push_back(m.constant({}, {number}));
        BOOST_TEST(lowered(m.with_output(m(op, inputs))) == "input<2, 3>, activation<" + text + ">");
    };
    one("Clip", {0, 6}, "relu6");
    one("Clip", {0}, "relu");
    one("Clip", {-0.5, 0.25}, "clip<std::ratio<-1, 2>, std::ratio<1, 4>>");
    one("Max", {0.5}, "clip<std::ratio<1, 2>, unbounded>");
    one("Min", {0.5}, "clip<unbounded, std::ratio<1, 2>>");
    model m(6);
    BOOST_TEST(lowered(m.with_output(m("Clip", {m.input({3})}, {{"min", -1.0}, {"max", 1.0}}))) ==
               "input<3>, activation<clip<std::ratio<-1>, std::ratio<1>>>");
    model n;
    BOOST_TEST(refusal_of(n.with_output(n("Max", {n.input({3}), n.random({3})}))) ==
               "node \"Max0\" (Max): it compares with a constant whose elements differ");
}

BOOST_AUTO_TEST_CASE(arithmetic_with_constants) {
    const std::vector<std::pair<extents, extents>> shapes{
        {{2, 3, 4}, {}},        {{2, 3, 4}, {4}},    {{2, 3, 4}, {3, 1}},    {{2, 3, 4}, {2, 1, 1}},
        {{2, 3, 4}, {2, 3, 4}}, {{2, 3, 4}, {3, 4}}, {{2, 3, 4}, {2, 1, 4}}, {{3, 1}, {1, 4}},
        {{1, 3}, {5, 1}},       {{40, 2}, {1}}};
    for (const auto& [x, c] : shapes)
        for (const std::string op : {"Add", "Sub", "Mul", "Div", "Sum", "Mean"})
            for (const bool first : {true, false}) {
                model m;
                const auto in = m.input(x), number = m.random(c, 0.5, 2);
                lowered(m.with_output(first ? m(op, {in, number}) : m(op, {number, in})));
            }
    model m;
    BOOST_TEST(refusal_of(m.with_output(m("Div", {m.input({3}), m.constant({}, {0})}))) ==
               "node \"Div0\" (Div): it divides by a constant 0");
}

BOOST_AUTO_TEST_CASE(factors_and_offsets_become_part_of_a_layer) {
    const auto scaled = [](model& m, const std::string& x, const extents& dims) {
        return m("Add", {m("Mul", {x, m.random(dims)}), m.random(dims)});
    };
    model m;
    const auto x = m.input({5, 3});
    BOOST_TEST(lowered(m.with_output(scaled(m, m("MatMul", {x, m.random({3, 4})}), {4}))) == "input<5, 3>, dense<4>");
    BOOST_TEST(lowered(m.with_output(scaled(m, x, {3}))) == "input<5, 3>, scale<identity, axis<1>>");
    BOOST_TEST(lowered(m.with_output(scaled(m, m("Mul", {x, m.constant({}, {0.5})}), {3}))) ==
               "input<5, 3>, scale<identity, axis<1>>");
    model n;
    const auto image = n.input({1, 3, 6, 6});
    const auto conv = n("Conv", {image, n.random({4, 3, 3, 3})});
    BOOST_TEST(lowered(n.with_output(scaled(n, conv, {4, 1, 1}))) == "input<3, 6, 6>, conv2d<4, window<3>>");
    // Not after an activation, and not along another axis.
    BOOST_TEST(lowered(n.with_output(scaled(n, n("Relu", {conv}), {4, 1, 1}))) ==
               "input<3, 6, 6>, conv2d<4, window<3>, relu, no_bias>, scale<>");
    BOOST_TEST(lowered(n.with_output(scaled(n, conv, {4}))) ==
               "input<3, 6, 6>, conv2d<4, window<3>, no_bias>, scale<identity, axis<2>>");
}

// What is rounded to integers is not one sum with what follows.
BOOST_AUTO_TEST_CASE(nothing_is_folded_across_integers) {
    const auto text = [](const std::string& op, bool of_integers, bool first, const std::string& then = "") {
        model m;
        const auto product = m("MatMul", {m.input({5, 3}), m.random({3, 4})}), number = m.random({4});
        const attributes with = of_integers ? attributes{{"of_integers", std::int64_t{1}}} : attributes{};
        const auto made = m(op, first ? std::vector{number, product} : std::vector<std::string>{product, number}, with);
        graph whole = m.with_output(then.empty() ? made : m(then, {made}));
        whole.quantized[product] = {{0.5}, {3}};
        whole.quantized[number] = {{0.25}, {0}};
        if (!then.empty()) whole.quantized[made] = {{1}, {0}};
        return lowered(whole);
    };
    const std::string dense = "input<5, 3>, dense<4, identity, no_bias>, ";
    BOOST_TEST(text("Add", false, false) == dense + "scale<identity, axis<1>>");
    BOOST_TEST(text("Mul", true, false) == dense + "scale<identity, axis<1>>");
    BOOST_TEST(text("Add", true, false) == dense + "residual<scale<identity, axis<1>>>");
    BOOST_TEST(text("Add", true, true) == dense + "sum<branch<scale<identity, axis<1>>>, branch<>>");
    // Integers that are clamped, or looked up in a table.
    BOOST_TEST(text("Add", false, false, "Relu") == dense + "scale<identity, axis<1>>, activation<relu>");
    BOOST_TEST(text("Add", true, false, "Softmax") ==
               dense + "residual<scale<identity, axis<1>>>, activation<softmax>");
    // An activation of a layer of integers has such a table.
    model m;
    const auto product = m("MatMul", {m.input({3}), m.random({3, 4})});
    graph whole = m.with_output(m("Tanh", {product}));
    whole.quantized[product] = {{0.5}, {3}};
    BOOST_TEST(lowered(whole) == "input<3>, dense<4, tanh, no_bias>");
    // The same for all of an axis: onnxruntime takes it as the second term.
    model n;
    const auto x = n.input({1, 2, 3, 3}), c = n.random({2, 1, 1});
    graph image = n.with_output(n("Add", {c, x}, {{"of_integers", std::int64_t{1}}}));
    image.quantized[x] = image.quantized[c] = {{0.5}, {3}};
    BOOST_TEST(lowered(image) == "input<2, 3, 3>, residual<scale<>>");
}

BOOST_AUTO_TEST_CASE(powers_and_absolute_values) {
    for (const double exponent : {1.0, 2.0, 3.0, 4.0}) {
        model m;
        lowered(m.with_output(m("Pow", {m.input({2, 3}), m.constant({}, {exponent})})));
    }
    for (const double exponent : {0.5, -0.5, -1.0, -2.0}) {
        model m;
        lowered(m.with_output(m("Pow", {m("Softplus", {m.input({2, 3})}), m.constant({}, {exponent})})));
    }
    model n;
    BOOST_TEST(refusal_of(n.with_output(n("Pow", {n.input({2}), n.constant({}, {1.5})}))) ==
               "node \"Pow0\" (Pow): its exponent is none of 1, 2, 3, 4 and 1/2, nor the negative of one");
    for (const extents& dims : {extents{2, 3}, extents{60}, extents{1}}) {
        model m;
        lowered(m.with_output(m("Abs", {m.input(dims)})));
        lowered(m.with_output(m("Neg", {m("Abs", {"x0"})})));
    }
}

BOOST_AUTO_TEST_CASE(gemm_in_all_its_ways) {
    for (const std::int64_t a : {0, 1})
        for (const std::int64_t b : {0, 1})
            for (const bool live_first : {true, false})
                for (const extents& c : {extents{}, extents{4}, extents{2, 1}, extents{2, 4}, extents{1, 4}}) {
                    model m;
                    const extents left = a ? extents{3, 2} : extents{2, 3}, right = b ? extents{4, 3} : extents{3, 4};
                    const auto x = live_first ? m.input(left) : m.random(left);
                    const auto y = live_first ? m.random(right) : m.input(right);
                    lowered(m.with_output(
                        m("Gemm", {x, y, m.random(c)}, {{"transA", a}, {"transB", b}, {"alpha", 0.5}, {"beta", 2.0}})));
                }
}

BOOST_AUTO_TEST_CASE(products_with_constant_matrices) {
    const std::vector<std::pair<extents, extents>> shapes{
        {{2, 3}, {3, 4}},    {{3}, {3, 4}},          {{2, 3}, {3}},
        {{3}, {3}},          {{5, 2, 3}, {3, 4}},    {{5, 2, 3}, {1, 3, 4}},
        {{2, 3}, {5, 3, 4}}, {{5, 2, 3}, {5, 3, 4}}, {{2, 1, 2, 3}, {5, 3, 4}}};
    for (const auto& [x, w] : shapes) {
        model m;
        lowered(m.with_output(m("MatMul", {m.input(x), m.random(w)})));
    }
    for (const auto& [w, x] : {std::pair{extents{2, 3}, extents{3, 4}},
                               {extents{3}, extents{3, 4}},
                               {extents{2, 3}, extents{3}},
                               {extents{2, 3}, extents{5, 3, 4}}}) {
        model m;
        lowered(m.with_output(m("MatMul", {m.random(w), m.input(x)})));
    }
    model m;
    BOOST_TEST(refusal_of(m.with_output(m("MatMul", {m.random({5, 2, 3}), m.input({3, 4})}))) ==
               "node \"MatMul0\" (MatMul): its constant of 5 x 2 x 3 is a batch of matrices");
}

BOOST_AUTO_TEST_CASE(normalisations) {
    for (const extents& dims : {extents{1, 3, 4, 5}, extents{2, 3, 4, 5}, extents{2, 3}, extents{1, 3, 7}}) {
        model m;
        const auto x = m.input(dims);
        const auto numbers = [&](double low) { return m.random({3}, low, 2); };
        lowered(m.with_output(
            m("BatchNormalization", {x, numbers(-2), numbers(-2), numbers(-2), numbers(0)}, {{"epsilon", 1e-3}})));
        if (dims.size() > 2)
            lowered(m.with_output(m("InstanceNormalization", {x, numbers(-2), numbers(-2)}, {{"epsilon", 1e-3}})));
    }
    for (const std::int64_t axis : {-1, 1, 2, 0}) {
        model m(17);
        const extents dims{2, 3, 4};
        const extents part(dims.begin() + (axis < 0 ? 2 : axis), dims.end());
        const auto x = m.input(dims);
        lowered(m.with_output(m("LayerNormalization", {x, m.random(part), m.random(part)}, {{"axis", axis}})));
        lowered(m.with_output(m("LayerNormalization", {x, m.random(part)}, {{"axis", axis}, {"epsilon", 0.1}})));
    }
}

BOOST_AUTO_TEST_CASE(batch_normalisation_goes_into_the_layer_before) {
    model m;
    const auto conv = m("Conv", {m.input({1, 2, 5, 5}), m.random({3, 2, 3, 3})});
    const auto norm =
        m("BatchNormalization", {conv, m.random({3}), m.random({3}), m.random({3}), m.random({3}, 0.1, 2)});
    BOOST_TEST(lowered(m.with_output(m("Relu", {norm}))) == "input<2, 5, 5>, conv2d<3, window<3>, relu>");
    // Not where the convolution's own output is used too.
    BOOST_TEST(lowered(m.with_output(m("Add", {conv, norm}))) ==
               "input<2, 5, 5>, conv2d<3, window<3>, no_bias>, residual<scale<>>");
    model n;
    const auto line = n("ConvTranspose", {n.input({1, 4, 5}), n.random({4, 3, 2})}, {{"group", std::int64_t{2}}});
    const auto behind =
        n("BatchNormalization", {line, n.random({6}), n.random({6}), n.random({6}), n.random({6}, 0.1, 2)});
    BOOST_TEST(lowered(n.with_output(behind)) == "input<4, 5>, conv1d_transpose<6, window<2>, groups<2>>");
}

BOOST_AUTO_TEST_CASE(softmax_along_any_axis) {
    for (const std::int64_t opset : {11, 13})
        for (const std::int64_t axis : {0, 1, 2, -1, -2})
            for (const std::string op : {"Softmax", "LogSoftmax"}) {
                model m(opset);
                lowered(m.with_output(m(op, {m.input({2, 3, 4})}, {{"axis", axis}})));
            }
}

BOOST_AUTO_TEST_CASE(slopes_of_prelu) {
    for (const extents& slope : {extents{3, 1, 1}, extents{1}, extents{5}, extents{3, 4, 5}, extents{2, 1, 1, 1}}) {
        model m;
        lowered(m.with_output(m("PRelu", {m.input({2, 3, 4, 5}), m.random(slope)})));
    }
    model m(6);
    lowered(m.with_output(m("PRelu", {m.input({1, 3, 4}), m.random({3})})));
}

BOOST_AUTO_TEST_CASE(reductions) {
    for (const std::string op : {"ReduceMean", "ReduceSum", "ReduceMax"})
        for (const ints& axes : {ints{}, ints{0}, ints{1}, ints{-1}, ints{0, 2}, ints{1, 2}, ints{2, 0}})
            for (const std::int64_t keep : {0, 1}) {
                model m(11);
                attributes with{{"keepdims", keep}};
                if (!axes.empty()) with["axes"] = axes;
                lowered(m.with_output(m(op, {m.input({2, 3, 4})}, with)));
                if (op != "ReduceSum" || axes.empty()) continue;
                model n;
                lowered(n.with_output(n(op, {n.input({2, 3, 4}), n.constant(axes)}, {{"keepdims", keep}})));
            }
    for (const std::string op : {"GlobalAveragePool", "GlobalMaxPool"}) {
        model m;
        const auto x = m.input({1, 3, 4, 5});
        const std::string text = op == "GlobalMaxPool" ? "global_max_pool" : "global_average_pool";
        BOOST_TEST(lowered(m.with_output(m("Flatten", {m(op, {x})}))) == "input<3, 4, 5>, " + text);
    }
}

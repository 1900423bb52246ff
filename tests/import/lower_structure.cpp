// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_lower_structure
#include "lower_support.hpp"

#include "sanitized.hpp"

// Chains, branches, and graphs that are neither.

using namespace lower_test;

namespace {

std::string dense(model& m, const std::string& x, std::int64_t inputs, std::int64_t outputs) {
    return m("Gemm", {x, m.random({outputs, inputs}), m.random({outputs})}, {{"transB", std::int64_t{1}}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_perceptron_comes_out_as_one_writes_it) {
    model m;
    const auto flat = m("Flatten", {m.input({1, 1, 28, 28})});
    const auto hidden = m("Relu", {dense(m, flat, 784, 16)});
    const auto y = m("Softmax", {dense(m, hidden, 16, 10)});
    BOOST_TEST(lowered(m.with_output(y)) == "input<784>, dense<16, relu>, dense<10, softmax>");
}

BOOST_AUTO_TEST_CASE(a_convolutional_network_too) {
    model m;
    const auto y = m("Conv", {m.input({1, 1, 28, 28}), m.random({8, 1, 3, 3}), m.random({8})});
    const auto pooled = m("MaxPool", {m("Relu", {y})}, {{"kernel_shape", ints{2, 2}}, {"strides", ints{2, 2}}});
    const auto out = dense(m, m("Flatten", {pooled}), 1352, 10);
    BOOST_TEST(lowered(m.with_output(out)) ==
               "input<1, 28, 28>, conv2d<8, window<3>, relu>, max_pool2d<window<2>>, flatten, dense<10>");
}

BOOST_AUTO_TEST_CASE(a_network_without_layers) {
    model m;
    BOOST_TEST(lowered(m.with_output(m("Reshape", {m.input({1, 2, 3}), m.constant(ints{3, 2})}))) ==
               "input<3, 2>, activation<identity>");
}

BOOST_AUTO_TEST_CASE(residuals_in_either_order) {
    for (const bool first : {true, false}) {
        model m;
        const auto x = m.input({1, 4}), f = m("Tanh", {dense(m, x, 4, 4)});
        const auto y = first ? m("Add", {x, f}) : m("Add", {f, x});
        BOOST_TEST(lowered(m.with_output(m("Relu", {y}))) == "input<4>, residual<dense<4, tanh>>, activation<relu>");
    }
}

BOOST_AUTO_TEST_CASE(residuals_in_residuals) {
    model m;
    const auto x = m.input({1, 4}), a = dense(m, x, 4, 4), b = dense(m, a, 4, 4);
    const auto inner = m("Add", {a, b});
    BOOST_TEST(lowered(m.with_output(m("Add", {x, inner}))) == "input<4>, residual<dense<4>, residual<dense<4>>>");
}

BOOST_AUTO_TEST_CASE(sums_products_differences_and_quotients_of_branches) {
    for (const std::string op : {"Add", "Sub", "Mul", "Div", "Sum", "Mean"}) {
        model m;
        const auto x = m.input({2, 3});
        const auto a = m("Tanh", {m("MatMul", {x, m.random({3, 3})})});
        const auto c = m("Sigmoid", {m("MatMul", {x, m.random({3, 3})})});
        lowered(m.with_output(m(op, {a, c})));
        lowered(m.with_output(m(op, {c, c})));
    }
}

BOOST_AUTO_TEST_CASE(three_terms_and_a_constant) {
    model m;
    const auto x = m.input({2, 3});
    lowered(m.with_output(m("Sum", {m("Relu", {x}), m.random({3}), x, m("Tanh", {x})})));
    lowered(m.with_output(m("Mean", {m("Relu", {x}), m.random({3}), x, m("Tanh", {x})})));
}

BOOST_AUTO_TEST_CASE(branches_that_are_broadcast) {
    const std::vector<std::pair<extents, extents>> shapes{{{2, 3, 4, 5}, {2, 3, 1, 1}}, {{2, 3, 4, 5}, {3, 1, 1}},
                                                          {{2, 3, 4, 5}, {5}},          {{2, 3, 4, 5}, {1, 4, 1}},
                                                          {{2, 3, 4, 5}, {2, 1, 1, 5}}, {{3, 1}, {1, 4}},
                                                          {{1, 3, 1, 5}, {2, 1, 4, 1}}, {{1}, {2, 2}}};
    for (const auto& [a, b] : shapes)
        for (const bool swapped : {true, false}) {
            model m;
            const auto x = m.input(a), y = m.input(b);
            lowered(m.with_output(swapped ? m("Add", {y, x}) : m("Mul", {x, y})));
        }
}

BOOST_AUTO_TEST_CASE(an_old_broadcast_begins_at_an_axis) {
    for (const std::int64_t axis : {0, 1, -2}) {
        model m(6);
        const auto x = m.input({2, 3, 3, 4}), y = m.input(axis == 0   ? extents{2, 3}
                                                          : axis == 1 ? extents{3, 3}
                                                                      : extents{3, 4});
        const attributes with{{"broadcast", std::int64_t{1}}, {"axis", axis}};
        lowered(m.with_output(m("Add", {x, y}, with)));
        const auto c = m.random(axis == 0 ? extents{2, 3} : axis == 1 ? extents{3, 3} : extents{3, 4});
        lowered(m.with_output(m("Mul", {m("Add", {x, y}, with), c}, with)));
    }
}

BOOST_AUTO_TEST_CASE(concatenations_along_each_axis) {
    for (const std::int64_t axis : {0, 1, 2, 3, -1, -3})
        for (const extents& dims : {extents{2, 3, 2, 5}, extents{1, 3, 4, 2}, extents{1, 3, 1, 1}}) {
            model m;
            const auto x = m.input(dims), a = m("Relu", {x}), b = m("Tanh", {x});
            lowered(m.with_output(m("Concat", {a, x, b}, {{"axis", axis}})));
            // Constants first, last and between.
            const auto c = m.random(dims);
            lowered(m.with_output(m("Concat", {c, a, c, c, b}, {{"axis", axis}})));
            lowered(m.with_output(m("Concat", {a, c, b, c}, {{"axis", axis}})));
            lowered(m.with_output(m("Concat", {c, a, c}, {{"axis", axis}})));
        }
}

BOOST_AUTO_TEST_CASE(channels_side_by_side_stay_images) {
    model m;
    const auto x = m.input({1, 2, 4, 4});
    const auto a = m("Conv", {x, m.random({3, 2, 1, 1})});
    BOOST_TEST(lowered(m.with_output(m("Concat", {x, a}, {{"axis", std::int64_t{1}}}))) ==
               "input<2, 4, 4>, concatenate<branch<>, branch<conv2d<3, window<1>, no_bias>>>");
}

BOOST_AUTO_TEST_CASE(products_of_matrices) {
    const std::vector<std::pair<extents, extents>> shapes{
        {{2, 3}, {3, 4}},          {{5, 2, 3}, {5, 3, 4}}, {{5, 2, 3}, {3, 4}}, {{2, 3}, {5, 3, 4}},
        {{2, 1, 2, 3}, {5, 3, 4}}, {{3}, {3, 4}},          {{2, 3}, {3}},       {{3}, {3}}};
    for (const auto& [a, b] : shapes) {
        model m;
        const auto x = m.input(a), y = m.input(b);
        lowered(m.with_output(m("MatMul", {x, y})));
    }
    for (const std::int64_t across : {0, 1, 2, 3}) {
        model m;
        const auto x = m.input(across & 1 ? extents{3, 2} : extents{2, 3}),
                   y = m.input(across & 2 ? extents{4, 3} : extents{3, 4});
        const attributes with{{"transA", across & 1}, {"transB", across >> 1}, {"alpha", 0.5}, {"beta", 2.0}};
        lowered(m.with_output(m("Gemm", {x, y}, with)));
        lowered(m.with_output(m("Gemm", {x, y, m.random({4})}, with)));
        const auto z = m.input({2, 1});
        simplified(m.with_output(m("Gemm", {x, y, z}, with)));
    }
}

BOOST_AUTO_TEST_CASE(several_inputs_have_names) {
    model m;
    const auto a = m.input({1, 4}), b = m.input({1, 3});
    const auto y = m("Concat", {m("Relu", {dense(m, a, 4, 5)}), dense(m, b, 3, 2)}, {{"axis", std::int64_t{1}}});
    BOOST_TEST(
        lowered(m.with_output(y)) ==
        "inputs<x0: 4, x1: 3>, graph<node<\"Relu1_0\", from<\"x0\">, dense<5, relu>>, node<\"Gemm2_0\", from<\"x1\">, "
        "dense<2>>, node<\"Concat3_0\", concatenate<from<\"Relu1_0\">, from<\"Gemm2_0\">>>, outputs<\"Concat3_0\">>");
}

BOOST_AUTO_TEST_CASE(an_input_that_nobody_takes_is_still_there) {
    model m;
    m.input({2});
    BOOST_TEST(lowered(m.with_output(m("Relu", {m.input({3})}))) ==
               "inputs<x0: 2, x1: 3>, graph<node<\"Relu0_0\", from<\"x1\">, activation<relu>>, outputs<\"Relu0_0\">>");
}

BOOST_AUTO_TEST_CASE(chains_of_any_length) {
    model m;
    auto x = m.input({2});
    // Functions take several times the stack under the sanitizer.
#if defined(CTNN_TEST_SANITIZED)
    constexpr std::size_t length = 5000;
#else
    constexpr std::size_t length = 20000;
#endif
    for (std::size_t i = 0; i < length; ++i) x = m("Relu", {x});
    BOOST_TEST(lower(m.with_output(x)).layers.size() == length);
}

BOOST_AUTO_TEST_CASE(branches_in_branches_have_a_limit) {
    model m;
    auto x = m.input({2});
    std::vector<std::string> values{x};
    for (int i = 0; i < 300; ++i) values.push_back(m("Relu", {values.back()}));
    auto y = values.back();
    for (int i = 299; i >= 0; --i) y = m("Add", {values[static_cast<std::size_t>(i)], y});
    BOOST_TEST(refusal_of(m.with_output(y)).find("branches are nested more than 200 deep") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_nest_of_branches) {
    model m;
    const auto x = m.input({1, 4}), a = dense(m, x, 4, 4), b = dense(m, x, 4, 4);
    const auto ab = m("Add", {a, b}), c = m("Mul", {a, b});
    BOOST_TEST(
        lowered(m.with_output(m("Relu", {m("Add", {ab, c})}))) ==
        "input<4>, graph<node<\"Gemm0_0\", from<\"input\">, dense<4>>, node<\"Gemm1_0\", from<\"input\">, dense<4>>, "
        "node<\"Add2_0\", sum<from<\"Gemm0_0\">, from<\"Gemm1_0\">>>, node<\"Mul3_0\", product<from<\"Gemm0_0\">, "
        "from<\"Gemm1_0\">>>, node<\"Add4_0\", sum<from<\"Add2_0\">, from<\"Mul3_0\">>>, outputs<\"Add4_0\">>, "
        "activation<relu>");
    // Cheap operators may be computed twice.
    model n;
    const auto y = n.input({1, 4}), d = n("Relu", {y}), e = n("Tanh", {y});
    lowered(n.with_output(n("Add", {n("Add", {d, e}), n("Mul", {d, e})})));
}

BOOST_AUTO_TEST_CASE(what_is_between_a_value_and_its_combination) {
    // A difference, a quotient, a view, a broadcast and a product with a constant, none of them nested.
    model m;
    const auto x = m.input({1, 4}), a = dense(m, x, 4, 4), b = dense(m, x, 4, 4);
    const auto difference = m("Sub", {a, b}), quotient = m("Div", {a, m("Sigmoid", {b})}),
               view = m("Reshape", {a, m.constant(ints{2, 2})}),
               other = m("Reshape", {m("Mul", {b, m.random({4})}), m.constant(ints{2, 2})}),
               product = m("MatMul", {view, other}), again = m("Reshape", {product, m.constant(ints{1, 4})});
    const auto mean = m("ReduceMean", {a}, {{"axes", ints{1}}});
    lowered(m.with_output(m("Sum", {difference, quotient, again, m("Sub", {b, mean})})));
    // What forks is in the middle of a network, and its values are images.
    model n(13);
    const auto image = n("Conv", {n.input({1, 2, 4, 4}), n.random({3, 2, 1, 1})});
    const auto c = n("Conv", {image, n.random({3, 3, 1, 1})}),
               d = n("Relu", {n("Conv", {image, n.random({3, 3, 1, 1})})});
    const attributes channels{{"axis", std::int64_t{1}}};
    const auto left = n("Concat", {c, d}, channels), right = n("Concat", {d, c, image}, channels);
    const auto all = n("Concat", {n("Conv", {left, n.random({2, 6, 1, 1})}), right}, channels);
    const std::string text = lowered(n.with_output(n("GlobalAveragePool", {all})));
    BOOST_TEST(text.starts_with("input<2, 4, 4>, conv2d<3, window<1>, no_bias>, graph<"), text);
    BOOST_TEST(text.ends_with(">, global_average_pool"), text);
}

BOOST_AUTO_TEST_CASE(several_outputs_have_names) {
    model m;
    const auto x = m.input({1, 4}), seen = m("Tanh", {dense(m, x, 4, 5)});
    const auto policy = m("Softmax", {dense(m, seen, 5, 3)}, {{"axis", std::int64_t{1}}}), value = dense(m, seen, 5, 1);
    graph whole = m.with_output(policy);
    whole.outputs.push_back({value, {1, 1}, false});
    whole.outputs.push_back({x, {1, 4}, false});
    BOOST_TEST(
        lowered(whole) ==
        "input<4>, graph<node<\"Tanh1_0\", from<\"input\">, dense<5, tanh>>, node<\"Softmax3_0\", from<\"Tanh1_0\">, "
        "dense<3, softmax>>, node<\"Gemm4_0\", from<\"Tanh1_0\">, dense<1>>, outputs<\"Softmax3_0\", \"Gemm4_0\", "
        "\"input\">>");
    // One value twice, and in another shape.
    model n;
    const auto y = n("Relu", {n.input({1, 4})});
    graph twice = n.with_output(y);
    twice.outputs.push_back({y, {1, 4}, false});
    BOOST_TEST(lowered(twice) ==
               "input<4>, graph<node<\"Relu0_0\", from<\"input\">, activation<relu>>, "
               "node<\"Relu0_0_2\", from<\"Relu0_0\">>, outputs<\"Relu0_0\", \"Relu0_0_2\">>");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_put_together) {
    for (const std::string op : {"Max", "Min", "Pow"}) {
        model m;
        const auto x = m.input({2, 3});
        BOOST_TEST(refusal_of(m.with_output(m(op, {x, m("Relu", {x})}))) ==
                   "node \"" + op + "1\" (" + op +
                       "): it combines two non-constant values, which ctnn does only with Add, Sub, Mul, Div, Concat "
                       "and MatMul");
    }
}

BOOST_AUTO_TEST_CASE(outputs_that_cannot_be) {
    model m;
    const auto x = m.input({2, 3});
    graph two = m.with_output(m("Relu", {x}));
    two.outputs.push_back({"x0", {2, 3}, true});
    BOOST_TEST(
        refusal_of(two) ==
        "the output \"x0\" holds integers; the model has 2 outputs, \"Relu0.0\", \"x0\": --take NAME chooses one");
    const auto c = m("Relu", {m.random({3})});
    BOOST_TEST(refusal_of(m.with_output(c)) == "the output \"" + c + "\" does not depend on the input");
    model n;
    const auto symbols = n.input({3}, true);
    const auto moved = n("Reshape", {symbols, n.constant(ints{3, 1})});
    BOOST_TEST(refusal_of(n.with_output(moved)) == "the output \"" + moved + "\" holds integers");
}

BOOST_AUTO_TEST_CASE(integers_are_moved_and_not_computed_with) {
    model m;
    const auto x = m.input({2, 3}, true);
    const auto moved = m("Transpose", {m("Reshape", {x, m.constant(ints{3, 2})})});
    const auto y = m("Gather", {m.random({2, 4}), moved});
    BOOST_TEST(lowered(m.with_output(y)) == "input<3, 2>, permute<1, 0>, flatten, embedding<2, 4>, reshape<2, 3, 4>");
    lowered(m.with_output(m("Cast", {x}, {{"to", std::int64_t{1}}})));
    model n;
    const auto z = n.input({2}, true);
    BOOST_TEST(
        refusal_of(n.with_output(n("Cast", {n("Div", {z, n.constant(ints{2, 2})})}, {{"to", std::int64_t{1}}}))) ==
        "node \"Div0\" (Div): it computes with integers that are not constants");
    model o;
    const auto whole = o("Cast", {o.input({2})}, {{"to", std::int64_t{7}}});
    BOOST_TEST(refusal_of(o.with_output(o("Cast", {whole}, {{"to", std::int64_t{1}}}))) ==
               "node \"Cast0\" (Cast): it casts floating point to another type than float and double");
}

BOOST_AUTO_TEST_CASE(an_operator_that_ctnn_has_not) {
    model m;
    BOOST_TEST(refusal_of(m.with_output(m("Floor", {m.input({2})}))) ==
               "node \"Floor0\" (Floor): ctnn has no layer for this operator");
}

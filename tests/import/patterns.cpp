// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE import_patterns
#include "lower_support.hpp"

// Functions that exporters write as several operators, and graphs that only look like them.

using namespace lower_test;

namespace {

/// The network of f(x) for an x of these extents, after the steps that exporters' graphs need.
std::string text_of_function(const std::function<std::string(model&, const std::string&)>& f,
                             const extents& dims = {2, 3}, double tolerance = 1e-7) {
    model m;
    graph whole = m.with_output(f(m, m.input(dims)));
    const auto inputs = random_inputs(whole, 5);
    const array expected = evaluate(whole, inputs).at(whole.outputs[0].name);
    fold_constants(whole);
    recognise_patterns(whole);
    BOOST_TEST(near(evaluate(whole, inputs).at(whole.outputs[0].name), expected, 1e-6, 1e-7));
    return lowered(whole, tolerance);
}

std::string number(model& m, double x) {
    return m.constant({}, {x});
}

}  // namespace

BOOST_AUTO_TEST_CASE(gelu_by_the_error_function) {
    const auto one = [](model& m, const std::string& x, double half, double root) {
        const auto erf = m("Erf", {m("Div", {x, number(m, root)})});
        return m("Mul", {m("Mul", {x, m("Add", {erf, number(m, 1)})}), number(m, half)});
    };
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) { return one(m, x, 0.5, double{1.41421354f}); }) ==
               "input<2, 3>, activation<gelu>");
    // Another form: x multiplied by the half, and the root as a factor.
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   const auto erf = m("Erf", {m("Mul", {number(m, double{0.707106769f}), x})});
                   return m("Mul", {m("Add", {number(m, 1), erf}), m("Mul", {x, number(m, 0.5)})});
               }) == "input<2, 3>, activation<gelu>");
    // Nearly.
    for (const auto& [half, root] : {std::pair{0.5, 1.4}, {0.49, 1.41421354}}) {
        model m;
        graph whole = m.with_output(one(m, m.input({2, 3}), half, root));
        recognise_patterns(whole);
        BOOST_TEST(refusal_of(whole).find("(Erf): ctnn has no layer for this operator") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(gelu_by_the_hyperbolic_tangent) {
    const auto one = [](model& m, const std::string& x, double cubic) {
        const auto cube = m("Mul", {number(m, cubic), m("Pow", {x, number(m, 3)})});
        const auto inner = m("Mul", {m("Add", {x, cube}), number(m, double{0.797884583f})});
        return m("Mul", {m("Mul", {number(m, 0.5), x}), m("Add", {m("Tanh", {inner}), number(m, 1)})});
    };
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) { return one(m, x, double{0.044715f}); }) ==
               "input<2, 3>, activation<gelu_tanh>");
    // With another constant it is another function, built from existing layers.
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) { return one(m, x, 0.05); }).find("gelu") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(x_times_a_sigmoid) {
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Mul", {x, m("Sigmoid", {x})});
               }) == "input<2, 3>, activation<silu>");
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Mul", {x, m("Sigmoid", {m("Mul", {x, number(m, 1.702)})})});
               }) == "input<2, 3>, product<branch<>, branch<scale<sigmoid>>>");
    // A gate is not silu.
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Mul", {m("Tanh", {x}), m("Sigmoid", {x})});
               }) == "input<2, 3>, product<branch<activation<tanh>>, branch<activation<sigmoid>>>");
}

BOOST_AUTO_TEST_CASE(hard_swish_and_hard_sigmoid) {
    const attributes sixth{{"alpha", double{1.0f / 6}}};
    const auto clipped = [](model& m, const std::string& x) {
        return m("Clip", {m("Add", {x, number(m, 3)}), number(m, 0), number(m, 6)});
    };
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                   return m("Mul", {x, m("HardSigmoid", {x}, sixth)});
               }) == "input<2, 3>, activation<hard_swish>");
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                   return m("Div", {m("Mul", {x, clipped(m, x)}), number(m, 6)});
               }) == "input<2, 3>, activation<hard_swish>");
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                   return m("Mul", {x, m("Div", {clipped(m, x), number(m, 6)})});
               }) == "input<2, 3>, activation<hard_swish>");
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                   return m("Tanh", {m("Div", {clipped(m, x), number(m, 6)})});
               }) == "input<2, 3>, activation<hard_sigmoid>, activation<tanh>");
}

BOOST_AUTO_TEST_CASE(softsign_and_softplus) {
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Div", {x, m("Add", {m("Abs", {x}), number(m, 1)})});
               }) == "input<2, 3>, activation<softsign>");
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Log", {m("Add", {number(m, 1), m("Exp", {x})})});
               }) == "input<2, 3>, activation<softplus>");
}

BOOST_AUTO_TEST_CASE(bounds_behind_bounds) {
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Min", {m("Max", {x, number(m, 0)}), number(m, 6)});
               }) == "input<2, 3>, activation<relu6>");
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Clip", {m("Relu", {x}), "", number(m, 0.5)});
               }) == "input<2, 3>, activation<clip<std::ratio<0>, std::ratio<1, 2>>>");
    BOOST_TEST(text_of_function([](model& m, const std::string& x) {
                   return m("Max", {m("Min", {number(m, -0.5), x}), number(m, -0.25)});
               }) == "input<2, 3>, activation<clip<std::ratio<-1, 4>, std::ratio<-1, 4>>>");
}

BOOST_AUTO_TEST_CASE(layer_normalisation_in_its_parts) {
    const auto norm = [](model& m, const std::string& x, const ints& axes, const ints& under) {
        const auto d = m("Sub", {x, m("ReduceMean", {x}, {{"axes", axes}})});
        const auto v = m("ReduceMean", {m("Pow", {d, number(m, 2)})}, {{"axes", under}});
        return m("Div", {d, m("Sqrt", {m("Add", {v, number(m, 1e-3)})})});
    };
    const std::string epsilon = "epsilon<std::ratio<1, 1000>>";
    BOOST_TEST(text_of_function(
                   [&](model& m, const std::string& x) {
                       return m("Add", {m("Mul", {norm(m, x, {-1}, {-1}), m.random({4})}), m.random({4})});
                   },
                   {3, 4}) == "input<3, 4>, layer_norm<identity, " + epsilon + ">");
    const auto text = [&](const ints& axes) {
        return text_of_function([&](model& m, const std::string& x) { return norm(m, x, axes, axes); }, {2, 3, 4});
    };
    BOOST_TEST(text({1, 2}).starts_with("input<2, 12>, layer_norm"));
    BOOST_TEST(text({1}).starts_with("input<2, 3, 4>, permute<0, 2, 1>, layer_norm"));
    BOOST_TEST(text({0, 2}).find("layer_norm") != std::string::npos);
    // Multiplied by the reciprocal of the standard deviation, and with the mean in the offset.
    BOOST_TEST(text_of_function(
                   [](model& m, const std::string& x) {
                       const auto mean = m("ReduceMean", {x}, {{"axes", ints{-1}}}), d = m("Sub", {x, mean});
                       const auto v = m("ReduceMean", {m("Mul", {d, d})}, {{"axes", ints{-1}}});
                       const auto r = m("Reciprocal", {m("Sqrt", {m("Add", {v, number(m, 1e-3)})})});
                       return m("Mul", {r, d});
                   },
                   {3, 4}) == "input<3, 4>, layer_norm<identity, " + epsilon + ">");
    BOOST_TEST(text_of_function(
                   [](model& m, const std::string& x) {
                       const auto mean = m("ReduceMean", {x}, {{"axes", ints{-1}}}), d = m("Sub", {x, mean});
                       const auto v = m("ReduceMean", {m("Mul", {d, d})}, {{"axes", ints{-1}}});
                       const auto r = m("Reciprocal", {m("Sqrt", {m("Add", {v, number(m, 1e-3)})})});
                       const auto g = m("Mul", {r, m.random({4})});
                       return m("Add", {m("Mul", {x, g}), m("Sub", {m.random({4}), m("Mul", {mean, g})})});
                   },
                   {3, 4}) == "input<3, 4>, layer_norm<identity, " + epsilon + ">");
    // The variance over other axes than the mean: not a normalisation.
    model m;
    graph whole = m.with_output(norm(m, m.input({3, 3}), {0}, {1}));
    recognise_patterns(whole);
    BOOST_TEST(lowered(whole).find("sqrt") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(root_mean_squares) {
    // By hand, and as an operator of opset 23.
    const auto by_hand = text_of_function(
        [](model& m, const std::string& x) {
            const auto mean = m("ReduceMean", {m("Pow", {x, number(m, 2)})}, {{"axes", ints{-1}}});
            return m("Mul", {x, m("Reciprocal", {m("Sqrt", {m("Add", {mean, number(m, 1e-3)})})})});
        },
        {3, 4});
    BOOST_TEST(by_hand.find("global_average_pool") != std::string::npos, by_hand);
    model m(23);
    BOOST_TEST(simplified(m.with_output(m("RMSNormalization", {m.input({3, 4}), m.random({4})})))
                   .find("global_average_pool") != std::string::npos);
    model n(23);
    simplified(n.with_output(
        n("RMSNormalization", {n.input({1, 3, 4}), n.random({3, 1})}, {{"axis", std::int64_t{1}}, {"epsilon", 0.5}})));
}

BOOST_AUTO_TEST_CASE(statistics_of_a_normalisation) {
    for (const std::size_t output : {1U, 2U}) {
        model m(17);
        const auto all = m.nodes("LayerNormalization", {m.input({2, 3, 4}), m.random({3, 4}), m.random({3, 4})}, 3,
                                 {{"axis", std::int64_t{1}}});
        simplified(m.with_output(all[output]));
    }
}

BOOST_AUTO_TEST_CASE(softmax_in_its_parts) {
    const auto powers = [](model& m, const std::string& x) {
        const auto e = m("Exp", {x});
        return m("Div", {e, m("ReduceSum", {e, m.constant(ints{-1})})});
    };
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) { return powers(m, x); }) ==
               "input<2, 3>, activation<softmax>");
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                   return powers(m, m("Sub", {x, m("ReduceMax", {x}, {{"axes", ints{1}}})}));
               }) == "input<2, 3>, activation<softmax>");
    BOOST_TEST(text_of_function([&](model& m, const std::string& x) { return m("Log", {powers(m, x)}); }) ==
               "input<2, 3>, activation<log_softmax>");
    // The sum of another axis makes no softmax of the rows.
    const auto columns = text_of_function([](model& m, const std::string& x) {
        const auto e = m("Exp", {x});
        return m("Div", {e, m("ReduceSum", {e, m.constant(ints{0, 1})})});
    });
    BOOST_TEST(columns.find("softmax") == std::string::npos, columns);
}

BOOST_AUTO_TEST_CASE(masks_before_a_softmax) {
    const double hidden = -std::numeric_limits<double>::infinity();
    const auto added = text_of_function(
        [&](model& m, const std::string& x) {
            return m("Softmax", {m("Add", {x, m.constant({2, 2}, {0, hidden, 0, 0})})});
        },
        {2, 2});
    BOOST_TEST(added == "input<4>, scale<>, reshape<2, 2>, activation<softmax>");
    const auto chosen = text_of_function(
        [&](model& m, const std::string& x) {
            const auto seen = m("Cast", {m.constant(ints{1, 0, 1})}, {{"to", std::int64_t{9}}});
            const auto y = m("Softmax", {m("Where", {seen, x, m.constant({}, {-3.4e38})})});
            // PyTorch guards against rows without anything.
            return m("Where", {m("IsNaN", {y}), number(m, 0), y});
        },
        {2, 3});
    BOOST_TEST(chosen == "input<2, 3>, scale<softmax, axis<1>>");
    // A triangle of ones, and what is not in it hidden.
    const auto causal = text_of_function(
        [&](model& m, const std::string& x) {
            const auto ones = m("Trilu", {m.constant({3, 3}, std::vector<double>(9, 1))}, {{"upper", std::int64_t{0}}});
            const auto seen = m("Cast", {ones}, {{"to", std::int64_t{9}}});
            return m("Softmax", {m("Where", {seen, x, m.constant({}, {hidden})})});
        },
        {3, 3});
    BOOST_TEST(causal == "input<9>, scale<>, reshape<3, 3>, activation<softmax>");
}

BOOST_AUTO_TEST_CASE(choices_by_a_comparison) {
    const auto text = [](const std::string& op, bool first, const std::function<std::string(model&, std::string)>& yes,
                         const std::function<std::string(model&, std::string)>& no) {
        return text_of_function([&](model& m, const std::string& x) {
            const auto zero = number(m, 0), condition = first ? m(op, {x, zero}) : m(op, {zero, x});
            return m("Where", {condition, yes(m, x), no(m, x)});
        });
    };
    const auto same = [](model&, const std::string& x) { return x; };
    const auto nothing = [](model& m, const std::string&) { return number(m, 0); };
    const auto fifth = [](model& m, const std::string& x) { return m("Mul", {number(m, 0.2), x}); };
    const auto power = [](model& m, const std::string& x) { return m("Sub", {m("Exp", {x}), number(m, 1)}); };
    const std::string relu = "input<2, 3>, activation<relu>",
                      leaky = "input<2, 3>, activation<leaky_relu_with<std::ratio<1, 5>>>";
    BOOST_TEST(text("Greater", true, same, nothing) == relu);
    BOOST_TEST(text("GreaterOrEqual", true, same, nothing) == relu);
    BOOST_TEST(text("Less", true, nothing, same) == relu);
    BOOST_TEST(text("Less", false, same, nothing) == relu);
    BOOST_TEST(text("LessOrEqual", false, same, fifth) == leaky);
    BOOST_TEST(text("Greater", false, fifth, same) == leaky);
    BOOST_TEST(text("Greater", true, same, power) == "input<2, 3>, activation<elu>");
    BOOST_TEST(text("Greater", true, nothing, same) == "input<2, 3>, activation<clip<unbounded, std::ratio<0>>>");
    // What is not one of them stays, and is refused.
    model m;
    const auto x = m.input({3});
    graph whole = m.with_output(m("Where", {m("Greater", {x, number(m, 0)}), x, m("Neg", {m("Tanh", {x})})}));
    recognise_patterns(whole);
    BOOST_TEST(refusal_of(whole) ==
               "node \"Greater0\" (Greater): it compares computed values, and is not part of a Relu, LeakyRelu, Elu or "
               "Clip");
}

BOOST_AUTO_TEST_CASE(choices_by_a_constant) {
    const auto text = text_of_function([](model& m, const std::string& x) {
        const auto seen = m("Cast", {m.constant(ints{1, 0, 1})}, {{"to", std::int64_t{9}}});
        return m("Where", {seen, m("Tanh", {x}), m("Sigmoid", {x})});
    });
    BOOST_TEST(text.find("sum<") != std::string::npos, text);
    for (const bool first : {true, false})
        BOOST_TEST(text_of_function([&](model& m, const std::string& x) {
                       const auto seen = m("Cast", {m.constant(ints{1, 0, 1})}, {{"to", std::int64_t{9}}});
                       const auto five = m.constant({2, 1}, {5, 6});
                       return first ? m("Where", {seen, x, five}) : m("Where", {seen, five, x});
                   }).starts_with("input<"));
}

BOOST_AUTO_TEST_CASE(products_by_an_equation) {
    const auto text = [](const std::string& equation, const extents& a, const extents& b, bool constant = true) {
        model m(12);
        const auto x = m.input(a);
        const auto other = constant ? m.random(b) : m("Tanh", {m("Reshape", {x, m.constant(b)})});
        return simplified(m.with_output(m("Einsum", {x, other}, {{"equation", equation}})));
    };
    BOOST_TEST(text("ij,jk->ik", {2, 3}, {3, 4}) == "input<2, 3>, dense<4, identity, no_bias>");
    BOOST_TEST(text("ij,kj->ik", {2, 3}, {4, 3}) == "input<2, 3>, dense<4, identity, no_bias>");
    for (const bool constant : {true, false}) {
        text("bij,bjk->bik", {2, 3, 4}, {2, 4, 3}, constant);
        text("ij,ik->jk", {2, 3}, {2, 3}, constant);
        text("i,j->ij", {3}, {3}, constant);
        text("bhqd,bhkd->bhqk", {1, 2, 3, 4}, {1, 2, 3, 4}, constant);
        text("ij,kl->i", {2, 3}, {3, 2}, constant);
    }
    for (const std::string equation : {"ij->ji", "ij->j", "ij->ij"}) {
        model m(12);
        simplified(m.with_output(m("Einsum", {m.input({2, 3})}, {{"equation", equation}})));
    }
    model m(12);
    const auto x = m.input({2, 2});
    graph whole = m.with_output(m("Einsum", {x, x, x}, {{"equation", std::string("ij,jk,kl->il")}}));
    recognise_patterns(whole);
    BOOST_TEST(refusal_of(whole).find("(Einsum): ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reductions_of_functions) {
    for (const std::string op : {"ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceMin", "ReduceLogSumExp"})
        for (const std::int64_t keep : {0, 1}) {
            model m(18);
            simplified(
                m.with_output(m(op, {m.input({2, 3, 4}), m.constant(ints{1})}, {{"keepdims", std::int64_t{keep}}})));
            model n(13);
            simplified(n.with_output(n(op, {n.input({2, 3})}, {{"axes", ints{1}}, {"keepdims", std::int64_t{keep}}})));
        }
    for (const std::int64_t power : {1, 2}) {
        model m(13);
        simplified(m.with_output(m("LpNormalization", {m.input({2, 3})}, {{"p", power}})));
    }
    for (const double alpha : {1.0, 2.0}) {
        model m(13);
        simplified(m.with_output(m("Celu", {m.input({2, 3})}, {{"alpha", alpha}})));
        model n(24);
        simplified(n.with_output(n("Swish", {n.input({2, 3})}, {{"alpha", alpha}})));
    }
}

BOOST_AUTO_TEST_CASE(layers_that_take_all_before_them) {
    model m;
    const auto x = m.input({1, 2, 4, 4});
    const attributes channels{{"axis", std::int64_t{1}}};
    const auto a = m("Conv", {x, m.random({1, 2, 1, 1})});
    const auto b = m("Conv", {m("Concat", {x, a}, channels), m.random({1, 3, 1, 1})});
    const auto c = m("Conv", {m("Concat", {x, a, b}, channels), m.random({1, 4, 1, 1})});
    const graph whole = m.with_output(m("Concat", {x, a, b, c}, channels));
    BOOST_TEST(lowered(whole).starts_with("input<2, 4, 4>, graph<"));
    const std::string layer = "conv2d<1, window<1>, no_bias>", part = "concatenate<branch<>, branch<" + layer + ">>";
    BOOST_TEST(simplified(whole) == "input<2, 4, 4>, " + part + ", " + part + ", " + part);
}

BOOST_AUTO_TEST_CASE(values_that_others_take_too_stay) {
    model m;
    const auto x = m.input({2, 3}), s = m("Sigmoid", {x});
    simplified(m.with_output(m("Add", {m("Mul", {x, s}), s})));
    const auto t = m("Tanh", {x});
    graph whole = m.with_output(m("Mul", {t, m("Sigmoid", {t})}));
    recognise_patterns(whole);
    BOOST_TEST(whole.nodes.size() == 2u);
}

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

BOOST_AUTO_TEST_CASE(layers_that_take_all_before_them) {
    model m;
    const auto x = m.input({1, 2, 4, 4});
    const attributes channels{{"axis", std::int64_t{1}}};
    const auto a = m("Conv", {x, m.random({1, 2, 1, 1})});
    const auto b = m("Conv", {m("Concat", {x, a}, channels), m.random({1, 3, 1, 1})});
    const auto c = m("Conv", {m("Concat", {x, a, b}, channels), m.random({1, 4, 1, 1})});
    const graph whole = m.with_output(m("Concat", {x, a, b, c}, channels));
    BOOST_TEST(refusal_of(whole).find("the branches are not nested") != std::string::npos);
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

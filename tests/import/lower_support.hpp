// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Builds graphs in code, and compares the lowered network with what the graph computes.

#include "evaluate_ctnn/interpret.hpp"
#include "evaluate_onnx/evaluate.hpp"
#include "lower/lower.hpp"
#include "simplify/simplify.hpp"
#include "spec/spec_layer.hpp"
#include "write/write.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace lower_test {

using ctnn_import::array;
using ctnn_import::attribute;
using ctnn_import::extents;
using ctnn_import::graph;
using ctnn_import::node;

using ints = std::vector<std::int64_t>;
using attributes = std::map<std::string, attribute>;

/// Builds a graph node by node; each call returns the names of its outputs.
class model {
  public:
    explicit model(std::int64_t opset = 13) : opset_(opset) {}

    std::string input(const extents& dims, bool integers = false) {
        const std::string name = "x" + std::to_string(graph_.inputs.size());
        graph_.inputs.push_back({name, dims, integers});
        return name;
    }
    std::string constant(const extents& dims, std::vector<double> numbers) {
        return constant({dims, std::move(numbers)});
    }
    std::string constant(const ints& numbers) {
        return constant({{static_cast<std::int64_t>(numbers.size())}, numbers});
    }
    /// Random values from low to high.
    std::string random(const extents& dims, double low = -1, double high = 1) {
        std::vector<double> numbers(static_cast<std::size_t>(ctnn_import::count(dims)));
        for (double& number : numbers) number = low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
        return constant(dims, std::move(numbers));
    }
    std::vector<std::string> nodes(const std::string& op, const std::vector<std::string>& inputs, std::size_t outputs,
                                   const attributes& with = {}) {
        node what;
        what.op = op;
        what.name = op + std::to_string(graph_.nodes.size());
        what.inputs = inputs;
        for (std::size_t i = 0; i < outputs; ++i) what.outputs.push_back(what.name + "." + std::to_string(i));
        what.attributes = with;
        what.opset = opset_;
        graph_.nodes.push_back(what);
        return what.outputs;
    }
    std::string operator()(const std::string& op, const std::vector<std::string>& inputs, const attributes& with = {}) {
        return nodes(op, inputs, 1, with)[0];
    }
    /// With shapes, which are those of the computed values.
    graph with_output(const std::string& name) const {
        graph whole = graph_;
        for (const auto& [value, numbers] : evaluate(whole, random_inputs(whole, 1))) {
            whole.shapes[value] = numbers.dims;
            if (value == name) whole.outputs = {{name, numbers.dims, numbers.holds_integers()}};
        }
        return whole;
    }

  private:
    std::string constant(array numbers) {
        const std::string name = "c" + std::to_string(graph_.constants.size());
        graph_.constants.emplace(name, std::move(numbers));
        return name;
    }

    graph graph_;
    std::int64_t opset_;
    std::mt19937_64 engine_{7};
};

inline std::string text_of(const ctnn_import::network& net) {
    const auto extents_text = [](const extents& dims) {
        std::string text;
        for (std::size_t i = 0; i < dims.size(); ++i) text += (i ? ", " : "") + std::to_string(dims[i]);
        return text;
    };
    std::string all = "input<" + extents_text(net.input) + ">";
    if (!net.layers.empty() && !net.layers[0].inputs.empty()) {
        all = "inputs<";
        for (const auto& input : net.layers[0].inputs)
            all += (all.back() == '<' ? "" : ", ") + input.name + ": " + extents_text(input.dims);
        all += ">";
    }
    for (const auto& layer : net.layers) all += ", " + spec_text(layer);
    for (std::size_t at = all.find("ctnn::"); at != all.npos; at = all.find("ctnn::")) all.erase(at, 6);
    return all;
}

/// Checks that a layer agrees with its spec in shape, parameters and multiply-accumulates.
inline void check_spec(const ctnn_import::layer& layer) {
    using boost::test_tools::per_element;
    const std::string text = spec_text(layer);
    // Such pools are accepted from models only.
    if (text.find("ceil_mode") != text.npos && text.find("padding") != text.npos) return;
    BOOST_TEST_CONTEXT(text) {
        const ctnn_import::layer same = layer_of_spec(ctnn_import::parse_spec(text), layer.input, layer.inputs);
        BOOST_TEST(same.kind == layer.kind);
        BOOST_TEST(same.output == layer.output, per_element());
        BOOST_TEST(same.multiply_accumulates == layer.multiply_accumulates);
        BOOST_REQUIRE(same.parameters.size() == layer.parameters.size());
        for (std::size_t i = 0; i < same.parameters.size(); ++i) {
            BOOST_TEST(same.parameters[i].name == layer.parameters[i].name);
            BOOST_TEST(same.parameters[i].dims == layer.parameters[i].dims, per_element());
        }
    }
}

/// Checks that the shapes of the layers fit their specs and one another, in branches too.
inline void check_shapes(const ctnn_import::chain& layers, extents shape, const extents& output) {
    for (const auto& layer : layers) {
        BOOST_TEST(layer.input == shape, boost::test_tools::per_element());
        check_spec(layer);
        for (std::size_t i = 0; i < layer.branches.size(); ++i) {
            const auto& branch = layer.branches[i];
            const bool is_node = layer.kind == "graph";
            if (layer.kind != "bidirectional" && !branch.empty())
                check_shapes(branch, is_node ? layer.sources[i].shape : layer.input, branch.back().output);
        }
        shape = layer.output;
    }
    BOOST_TEST(shape == output, boost::test_tools::per_element());
}

/// The network of a graph as text, after checking that it computes the same. Floats that become ratios, such as 0.2f
/// and 1/5, differ by more than 1e-9.
inline std::string lowered(const graph& whole, double tolerance = 1e-9) {
    const ctnn_import::network net = lower(whole);
    check_shapes(net.layers, net.input, net.output);
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        auto inputs = random_inputs(whole, seed);
        std::vector<double> x;
        for (const auto& input : whole.inputs) {
            array& given = inputs.at(input.name);
            if (given.holds_integers()) {
                x.insert(x.end(), given.integers().begin(), given.integers().end());
                continue;
            }
            for (double& number : given.reals()) number *= 3;
            x.insert(x.end(), given.reals().begin(), given.reals().end());
        }
        const auto values = evaluate(whole, inputs);
        std::vector<double> expected;
        for (const auto& output : whole.outputs) {
            const std::vector<double>& one = values.at(output.name).reals();
            expected.insert(expected.end(), one.begin(), one.end());
        }
        const auto outputs = interpret(net.layers, x);
        const std::vector<double>& found = outputs.empty() ? x : outputs.back();
        BOOST_REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            BOOST_TEST(std::abs(found[i] - expected[i]) <= tolerance * std::max(1.0, std::abs(expected[i])),
                       text_of(net) << ": output " << i << " is " << found[i] << " and not " << expected[i]);
    }
    return text_of(net);
}

/// The same after the patterns of exporters have been recognised.
inline std::string simplified(graph whole) {
    const auto inputs = random_inputs(whole, 5);
    const array expected = evaluate(whole, inputs).at(whole.outputs[0].name);
    recognise_patterns(whole);
    BOOST_TEST(near(evaluate(whole, inputs).at(whole.outputs[0].name), expected, 1e-6, 1e-7));
    return lowered(whole);
}

/// Why a graph is refused.
inline std::string refusal_of(const graph& whole) {
    try {
        lower(whole);
    } catch (const ctnn_import::refusal& reason) { return reason.what(); }
    return "it is not refused";
}

}  // namespace lower_test

// SPDX-License-Identifier: BSL-1.0
#include "read/quantized_operators.hpp"

#include "refusal.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ctnn_import {

namespace {

/// The real operator, how many inputs it takes, and their places: each is followed by scale and zero point.
struct real_form {
    const char* op;
    std::vector<std::size_t> inputs;
    std::size_t output;    ///< of its scale; the zero point follows
    std::size_t bias = 0;  ///< of integers without a scale; 0 for none
};

const std::map<std::string, real_form>& forms() {
    static const std::map<std::string, real_form> table{
        {"QLinearConv", {"Conv", {0, 3}, 6, 8}},
        {"QLinearMatMul", {"MatMul", {0, 3}, 6}},
        {"QGemm", {"Gemm", {0, 3}, 7, 6}},
        {"QLinearAdd", {"Add", {0, 3}, 6}},
        {"QLinearMul", {"Mul", {0, 3}, 6}},
        {"QLinearSigmoid", {"Sigmoid", {0}, 3}},
        {"QLinearLeakyRelu", {"LeakyRelu", {0}, 3}},
        {"QLinearSoftmax", {"Softmax", {0}, 3}},
        {"QLinearAveragePool", {"AveragePool", {0}, 3}},
        {"QLinearGlobalAveragePool", {"GlobalAveragePool", {0}, 3}},
    };
    return table;
}

class converter {
  public:
    converter(const node& of, graph& to) : of_(of), to_(to) {}

    std::vector<node> single(const real_form& form) {
        std::vector<std::string> inputs;
        for (std::size_t i = 0; i < form.inputs.size(); ++i) inputs.push_back(real(form.inputs[i], i == 1));
        if (form.bias > 0 && of_.has_input(form.bias)) inputs.push_back(real_bias(form));
        node computes = made(form.op, of_.name, std::move(inputs), of_.outputs.at(0) + "/real");
        computes.attributes = attributes();
        computes.attributes["of_integers"] = std::int64_t{1};
        nodes_.push_back(std::move(computes));
        quantize(form.output);
        return std::move(nodes_);
    }
    std::vector<node> concatenation() {
        std::vector<std::string> inputs;
        if (of_.inputs.size() < 5 || of_.inputs.size() % 3 != 2)
            of_.refuse("it has " + std::to_string(of_.inputs.size()) + " inputs");
        for (std::size_t i = 2; i < of_.inputs.size(); i += 3) inputs.push_back(real(i, false));
        node computes = made("Concat", of_.name, std::move(inputs), of_.outputs.at(0) + "/real");
        computes.attributes = of_.attributes;
        computes.attributes["of_integers"] = std::int64_t{1};
        nodes_.push_back(std::move(computes));
        quantize(0);
        return std::move(nodes_);
    }

  private:
    node made(const std::string& op, const std::string& name, std::vector<std::string> inputs,
              const std::string& output) const {
        node result;
        result.op = op;
        result.name = name;
        result.inputs = std::move(inputs);
        result.outputs = {output};
        // Softmax is over one axis, and DequantizeLinear takes an axis, from opset 13 on.
        result.opset = std::max<std::int64_t>(of_.opset, 13);
        return result;
    }
    std::map<std::string, attribute> attributes() const {
        std::map<std::string, attribute> result = of_.attributes;
        if (of_.get<std::int64_t>("channels_last", 0) != 0) of_.refuse("its channels are last");
        result.erase("channels_last");
        result.erase("opset");
        return result;
    }
    const std::string& input(std::size_t at) const {
        if (!of_.has_input(at)) of_.refuse("its input " + std::to_string(at) + " is missing");
        return of_.inputs[at];
    }
    /// Real numbers of an input; of weights perhaps with a scale for each channel.
    std::string real(std::size_t at, bool are_weights) {
        std::vector<std::string> inputs{input(at), input(at + 1)};
        if (of_.has_input(at + 2)) inputs.push_back(of_.inputs[at + 2]);
        node one = made("DequantizeLinear", of_.name + "/input " + std::to_string(at), std::move(inputs),
                        of_.outputs.at(0) + "/input " + std::to_string(at));
        const bool rows = of_.op == "QLinearConv" || (of_.op == "QGemm" && of_.get<std::int64_t>("transB", 0) != 0);
        if (are_weights) one.attributes["axis"] = std::int64_t{rows ? 0 : -1};
        nodes_.push_back(std::move(one));
        return nodes_.back().outputs[0];
    }
    /// A bias has the scale of the products.
    std::string real_bias(const real_form& form) {
        const auto constant = [&](std::size_t at) -> const array& {
            const auto found = to_.constants.find(input(at));
            if (found == to_.constants.end()) of_.refuse("its input " + std::to_string(at) + " is no constant");
            return found->second;
        };
        const array &of_input = constant(form.inputs[0] + 1), &of_weights = constant(form.inputs[1] + 1),
                    &bias = constant(form.bias);
        if (of_input.size() != 1 || bias.dims.size() != 1 || of_input.holds_integers() || of_weights.holds_integers() ||
            !bias.holds_integers())
            of_.refuse("its bias is no list of integers, or its scales are no real numbers");
        array scales{{static_cast<std::int64_t>(of_weights.size())}, std::vector<double>{}};
        for (const double scale : of_weights.reals()) scales.reals().push_back(scale * of_input.reals()[0]);
        if (scales.size() == 1) scales.dims.clear();
        const std::string name = of_.outputs.at(0) + "/scale of the bias";
        if (!to_.constants.emplace(name, std::move(scales)).second) of_.refuse("a constant has the name " + name);
        node one =
            made("DequantizeLinear", of_.name + "/bias", {of_.inputs[form.bias], name}, of_.outputs.at(0) + "/bias");
        one.attributes["axis"] = std::int64_t{0};
        nodes_.push_back(std::move(one));
        return nodes_.back().outputs[0];
    }
    void quantize(std::size_t at) {
        std::vector<std::string> inputs{of_.outputs.at(0) + "/real", input(at)};
        if (of_.has_input(at + 1)) inputs.push_back(of_.inputs[at + 1]);
        nodes_.push_back(made("QuantizeLinear", of_.name + "/output", std::move(inputs), of_.outputs.at(0)));
    }

    const node& of_;
    graph& to_;
    std::vector<node> nodes_;
};

}  // namespace

bool is_quantized_operator(const std::string& domain, const std::string& op) {
    const bool is_of_onnx = domain.empty() || domain == "ai.onnx";
    if (op == "QLinearConv" || op == "QLinearMatMul") return is_of_onnx;
    return domain == "com.microsoft" && (op == "QLinearConcat" || forms().contains(op));
}

std::vector<node> with_real_numbers(const node& of, graph& to) {
    if (of.outputs.empty()) of.refuse("it has no output");
    converter convert(of, to);
    return of.op == "QLinearConcat" ? convert.concatenation() : convert.single(forms().at(of.op));
}

}  // namespace ctnn_import

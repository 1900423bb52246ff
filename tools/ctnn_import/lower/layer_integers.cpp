// SPDX-License-Identifier: BSL-1.0
#include "lower/layer_integers.hpp"

#include "lower/integer_limits.hpp"
#include "refusal.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace ctnn_import {

namespace {

bool multiplies(const node& what) {
    return what.op == "Gemm" || what.op == "MatMul" || what.op == "Conv";
}
/// Whether an operator's values have the integers of its input, in another order.
bool moves(const node& what) {
    static const std::set<std::string> all{
        "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Transpose", "Slice",       "Dropout",
        "Pad",     "Cast",    "Split",   "Gather",    "MaxPool",  "Expand",    "AveragePool", "GlobalAveragePool"};
    return all.contains(what.op);
}
bool only_clamps(const std::string& activation) {
    return activation.empty() || activation == "ctnn::relu" || activation == "ctnn::relu6" ||
           activation == "ctnn::identity" || activation.starts_with("ctnn::clip<");
}
bool is_mean(const std::string& kind) {
    return kind == "average_pool1d" || kind == "average_pool2d" || kind == "global_average_pool";
}
/// Kinds that keep the integers of their inputs, or compute with them as they are.
bool keeps_integers(const std::string& kind) {
    static const std::set<std::string> all{"flatten",  "reshape",  "permute",    "reverse",   "slice",
                                           "zero_pad", "upsample", "max_pool1d", "max_pool2d"};
    return all.contains(kind);
}

class layers_of_integers {
  public:
    explicit layers_of_integers(const graph& model) : model_(model) {
        for (const node& what : model.nodes) nodes_[what.name] = &what;
    }

    /// The layers without a form of integers, and those whose integers may be those next to a runtime's.
    const std::vector<std::string>& in_float() const { return in_float_; }
    const std::vector<std::string>& nearly() const { return nearly_; }

    void add(chain& layers, quantization& now) {
        for (std::size_t i = 0; i < layers.size(); ++i) {
            layer& what = layers[i];
            const layer* const next = i + 1 < layers.size() ? &layers[i + 1] : nullptr;
            if (i == 0 || !goes_on(layers[i - 1], &what)) check_input(what, now);
            if (!what.branches.empty()) {
                add_branches(what, next, now);
            } else if (what.is_matrix()) {
                add_matrix(what, now);
            } else if (what.kind == "lstm" || what.kind == "gru") {
                add_recurrent(what);
            } else if (is_mean(what.kind)) {
                what.integers.output = last_of(what).value_or(now);
                check_ratio(what, now, what.integers.output, 0);
                // Of more, sums would not have 32 bits.
                if (what.kind == "global_average_pool" && count(what.input) / count(what.output) > 32768)
                    refuse_integers(what, "it takes means of more than 32768 integers");
            } else if (keeps_integers(what.kind) || is_identity(what)) {
                // Of the layers that implement one operator, only the last has its result.
                if (!goes_on(what, next))
                    if (const auto made = last_of(what); made && *made != now)
                        refuse_integers(what, "its outputs have another scale or zero point than its inputs");
                continue;
            } else if (const auto constant = of_constant(what)) {
                what.integers.output = *constant;
            } else if (next == nullptr && is_negation(what)) {
                // The second term of a difference: with q' = -1 - q and z' = -1 - z, q' - z' is z - q.
                what.integers.output = {now.scales, {-1 - now.zero_points.at(0)}};
            } else {
                const auto made = last_of(what);
                if (!made) refuse_integers(what, "its outputs are no integers");
                if (what.kind == "activation" && !what.arguments.empty() && only_clamps(what.arguments[0]) &&
                    *made != now)
                    refuse_integers(what, "its outputs have another scale or zero point than its inputs");
                what.integers.output = *made;
                if (what.kind == "activation" && is_leaky(what.arguments[0])) check_ratio(what, now, *made, 0);
                if (what.kind == "activation" && !has_exact_rule(what.arguments.empty() ? "" : what.arguments[0]))
                    nearly_.push_back(what.nodes.empty() ? what.kind : what.nodes.back());
                if (what.kind != "activation" && !is_computed_in_float(what))
                    in_float_.push_back(what.nodes.empty() ? what.kind : what.nodes.back());
            }
            now = what.integers.output;
        }
    }

  private:
    /// That nothing changed the quantisation on the way from the layer before.
    void check_input(const layer& what, const quantization& now) const {
        const node* const first = what.nodes.empty() || !what.branches.empty() ? nullptr : find(what.nodes.front());
        // Of several inputs it is not said which this is.
        const auto is_computed = [&](const std::string& name) { return !model_.constants.contains(name); };
        if (first == nullptr || !is_computed(first->inputs[0]) ||
            std::count_if(first->inputs.begin(), first->inputs.end(), is_computed) != 1)
            return;
        if (const auto given = of_value(first->inputs[0]); given && *given != now)
            refuse_integers(what, "its inputs have another scale or zero point than the outputs before it");
    }
    bool is_negation(const layer& what) const {
        const node* const of = what.nodes.empty() ? nullptr : find(what.nodes.back());
        return what.kind == "scale" && what.activation.empty() && of != nullptr && of->op == "Sub" &&
               all_are(what.parameters.at(0), -1) && all_are(what.parameters.at(1), 0);
    }
    /// Of 0 x + b, a term of a sum: the integers of the file's constant.
    std::optional<quantization> of_constant(const layer& what) const {
        const node* const of = what.nodes.size() == 1 ? find(what.nodes[0]) : nullptr;
        if (what.kind != "scale" || of == nullptr || of->op != "Add" || !all_are(what.parameters.at(0), 0))
            return std::nullopt;
        return of_value(of->inputs.at(model_.constants.contains(of->inputs.at(0)) ? 0 : 1));
    }
    static bool all_are(const parameter& of, double number) {
        return std::all_of(of.values.begin(), of.values.end(), [&](double one) { return one == number; });
    }
    /// Whether the file adds or multiplies a constant to real numbers, as the layer does.
    bool is_computed_in_float(const layer& what) const {
        const node* const of = what.nodes.size() == 1 ? find(what.nodes[0]) : nullptr;
        return what.kind == "scale" && what.activation.empty() && of != nullptr && !of->has("of_integers") &&
               (of->op == "Add" || of->op == "Sub" || of->op == "Mul");
    }
    static bool is_identity(const layer& what) {
        return what.kind == "activation" && (what.arguments.empty() || what.arguments[0] == "ctnn::identity");
    }
    static bool goes_on(const layer& what, const layer* next) {
        return next != nullptr && !what.nodes.empty() &&
               std::find(next->nodes.begin(), next->nodes.end(), what.nodes.back()) != next->nodes.end();
    }
    static bool has_exact_rule(const std::string& activation) {
        return only_clamps(activation) || activation == "ctnn::softmax" || is_leaky(activation);
    }
    static bool is_leaky(const std::string& activation) { return activation.starts_with("ctnn::leaky_relu"); }
    const node* find(const std::string& name) const {
        const auto found = nodes_.find(name);
        return found == nodes_.end() ? nullptr : found->second;
    }
    std::optional<quantization> of_value(const std::string& name) const {
        const auto found = model_.quantized.find(name);
        if (found == model_.quantized.end()) return std::nullopt;
        return found->second;
    }
    /// Of the last value that a layer's nodes compute as integers.
    std::optional<quantization> last_of(const layer& what) const {
        for (auto name = what.nodes.rbegin(); name != what.nodes.rend(); ++name)
            if (const node* const one = find(*name))
                if (auto found = of_value(one->first_output())) return found;
        return std::nullopt;
    }

    void add_branches(layer& what, const layer* next, quantization now) {
        if (what.kind != "sum" && what.kind != "concatenate")
            refuse_integers(what, "this kind of layer has no form of integers");
        std::vector<quantization> outputs;
        for (chain& branch : what.branches) {
            outputs.push_back(now);
            add(branch, outputs.back());
        }
        std::optional<quantization> made = last_of(what);
        // A sum whose integers are those after an activation that clamps.
        if (!made && next != nullptr && next->kind == "activation" && !next->arguments.empty() &&
            only_clamps(next->arguments[0]))
            made = last_of(*next);
        if (!made) refuse_integers(what, "its outputs are no integers");
        what.integers.output = *made;
        // The limits of XNNPACK's sums, within which all rules have 32 bits.
        if (what.kind == "sum")
            for (const quantization& one : outputs) check_ratio(what, one, *made, 1.0 / 1024);
    }
    void add_matrix(layer& what, const quantization& now) {
        parameter* const weights = what.find("weights");
        const node* linear = nullptr;
        std::optional<quantization> before, after;
        bool is_linear = true;
        for (const std::string& name : what.nodes) {
            const node* const one = find(name);
            if (one == nullptr) continue;
            if (multiplies(*one)) linear = one;
            if (!multiplies(*one) && one->op != "Add" && !moves(*one)) is_linear = false;
            if (const auto found = of_value(one->first_output())) (is_linear ? before : after) = found;
        }
        if (linear == nullptr || weights == nullptr) refuse_integers(what, "its weights are no integers");
        if (!after) after = before;
        if (!after) refuse_integers(what, "its outputs are no integers");
        if (!only_clamps(what.activation) && !before)
            refuse_integers(what, "its outputs before the activation are no integers");
        if (only_clamps(what.activation) && before && *before != *after)
            refuse_integers(what, "its outputs have another scale or zero point than those before the activation");
        if (only_clamps(what.activation)) before = after;
        if (!has_exact_rule(what.activation)) nearly_.push_back(what.nodes.back());
        if (is_leaky(what.activation)) check_ratio(what, *before, *after, 0);
        what.integers.linear = *before;
        what.integers.output = *after;
        what.integers.scales = scales_of(what, *linear, weights->dims.back());
        check_multiples(what, *weights);
        add_bias(what, now);
        check_sums(what, *weights, now);
    }
    /// The node's gates are i o f c, those of the layer i f c o.
    void add_recurrent(layer& what) {
        const auto made = last_of(what);
        if (!made) refuse_integers(what, "its outputs are no integers");
        what.integers.output = *made;
        const node* recurrent = nullptr;
        for (const std::string& name : what.nodes)
            if (const node* const one = find(name); one != nullptr && one->op == "LSTM") recurrent = one;
        if (recurrent == nullptr || !recurrent->has("cell_scale")) {
            run_in_float(what);
            return;
        }
        const auto scales = [&](std::size_t input) {
            const std::vector<double> given = model_.quantized.at(recurrent->inputs.at(input)).scales;
            return std::vector<double>{given.at(0), given.at(2), given.at(3), given.at(1)};
        };
        what.integers.scales = scales(1);
        what.integers.recurrent_scales = scales(2);
        what.integers.cell = {{recurrent->get<double>("cell_scale", 0)}, {0}};
        what.integers.cell_limit = recurrent->get<std::int64_t>("cell_limit", 0);
        const std::vector<double> steps = scales(3), &bias = what.find("bias")->values;
        for (std::size_t c = 0; c < bias.size(); ++c)
            what.integers.bias.push_back(static_cast<std::int64_t>(std::round(bias[c] / steps[c / (bias.size() / 4)])));
    }
    /// A recurrent layer with an initial state has no form of integers.
    void run_in_float(layer& what) {
        if (what.find("initial_state") == nullptr) {
            const std::int64_t units = what.find("recurrent_weights")->dims.at(0);
            const std::int64_t size = what.kind == "lstm" ? 2 * units : units;
            what.options.push_back("ctnn::initial_state");
            what.parameters.push_back(
                {"initial_state", {size}, std::vector<double>(static_cast<std::size_t>(size), 0)});
        }
        in_float_.push_back(what.nodes.empty() ? what.kind : what.nodes.back());
    }
    std::vector<double> scales_of(const layer& what, const node& linear, std::int64_t channels) const {
        for (const std::string& input : linear.inputs) {
            const auto found = of_value(input);
            if (!found || !model_.constants.contains(input) || model_.constants.at(input).dims.size() < 2) continue;
            const auto count = static_cast<std::int64_t>(found->scales.size());
            if (count != 1 && count != channels)
                refuse_integers(what, "its weights have " + std::to_string(count) + " scales, and " +
                                          std::to_string(channels) + " outputs");
            for (const std::int64_t zero : found->zero_points)
                if (zero != 0) refuse_integers(what, "its weights have the zero point " + std::to_string(zero));
            return found->scales;
        }
        refuse_integers(what, "its weights are no integers");
    }
    static void check_multiples(const layer& what, const parameter& weights) {
        const std::vector<double>& scales = what.integers.scales;
        for (std::size_t i = 0; i < weights.values.size(); ++i) {
            const double steps = weights.values[i] / scales[i % scales.size()];
            if (!(std::abs(steps - std::round(steps)) <= 1e-6) || steps > 127.5 || steps < -128.5)
                refuse_integers(what, "a weight is no multiple of its scale");
        }
    }
    void add_bias(layer& what, const quantization& now) const {
        const auto channels = static_cast<std::size_t>(what.find("weights")->dims.back());
        what.integers.bias.assign(channels, 0);
        const parameter* const bias = what.find("bias");
        if (bias == nullptr) return;
        std::vector<double> steps = bias_scales(what);
        if (steps.empty())
            for (const double scale : what.integers.scales) steps.push_back(now.scales.at(0) * scale);
        for (std::size_t c = 0; c < channels; ++c) {
            const double exact = bias->values[c] / steps[c % steps.size()];
            if (!(std::abs(exact - std::round(exact)) <= 1e-3))
                refuse_integers(what, "a bias is no multiple of the scale of the products");
            if (std::abs(exact) > 0x1p31) refuse_integers(what, "a bias has more than 32 bits");
            what.integers.bias[c] = static_cast<std::int64_t>(std::round(exact));
        }
    }
    /// The scales that the file gives the bias, if it is of integers there.
    std::vector<double> bias_scales(const layer& what) const {
        for (const std::string& name : what.nodes) {
            const node* const one = find(name);
            if (one == nullptr || !(multiplies(*one) || one->op == "Add")) continue;
            for (const std::string& input : one->inputs) {
                const auto constant = model_.constants.find(input);
                if (constant == model_.constants.end() || constant->second.dims.size() != 1) continue;
                if (const auto found = of_value(input)) return found->scales;
            }
        }
        return {};
    }

    const graph& model_;
    std::map<std::string, const node*> nodes_;
    std::vector<std::string> in_float_, nearly_;
};

}  // namespace

void add_integers(const graph& given, network& to) {
    if (given.quantized.empty() || to.layers.empty()) return;
    graph model = given;
    // What is moved and then quantised could have been quantised before.
    for (auto what = model.nodes.rbegin(); what != model.nodes.rend(); ++what)
        if (moves(*what) && what->op.find("Pool") == what->op.npos)
            if (const auto after = model.quantized.find(what->first_output()); after != model.quantized.end())
                model.quantized.emplace(what->inputs[0], after->second);
    if (model.inputs.size() != 1) throw refusal("a model of integers with several inputs is not supported yet");
    // Weights alone, which are multiplied with real numbers.
    const auto input = model.quantized.find(model.inputs[0].name);
    const bool has_values = std::any_of(model.nodes.begin(), model.nodes.end(), [&](const node& what) {
        return model.quantized.contains(what.first_output());
    });
    if (input == model.quantized.end() && !has_values) return;
    quantization now = input == model.quantized.end() ? quantization{} : input->second;
    if (!now.exists()) throw refusal("the model is of integers, and its input is not: its scale is unknown");
    to.quantized_input = now;
    to.has_signed = model.has_signed;
    to.has_unsigned = model.has_unsigned;
    layers_of_integers layers(model);
    layers.add(to.layers, now);
    // Nor from the last layer to the output.
    if (const auto output = model.quantized.find(model.outputs.at(0).name);
        output != model.quantized.end() && output->second != now)
        throw refusal("the model is of integers, and its output has another scale or zero point than the last layer");
    // A line for each, of 80 characters at most.
    for (const std::string& name : layers.in_float())
        to.notes.push_back("in float, not as a runtime computes it: " + name);
    for (const std::string& name : layers.nearly())
        to.notes.push_back("by a table in float, perhaps beside a runtime's: " + name);
}

}  // namespace ctnn_import

// SPDX-License-Identifier: BSL-1.0
#include "spec/spec_layer.hpp"

#include "graph/operator_call.hpp"
#include "refusal.hpp"
#include "spec/spec_options.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ctnn_import {

namespace {

/// The limit on a layer's multiply-accumulates, since the importer evaluates each layer several times.
constexpr std::int64_t most_work = std::int64_t{1} << 36;

/// The source text of a spec, with qualified names.
std::string text_of_term(const spec_term& term) {
    if (term.is_number()) return term.name;
    if (term.name.front() == '"') return term.name;
    std::string text = (term.name == "ratio" ? "std::" : "ctnn::") + term.name;
    if (term.arguments.empty()) return text + (term.has_brackets ? "<>" : "");
    std::string inside;
    for (const spec_term& argument : term.arguments) inside += (inside.empty() ? "" : ", ") + text_of_term(argument);
    return text + "<" + inside + ">";
}

/// Binds a spec to its input shape.
class binding {
  public:
    binding(const spec_term& spec, const extents& input, std::int64_t& room,
            const std::vector<named_shape>& inputs = {})
        : spec_(spec), in_(input), room_(room), inputs_(inputs) {
        made_.kind = spec.name;
        made_.input = made_.output = input;
    }
    layer made() {
        check_arguments(spec_);
        if (in_.empty()) refuse("its input is a scalar");
        if (spec_.name == "residual" || spec_.name == "sum" || spec_.name == "product" || spec_.name == "concatenate" ||
            spec_.name == "matmul")
            branches();
        else if (spec_.name == "bidirectional")
            both_ways();
        else if (spec_.name == "graph")
            graph_of_nodes();
        else
            simple();
        if (made_.output.size() > 8) refuse("its output has more than 8 dimensions");
        for (const std::int64_t extent : made_.output)
            if (extent < 1) refuse("its output is empty");
        limited(made_.output, most_in_spec, "elements in its output");
        return std::move(made_);
    }

  private:
    [[noreturn]] void refuse(const std::string& reason) const {
        throw spec_refusal(spec_.name + ": " + reason, spec_.at);
    }
    /// The product of factors of at least 1; refused above `most`.
    std::int64_t limited(const extents& factors, std::int64_t most, const char* what) const {
        std::int64_t product = 1;
        for (const std::int64_t factor : factors) {
            if (factor > most / product) refuse("it has more than " + std::to_string(most) + ' ' + what);
            product *= factor;
        }
        return product;
    }
    std::int64_t work(const extents& factors) const { return limited(factors, most_work, "multiply-accumulates"); }
    void wants_rank(std::size_t rank) const {
        if (in_.size() != rank)
            refuse("it takes " + std::to_string(rank) + " dimensions, and is given " + text_of(in_));
    }
    const spec_term* option(const std::string& name) const {
        for (const spec_term& one : spec_.arguments)
            if (one.name == name) return &one;
        return nullptr;
    }
    std::int64_t number(std::size_t index) const {
        if (index >= spec_.arguments.size() || !spec_.arguments[index].is_number())
            refuse("its argument " + std::to_string(index) + " is not a number");
        return spec_.arguments[index].number();
    }
    std::int64_t along(const char* name, std::size_t axis, std::int64_t otherwise) const {
        const spec_term* const found = option(name);
        if (found == nullptr) return otherwise;
        const auto numbers = found->numbers();
        if (numbers.empty() || (numbers.size() != 1 && axis >= numbers.size()))
            refuse(std::string(name) + " does not have one value per dimension");
        return numbers[numbers.size() == 1 ? 0 : axis];
    }
    std::size_t feature_axis() const {
        const spec_term* const axis = option("axis");
        const std::size_t at = axis ? static_cast<std::size_t>(axis->numbers().at(0)) : 0;
        if (at >= in_.size()) refuse("there is no axis " + std::to_string(at) + " in " + text_of(in_));
        return at;
    }
    void parameter_of(const char* name, extents dims) {
        // Checked before allocating: no more parameters than the weights file can hold.
        const std::int64_t size = limited(dims, std::numeric_limits<std::int64_t>::max(), "parameters");
        if (size > room_)
            refuse("its parameter " + std::string(name) + " has " + std::to_string(size) +
                   " elements, more than the file has");
        room_ -= size;
        made_.parameters.push_back({name, std::move(dims), std::vector<double>(static_cast<std::size_t>(size))});
    }

    /// Sorts the arguments into the activation, options, and arguments of the kind itself.
    void sort_arguments() {
        static const std::set<std::string> kept{"window", "axis", "pad"};
        const bool rearranges = made_.kind == "slice" || made_.kind.ends_with("_pad") || made_.kind == "activation" ||
                                made_.kind == "dropout";
        const bool features = made_.kind == "scale" || made_.kind == "batch_norm";
        for (const spec_term& one : spec_.arguments) {
            const std::string text = text_of_term(one);
            if (one.is_number() || rearranges || (kept.contains(one.name) && !features))
                made_.arguments.push_back(text);
            else if (is_activation(one.name) && made_.kind != "simple_rnn" && made_.kind != "gru" &&
                     made_.kind != "lstm")
                made_.activation = one.name == "identity" ? "" : text;
            else
                made_.options.push_back(text);
        }
    }

    void simple() {
        sort_arguments();
        const std::string& kind = made_.kind;
        if (kind == "dense")
            dense();
        else if (kind == "conv1d" || kind == "conv2d")
            convolution();
        else if (kind == "conv1d_transpose" || kind == "conv2d_transpose")
            transposed();
        else if (kind == "max_pool1d" || kind == "average_pool1d" || kind == "max_pool2d" || kind == "average_pool2d")
            pool();
        else if (kind == "global_average_pool" || kind == "global_max_pool")
            made_.output = {in_.at(0)};
        else if (kind == "batch_norm" || kind == "scale" || kind == "prelu")
            features();
        else if (kind == "layer_norm") {
            if (!option("no_affine")) {
                made_.multiply_accumulates = count(in_);
                parameter_of("weights", {in_.back()}), parameter_of("bias", {in_.back()});
            }
        } else if (kind == "simple_rnn" || kind == "gru" || kind == "lstm")
            recurrent();
        else if (kind == "embedding") {
            wants_rank(1);
            parameter_of("weights", {number(0), number(1)});
            made_.output = {in_[0], number(1)};
        } else if (kind == "decision_trees") {
            trees();
        } else if (kind == "multi_head_attention") {
            wants_rank(2);
            const std::int64_t width = in_[1];
            if (width % number(0) != 0) refuse("its heads do not divide " + std::to_string(width));
            parameter_of("weights", {width, 3 * width}), parameter_of("bias", {3 * width});
            parameter_of("output_weights", {width, width}), parameter_of("output_bias", {width});
            made_.multiply_accumulates = work({4, in_[0], width, width}) + work({2, in_[0], in_[0], width});
        } else
            rearrange();
    }

    void trees() {
        wants_rank(1);
        const std::int64_t outputs = number(0), count = number(1), splits = number(2);
        const bool one_output = option("one_output_per_tree") != nullptr;
        if (made_.options.size() > (one_output ? 2u : 1u)) refuse("it combines its trees in two ways");
        if (splits < count) refuse("it has fewer splits than trees");
        if (one_output && count % outputs != 0) refuse("its outputs do not divide its trees");
        parameter_of("splits", {splits, 4});
        parameter_of("weights", {splits + count, one_output ? 1 : outputs});
        parameter_of("bias", {outputs});
        made_.output = {outputs};
    }

    void dense() {
        if (in_.size() > 2) refuse("it takes a vector or a sequence, and is given " + text_of(in_));
        parameter_of("weights", {in_.back(), number(0)});
        if (!option("no_bias")) parameter_of("bias", {number(0)});
        made_.output.back() = number(0);
        made_.multiply_accumulates = work({count(in_), number(0)});
    }

    /// The zeros that the option `padding` adds to an axis, or crops.
    std::int64_t padded(std::size_t axis) const {
        const spec_term* const padding = option("padding");
        if (padding == nullptr) return 0;
        const auto& pads = padding->arguments;
        if (pads.empty() || (pads.size() > 1 && axis >= pads.size()))
            refuse("its padding does not have one pad per dimension");
        const auto pad = pads[pads.size() == 1 ? 0 : axis].numbers();
        return pad.size() == 1 ? 2 * pad[0] : pad.at(0) + pad.at(1);
    }
    /// The output's length along an axis, with the padding of the options.
    std::int64_t windows(std::size_t axis, bool pools) const {
        const std::int64_t input = in_[axis + 1], window = along("window", axis, 0),
                           stride = along("stride", axis, pools ? window : 1);
        const std::int64_t reach = along("dilation", axis, 1) * (window - 1) + 1;
        if (window < 1 || stride < 1 || reach < 1) refuse("its window or stride is below 1");
        if (option("same")) return (input + stride - 1) / stride;
        const std::int64_t zeros = option("causal") ? reach - 1 : padded(axis);
        const std::int64_t free = input + zeros - reach;
        if (free < 0) refuse("its window is larger than its input");
        const std::int64_t whole = free / stride + 1;
        // The last window may extend past the end if it starts inside the input.
        return option("ceil_mode") && free % stride != 0 && whole * stride < input ? whole + 1 : whole;
    }
    void convolution() {
        const std::size_t axes = made_.kind == "conv1d" ? 1 : 2;
        wants_rank(axes + 1);
        const std::int64_t filters = number(0), groups = along("groups", 0, 1);
        if (groups < 1 || in_[0] % groups != 0 || filters % groups != 0)
            refuse("its groups do not divide channels and filters");
        extents weights;
        made_.output = {filters};
        for (std::size_t axis = 0; axis < axes; ++axis) {
            weights.push_back(along("window", axis, 0));
            made_.output.push_back(windows(axis, false));
        }
        weights.insert(weights.end(), {in_[0] / groups, filters});
        extents factors = made_.output;
        factors.insert(factors.end(), weights.begin(), weights.end() - 1);
        made_.multiply_accumulates = work(factors);
        parameter_of("weights", weights);
        if (!option("no_bias")) parameter_of("bias", {filters});
    }
    void transposed() {
        const std::size_t axes = made_.kind == "conv1d_transpose" ? 1 : 2;
        wants_rank(axes + 1);
        const std::int64_t filters = number(0), groups = along("groups", 0, 1);
        if (groups < 1 || in_[0] % groups != 0 || filters % groups != 0)
            refuse("its groups do not divide channels and filters");
        made_.output = {filters};
        extents weights;
        for (std::size_t axis = 0; axis < axes; ++axis) {
            const std::int64_t window = along("window", axis, 0), stride = along("stride", axis, 1),
                               more = along("output_padding", axis, 0);
            made_.output.push_back((in_[axis + 1] - 1) * stride - padded(axis) +
                                   along("dilation", axis, 1) * (window - 1) + 1 + more);
            if (made_.output.back() < 1) refuse("its padding leaves no output");
            if (more >= stride) refuse("its output_padding is not below its stride");
            weights.push_back(window);
        }
        weights.insert(weights.end(), {filters / groups, in_[0]});
        parameter_of("weights", weights);
        if (!option("no_bias")) parameter_of("bias", {filters});
        extents factors = weights;
        factors.insert(factors.end(), in_.begin() + 1, in_.end());
        made_.multiply_accumulates = work(factors);
    }
    void pool() {
        const std::size_t axes = made_.kind.ends_with("1d") ? 1 : 2;
        wants_rank(axes + 1);
        if (option("ceil_mode") && option("padding")) refuse("the importer takes ceil_mode only without padding");
        for (std::size_t axis = 0; axis < axes; ++axis) made_.output[axis + 1] = windows(axis, true);
    }
    void features() {
        const std::size_t axis = feature_axis();
        made_.feature_axis = axis;
        made_.multiply_accumulates = count(in_);
        parameter_of("weights", {in_[axis]});
        if (made_.kind != "prelu") parameter_of("bias", {in_[axis]});
        if (made_.kind == "batch_norm")
            parameter_of("running_mean", {in_[axis]}), parameter_of("running_variance", {in_[axis]});
    }
    void recurrent() {
        wants_rank(2);
        const std::int64_t units = number(0), columns = units * (made_.kind == "lstm"  ? 4
                                                                 : made_.kind == "gru" ? 3
                                                                                       : 1);
        const bool before = option("reset_before") != nullptr;
        parameter_of("weights", {in_[1], columns});
        parameter_of("recurrent_weights", {units, before ? 2 * units : columns});
        if (before) parameter_of("candidate_weights", {units, units});
        parameter_of("bias", {columns});
        if (made_.kind == "gru" && !before) parameter_of("recurrent_bias", {columns});
        if (option("initial_state")) parameter_of("initial_state", {(made_.kind == "lstm" ? 2 : 1) * units});
        made_.output = option("last_step") ? extents{units} : extents{in_[0], units};
        made_.multiply_accumulates = work({in_[0], in_[1] + units, columns});
    }

    void rearrange() {
        const std::string& kind = made_.kind;
        if (kind == "positional_encoding") wants_rank(2);
        if (kind == "activation" || kind == "dropout" || kind == "reverse" || kind == "positional_encoding") return;
        if (kind == "flatten")
            made_.output = {count(in_)};
        else if (kind == "reshape")
            made_.output = spec_.numbers();
        else if (kind == "permute") {
            const auto order = spec_.numbers();
            if (order.size() != in_.size()) refuse("its order has another number of dimensions than " + text_of(in_));
            if (std::set<std::int64_t>(order.begin(), order.end()).size() != order.size() ||
                *std::max_element(order.begin(), order.end()) >= static_cast<std::int64_t>(order.size()))
                refuse("each dimension from 0 on has to occur exactly once in its order");
            for (std::size_t i = 0; i < order.size(); ++i) made_.output[i] = in_.at(static_cast<std::size_t>(order[i]));
        } else if (kind == "slice") {
            const std::size_t axis = feature_axis();
            if (number(1) < 0 || number(2) < 1 || number(1) + number(2) > in_[axis])
                refuse("its indices are not in " + text_of(in_));
            made_.output[axis] = number(2);
        } else if (kind == "linear_resize") {
            if (spec_.arguments.size() > 3) refuse("it has its coordinates twice");
            made_.output[feature_axis()] = number(1);
            made_.multiply_accumulates = 2 * limited(made_.output, most_in_spec, "elements in its output");
        } else if (kind.ends_with("_pad") || kind == "upsample") {
            const std::size_t without = in_.size() - spec_.arguments.size();
            if (spec_.arguments.size() > in_.size()) refuse("it has more arguments than dimensions");
            for (std::size_t i = 0; i < spec_.arguments.size(); ++i) {
                std::int64_t& extent = made_.output[without + i];
                const auto numbers =
                    kind == "upsample" ? std::vector<std::int64_t>{number(i)} : spec_.arguments[i].numbers();
                const std::int64_t most = kind == "reflect_pad" ? extent - 1
                                          : kind == "wrap_pad"  ? extent
                                                                : most_in_spec;
                if (kind.ends_with("_pad") && (numbers.at(0) > most || numbers.back() > most))
                    refuse("a pad is longer than its dimension has elements for it");
                extent = kind == "upsample" ? limited({extent, numbers[0]}, most_in_spec, "elements along a dimension")
                                            : extent + numbers.at(0) + numbers.back();
            }
        } else {
            refuse("the importer does not know this layer");
        }
        if ((kind == "flatten" || kind == "reshape") && count(made_.output) != count(in_))
            refuse("it has another number of elements than " + text_of(in_));
    }

    chain chain_of(const std::vector<spec_term>& specs, extents input) const {
        chain layers;
        for (const spec_term& one : specs) {
            layers.push_back(binding(one, input, room_).made());
            input = layers.back().output;
        }
        return layers;
    }
    void branches() {
        const bool residual = spec_.name == "residual";
        if (residual) {
            made_.kind = "sum";
            made_.branches = {{}, chain_of(spec_.arguments, in_)};
        }
        for (const spec_term& one : spec_.arguments) {
            if (residual) break;
            if (one.name == "branch")
                made_.branches.push_back(chain_of(one.arguments, in_));
            else if (one.name == "axis" && made_.kind == "concatenate")
                made_.arguments = {text_of_term(one)};
            else
                refuse("its arguments are branches");
        }
        if (made_.branches.empty()) refuse("it has no branches");
        std::vector<extents> outputs;
        for (const chain& branch : made_.branches) outputs.push_back(branch.empty() ? in_ : branch.back().output);
        const std::size_t axis = option("axis") ? static_cast<std::size_t>(option("axis")->numbers().at(0)) : 0;
        made_.output = combined(made_.kind, outputs, axis);
    }
    /// The shape of what a kind of layer makes of several values, whose multiply-accumulates are counted.
    extents combined(const std::string& kind, const std::vector<extents>& outputs, std::size_t axis) {
        extents result = outputs[0];
        if (kind == "concatenate") {
            for (std::size_t i = 0; i < outputs.size(); ++i) {
                extents others = outputs[i];
                if (axis >= others.size() || others.size() != result.size())
                    refuse("there is no axis " + std::to_string(axis) + " in the output of branch " +
                           std::to_string(i));
                if (i == 0) continue;
                result[axis] += std::exchange(others[axis], outputs[0][axis]);
                if (others != outputs[0]) refuse("the outputs of its branches have different shapes");
            }
        } else if (kind == "matmul") {
            if (outputs.size() != 2 || outputs[0].size() < 2 || outputs[1].size() != outputs[0].size())
                refuse("it takes two branches whose outputs are matrices");
            result.back() = outputs[1].back();
            if (outputs[0].back() != outputs[1][outputs[1].size() - 2] ||
                !std::equal(outputs[0].begin(), outputs[0].end() - 2, outputs[1].begin()))
                refuse("the outputs of its branches, " + text_of(outputs[0]) + " and " + text_of(outputs[1]) +
                       ", cannot be multiplied");
            made_.multiply_accumulates +=
                work({limited(result, most_in_spec, "elements in its output"), outputs[0].back()});
        } else if (std::any_of(outputs.begin(), outputs.end(), [&](const extents& one) { return one != outputs[0]; })) {
            refuse("the outputs of its branches have different shapes");
        } else if (kind == "product") {
            made_.multiply_accumulates += (static_cast<std::int64_t>(outputs.size()) - 1) * count(outputs[0]);
        }
        return result;
    }

    void graph_of_nodes() {
        std::map<std::string, extents> values;
        made_.inputs = inputs_;
        if (inputs_.empty()) values["input"] = in_;
        for (const named_shape& input : inputs_) values[input.name] = input.dims;
        const auto shape_of = [&](const spec_term& from) -> const extents& {
            if (from.name != "from" || from.arguments.size() != 1) refuse("a node takes ctnn::from<\"name\">");
            const auto found = values.find(from.arguments[0].quoted());
            if (found == values.end())
                refuse("there is no value " + from.arguments[0].name + " before the node that takes it");
            return found->second;
        };
        for (const spec_term& one : spec_.arguments) {
            if (one.name == "outputs") {
                for (const spec_term& output : one.arguments) made_.outputs.push_back({output.quoted(), {}});
                continue;
            }
            if (one.name != "node" || one.arguments.size() < 2 || !made_.outputs.empty())
                refuse("its arguments are nodes, and then the outputs");
            node_source source;
            source.name = one.arguments[0].quoted();
            if (values.contains(source.name)) refuse("two values have the name " + one.arguments[0].name);
            const spec_term& taken = one.arguments[1];
            if (taken.name == "from") {
                source.from = {taken.arguments.empty() ? "" : taken.arguments[0].quoted()};
                source.shape = shape_of(taken);
            } else {
                if (taken.name != "sum" && taken.name != "product" && taken.name != "concatenate" &&
                    taken.name != "matmul")
                    refuse(
                        "a node takes one value, or a sum, a product, a concatenation or a matrix product of several");
                source.combination = taken.name;
                std::vector<extents> parts;
                std::size_t axis = 0;
                for (const spec_term& part : taken.arguments) {
                    if (part.name == "axis" && taken.name == "concatenate") {
                        source.arguments = {text_of_term(part)};
                        axis = static_cast<std::size_t>(part.numbers().at(0));
                        continue;
                    }
                    parts.push_back(shape_of(part));
                    source.from.push_back(part.arguments[0].quoted());
                }
                if (parts.empty()) refuse("a node takes nothing");
                source.shape = combined(taken.name, parts, axis);
            }
            made_.branches.push_back(chain_of({one.arguments.begin() + 2, one.arguments.end()}, source.shape));
            values[source.name] = made_.branches.back().empty() ? source.shape : made_.branches.back().back().output;
            made_.sources.push_back(std::move(source));
        }
        if (made_.sources.empty()) refuse("it has no nodes");
        if (made_.outputs.empty()) made_.outputs = {{made_.sources.back().name, {}}};
        std::int64_t size = 0;
        for (named_shape& output : made_.outputs) {
            const auto found = values.find(output.name);
            if (found == values.end()) refuse("there is no value \"" + output.name + "\", which is an output");
            output.dims = found->second;
            size += count(output.dims);
        }
        made_.output = made_.outputs.size() == 1 ? made_.outputs[0].dims : extents{size};
    }

    void both_ways() {
        if (spec_.arguments.size() != 1) refuse("its argument is a recurrent layer");
        const std::string& inner = spec_.arguments[0].name;
        if (inner != "simple_rnn" && inner != "gru" && inner != "lstm") refuse("its argument is a recurrent layer");
        const layer inside = binding(spec_.arguments[0], in_, room_).made();
        // The reverse direction has as many parameters.
        for (const parameter& one : inside.parameters) {
            if (count(one.dims) > room_) refuse("it has more parameters than the file");
            room_ -= count(one.dims);
        }
        layer turn;
        turn.kind = "reverse";
        turn.input = turn.output = in_;
        made_.branches = {{inside}, {turn, inside}};
        if (inside.output.size() == 2) {
            turn.input = turn.output = inside.output;
            made_.branches[1].push_back(turn);
        }
        made_.output.assign(inside.output.begin(), inside.output.end());
        made_.output.back() *= 2;
    }

    const spec_term& spec_;
    extents in_;
    std::int64_t& room_;
    const std::vector<named_shape> inputs_;
    layer made_;
};

}  // namespace

layer layer_of_spec(const spec_term& spec, const extents& input, std::int64_t& room,
                    const std::vector<named_shape>& inputs) {
    return binding(spec, input, room, inputs).made();
}
layer layer_of_spec(const spec_term& spec, const extents& input, const std::vector<named_shape>& inputs) {
    std::int64_t room = most_parameters;
    return layer_of_spec(spec, input, room, inputs);
}

}  // namespace ctnn_import
